"""Projects, datasets, files, people and tasks: not there, there already, or not to be changed like this."""

from vultus.errors.base import VultusError


class ResourceNotFound(VultusError):
    """A project, dataset, file, cluster or task that does not exist.

    Attributes:
        resource: what it is, in IMM's words.
    """

    code = "ResourceNotFound"
    status = 400
    remedy = "Check the names, and that the right account and server are asked; create what is missing."

    def __init__(self, resource: str) -> None:
        super().__init__(f"The specified resource {resource} is not found.")
        self.resource = resource


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
