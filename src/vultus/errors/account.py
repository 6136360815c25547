"""Users, groups, roles and policies: not there, there already, or not to be changed like this."""

from vultus.errors.base import VultusError


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
