"""Requests that cannot be understood."""

from vultus.errors.base import VultusError


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


class InvalidParameter(VultusError):
    """A parameter of RAM or STS breaks a rule; the code names both (``InvalidParameter.UserName.Length``)."""

    code = "InvalidParameter.{Parameter}"
    status = 400
    remedy = "Change the parameter that the code names."

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.code = f"InvalidParameter.{parameter}"


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


class NeedsTLS(VultusError):
    """The request came in the clear to a port that speaks TLS."""

    code = "InvalidProtocol.NeedSsl"
    status = 400
    remedy = "Use https."

    def __init__(self) -> None:
        super().__init__("Your request is denied as lack of ssl protect: this port speaks HTTPS.")
