"""One error family: each error carries IMM's code, an HTTP status and a message for the caller."""

from math import ceil

from vultus.model.wire import Wire


class AccessDeniedDetail(Wire):
    """Why a caller may not do something, in RAM's words."""

    auth_action: str
    auth_principal_type: str
    auth_principal_owner_id: str
    auth_principal_display_name: str
    no_permission_type: str
    policy_type: str


class VultusError(Exception):
    """An answer that is not the one the caller hoped for.

    Attributes:
        code: IMM's error code, as it goes into the body of the answer.
        status: HTTP status of the answer.
        message: what is wrong and, where it helps, what would be right.
        remedy: what a caller can do about it.
        retry_after: milliseconds after which another try may do; 0 where nobody knows. SDKs wait so long by themselves.
    """

    code = "InternalError"
    status = 500
    retry_after = 0
    remedy = "Try again later; tell whoever runs the server the RequestId, by which its log says more."

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidArgument(VultusError):
    """A parameter is there but cannot be used."""

    code = "InvalidArgument"
    status = 400
    remedy = "Change what the message names."


class MissingParameter(VultusError):
    """A required parameter is absent; the code names it (``MissingProjectName``)."""

    code = "Missing{Parameter}"
    status = 400
    remedy = "Send the parameter that the code names."

    def __init__(self, parameter: str) -> None:
        super().__init__(f"{parameter} is mandatory for this action.")
        self.code = f"Missing{parameter}"


class ResourceNotFound(VultusError):
    """A project, dataset, file, cluster or task that does not exist."""

    code = "ResourceNotFound"
    status = 400
    remedy = "Check the names, and that the right account and server are asked; create what is missing."

    def __init__(self, resource: str) -> None:
        super().__init__(f"The specified resource {resource} is not found.")


class ResourceAlreadyExists(VultusError):
    """A project or dataset of that name exists."""

    code = "ResourceAlreadyExists"
    status = 400
    remedy = "Use what is there, or another name."

    def __init__(self, resource: str) -> None:
        super().__init__(f"The specified resource {resource} already exists.")


class LimitExceeded(VultusError):
    """More than a limit of the project, the dataset or the operation allows."""

    code = "LimitExceededError"
    status = 400
    remedy = "Ask for less, delete something, or raise the limit that the message names."


class ResourceInUse(VultusError):
    """A project or dataset that still holds something cannot be deleted."""

    code = "ResourceInUse"
    status = 409
    remedy = "Delete what is in it first; the message names it."


class LockVersionConflict(VultusError):
    """The caller's MetaLockVersion is not the stored one."""

    code = "Conflict.MetaLockVersion"
    status = 409
    remedy = "Read the cluster again, and decide anew with its MetaLockVersion."

    def __init__(self, sent: int, stored: int) -> None:
        super().__init__(f"MetaLockVersion is {stored}, not {sent}; nothing was changed.")


class CannotUndo(VultusError):
    """A decision that cannot be taken back any more, or not yet."""

    code = "Conflict.Decision"
    status = 409
    remedy = "Undo the decision that the message names first."


class InvalidParameter(VultusError):
    """A parameter of RAM or STS breaks a rule; the code names both (``InvalidParameter.UserName.Length``)."""

    code = "InvalidParameter.{Parameter}"
    status = 400
    remedy = "Change the parameter that the code names."

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.code = f"InvalidParameter.{parameter}"


class EntityNotExist(VultusError):
    """A user, group, role or policy, or something of theirs, is not there; the code names it."""

    code = "EntityNotExist.{Entity}"
    status = 404
    remedy = "Check the name; create what is missing."

    def __init__(self, entity: str, message: str) -> None:
        super().__init__(message)
        self.code = f"EntityNotExist.{entity}"


class EntityAlreadyExists(VultusError):
    """A user, group, role or policy of that name, or something of theirs, is there already; the code names it."""

    code = "EntityAlreadyExists.{Entity}"
    status = 409
    remedy = "Use what is there, or another name."

    def __init__(self, entity: str, message: str) -> None:
        super().__init__(message)
        self.code = f"EntityAlreadyExists.{entity}"


class DeleteConflict(VultusError):
    """A user, group, role or policy that still has something cannot be deleted; the code names both."""

    code = "DeleteConflict.{Entity}"
    status = 409
    remedy = "Take away first what the message names."

    def __init__(self, entity: str, message: str) -> None:
        super().__init__(message)
        self.code = f"DeleteConflict.{entity}"


class QuotaExceeded(VultusError):
    """As many users, groups, roles, policies or keys as there may be; the code names what (``LimitExceeded.User``)."""

    code = "LimitExceeded.{Entity}"
    status = 409
    remedy = "Delete what is no longer needed."

    def __init__(self, entity: str, message: str) -> None:
        super().__init__(message)
        self.code = f"LimitExceeded.{entity}"


class UnknownAction(VultusError):
    """No product here has an operation of that name."""

    code = "InvalidApi.NotFound"
    status = 404
    remedy = "Check the name of the operation, its Version, and that the path is `/`."

    def __init__(self, action: str) -> None:
        super().__init__(f"Specified api {action} is not found, please check your url and method.")


class UnknownVersion(VultusError):
    """No product here has that version."""

    code = "InvalidVersion"
    status = 404
    remedy = "Use a Version that the list of operations has."

    def __init__(self, version: str) -> None:
        super().__init__(f"Specified parameter Version is not valid: {version}.")


class UnsupportedOperation(VultusError):
    """An operation of IMM that Vultus does not offer."""

    code = "UnsupportedOperation"
    status = 501
    remedy = "Do without: the list of operations has those that there are."

    def __init__(self, action: str) -> None:
        super().__init__(f"{action} is an operation of IMM that Vultus does not offer.")


class UnsupportedMethod(VultusError):
    """Neither GET nor POST."""

    code = "UnsupportedHTTPMethod"
    status = 400
    remedy = "Use GET or POST."


class InvalidFormat(VultusError):
    """Format is neither JSON nor XML."""

    code = "InvalidParameter.Format"
    status = 400
    remedy = "Ask for JSON or XML."


class IncompleteSignature(VultusError):
    """The request is not signed, or not with all it takes."""

    code = "IncompleteSignature"
    status = 400
    remedy = "Sign the request with an SDK, or send what the message names."


class InvalidSignatureMethod(VultusError):
    """The request is signed in a way that is not known here."""

    code = "InvalidSignatureMethod"
    status = 400
    remedy = "Sign with an access key: ACS3-HMAC-SHA256, or HMAC-SHA1 with SignatureVersion 1.0."


class SignatureDoesNotMatch(VultusError):
    """The signature is not the one that the secret gives.

    Older SDKs split the message at its colon and read the string to sign after it, so it is always there.
    """

    code = "SignatureDoesNotMatch"
    status = 400
    remedy = "Check the secret; then compare the string to sign in the message with one's own."

    def __init__(self, string_to_sign: str) -> None:
        super().__init__(
            f"Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
        )


class UnknownAccessKey(VultusError):
    """No such access key."""

    code = "InvalidAccessKeyId.NotFound"
    status = 404
    remedy = "Check the key, and that it belongs to this server."

    def __init__(self) -> None:
        super().__init__("Specified access key is not found.")


class InactiveAccessKey(VultusError):
    """The access key is switched off."""

    code = "InvalidAccessKeyId.Inactive"
    status = 400
    remedy = "Use another key, or have this one switched on."

    def __init__(self) -> None:
        super().__init__("Specified access key is disabled.")


class InvalidSecurityToken(VultusError):
    """A session's token came with a key that belongs to no session."""

    code = "InvalidSecurityToken.MismatchWithAccessKey"
    status = 400
    remedy = "Send a token with the key that it was given out with, and a lasting key without any."

    def __init__(self) -> None:
        super().__init__("Specified SecurityToken does not belong to the access key.")


class MissingSecurityToken(VultusError):
    """The access key belongs to a session, and the session's token is not with it."""

    code = "MissingSecurityToken"
    status = 400
    remedy = "Send the token that was given out with the key."

    def __init__(self) -> None:
        super().__init__("SecurityToken is mandatory for this action.")


class MalformedSecurityToken(VultusError):
    """A session's token that was not given out here, or was changed since."""

    code = "InvalidSecurityToken.Malformed"
    status = 400
    remedy = "Send the token as AssumeRole gave it; if the server's master key was lost, ask for a new one."

    def __init__(self) -> None:
        super().__init__("Specified SecurityToken is malformed.")


class ExpiredSecurityToken(VultusError):
    """A session that has ended: its time is over, or its role is gone."""

    code = "InvalidSecurityToken.Expired"
    status = 400
    remedy = "Ask AssumeRole for a new session."


class InvalidTimestamp(VultusError):
    """The time of the request cannot be read."""

    code = "InvalidTimeStamp.Format"
    status = 400
    remedy = "Write the time in UTC as in 2026-11-22T12:56:58Z."


class ExpiredTimestamp(VultusError):
    """The time of the request is more than fifteen minutes from ours."""

    code = "InvalidTimeStamp.Expired"
    status = 400
    remedy = "Set the clock, and sign anew."


class NonceUsed(VultusError):
    """A request with this nonce was seen before."""

    code = "SignatureNonceUsed"
    status = 400
    remedy = "Sign each request anew, with a nonce of its own."

    def __init__(self) -> None:
        super().__init__("Specified signature nonce was used already.")


class ThrottledUser(VultusError):
    """More requests than the limit of a project allows; the header x-acs-retry-after says when there is room again."""

    code = "Throttling.User"
    status = 400
    remedy = "Wait as long as the header x-acs-retry-after says, and ask less often."

    def __init__(self, seconds: float) -> None:
        super().__init__("Request was denied due to user flow control.")
        self.retry_after = max(1, ceil(seconds * 1000))


class MalformedPolicy(VultusError):
    """A policy document that does not follow the policy language; the message names statement and element."""

    code = "MalformedPolicyDocument"
    status = 400
    remedy = "Change the statement that the message names."


class PolicyTooLong(MalformedPolicy):
    """A policy document with more characters than a policy may have."""

    code = "InvalidParameter.PolicyDocument.Length"
    remedy = "Shorten the document, or make two policies of it."

    def __init__(self, characters: int, limit: int) -> None:
        super().__init__(f"The policy document has {characters:,} characters; {limit:,} are the most.")


class PermissionDenied(VultusError):
    """The caller may not do this."""

    code = "NoPermission"
    status = 403
    remedy = "Have the action allowed by a policy; AccessDeniedDetail and `vultus ram explain` say what decided."

    def __init__(self, message: str, detail: AccessDeniedDetail | None = None) -> None:
        super().__init__(message)
        self.detail = detail


class ServiceUnavailable(VultusError):
    """Something that the answer needs is out of reach for now."""

    code = "ServiceUnavailable"
    status = 503
    remedy = "Try again later; if it stays, see the log of the server."


class ServerBusy(ServiceUnavailable):
    """The server has as much to do as it can hold."""

    retry_after = 1000
    remedy = "Try again after as long as the header x-acs-retry-after says."

    def __init__(self) -> None:
        super().__init__("The server has as much to do as it can hold; try again in a moment.")


class ServerStopping(ServiceUnavailable):
    """The server was asked to stop, and waits no longer for what takes so long."""

    retry_after = 1000
    remedy = "Try again after a moment; see first whether it was done."

    def __init__(self) -> None:
        super().__init__("The server is stopping; what was asked for may have been done, or not.")


class NeedsTLS(VultusError):
    """The request came in the clear to a port that speaks TLS."""

    code = "InvalidProtocol.NeedSsl"
    status = 400
    remedy = "Use https."

    def __init__(self) -> None:
        super().__init__("Your request is denied as lack of ssl protect: this port speaks HTTPS.")
