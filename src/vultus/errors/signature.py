"""Requests that nobody is known to have sent."""

from vultus.errors.base import VultusError


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
