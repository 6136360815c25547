"""One error family: each error carries IMM's code, an HTTP status and a message for the caller."""


class VultusError(Exception):
    """An answer that is not the one the caller hoped for.

    Attributes:
        code: IMM's error code, as it goes into the body of the answer.
        status: HTTP status of the answer.
        message: what is wrong and, where it helps, what would be right.
    """

    code = "InternalError"
    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidArgument(VultusError):
    """A parameter is there but cannot be used."""

    code = "InvalidArgument"
    status = 400


class MissingParameter(VultusError):
    """A required parameter is absent; the code names it (``MissingProjectName``)."""

    status = 400

    def __init__(self, parameter: str) -> None:
        super().__init__(f"{parameter} is mandatory for this action.")
        self.code = f"Missing{parameter}"


class ResourceNotFound(VultusError):
    """A project, dataset, file, cluster or task that does not exist."""

    code = "ResourceNotFound"
    status = 400

    def __init__(self, resource: str) -> None:
        super().__init__(f"The specified resource {resource} is not found.")


class ResourceAlreadyExists(VultusError):
    """A project or dataset of that name exists."""

    code = "ResourceAlreadyExists"
    status = 400

    def __init__(self, resource: str) -> None:
        super().__init__(f"The specified resource {resource} already exists.")


class LimitExceeded(VultusError):
    """More than a limit of the project, the dataset or the operation allows."""

    code = "LimitExceededError"
    status = 400


class ResourceInUse(VultusError):
    """A project or dataset that still holds something cannot be deleted."""

    code = "ResourceInUse"
    status = 409


class LockVersionConflict(VultusError):
    """The caller's MetaLockVersion is not the stored one."""

    code = "Conflict.MetaLockVersion"
    status = 409

    def __init__(self, sent: int, stored: int) -> None:
        super().__init__(f"MetaLockVersion is {stored}, not {sent}; nothing was changed.")


class CannotUndo(VultusError):
    """A decision that cannot be taken back any more, or not yet."""

    code = "Conflict.Decision"
    status = 409


class UnknownAction(VultusError):
    """No product here has an operation of that name."""

    code = "InvalidApi.NotFound"
    status = 404

    def __init__(self, action: str) -> None:
        super().__init__(f"Specified api {action} is not found, please check your url and method.")


class UnknownVersion(VultusError):
    """No product here has that version."""

    code = "InvalidVersion"
    status = 404

    def __init__(self, version: str) -> None:
        super().__init__(f"Specified parameter Version is not valid: {version}.")


class UnsupportedOperation(VultusError):
    """An operation of IMM that Vultus does not offer."""

    code = "UnsupportedOperation"
    status = 501

    def __init__(self, action: str) -> None:
        super().__init__(f"{action} is an operation of IMM that Vultus does not offer.")


class UnsupportedMethod(VultusError):
    """Neither GET nor POST."""

    code = "UnsupportedHTTPMethod"
    status = 400


class InvalidFormat(VultusError):
    """Format is neither JSON nor XML."""

    code = "InvalidParameter.Format"
    status = 400


class IncompleteSignature(VultusError):
    """The request is not signed, or not with all it takes."""

    code = "IncompleteSignature"
    status = 400


class InvalidSignatureMethod(VultusError):
    """The request is signed in a way that is not known here."""

    code = "InvalidSignatureMethod"
    status = 400


class SignatureDoesNotMatch(VultusError):
    """The signature is not the one that the secret gives.

    Older SDKs split the message at its colon and read the string to sign after it, so it is always there.
    """

    code = "SignatureDoesNotMatch"
    status = 400

    def __init__(self, string_to_sign: str) -> None:
        super().__init__(
            f"Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
        )


class UnknownAccessKey(VultusError):
    """No such access key."""

    code = "InvalidAccessKeyId.NotFound"
    status = 404

    def __init__(self) -> None:
        super().__init__("Specified access key is not found.")


class InactiveAccessKey(VultusError):
    """The access key is switched off."""

    code = "InvalidAccessKeyId.Inactive"
    status = 400

    def __init__(self) -> None:
        super().__init__("Specified access key is disabled.")


class InvalidSecurityToken(VultusError):
    """A session's token came with a key that belongs to no session."""

    code = "InvalidSecurityToken.MismatchWithAccessKey"
    status = 400

    def __init__(self) -> None:
        super().__init__("Specified SecurityToken does not belong to the access key.")


class InvalidTimestamp(VultusError):
    """The time of the request cannot be read."""

    code = "InvalidTimeStamp.Format"
    status = 400


class ExpiredTimestamp(VultusError):
    """The time of the request is more than fifteen minutes from ours."""

    code = "InvalidTimeStamp.Expired"
    status = 400


class NonceUsed(VultusError):
    """A request with this nonce was seen before."""

    code = "SignatureNonceUsed"
    status = 400

    def __init__(self) -> None:
        super().__init__("Specified signature nonce was used already.")


class PermissionDenied(VultusError):
    """The caller may not do this."""

    code = "NoPermission"
    status = 403


class ServiceUnavailable(VultusError):
    """Something that the answer needs is out of reach for now."""

    code = "ServiceUnavailable"
    status = 503
