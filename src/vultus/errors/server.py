"""Servers that cannot, for now."""

from math import ceil

from vultus.errors.base import VultusError


class ThrottledUser(VultusError):
    """More requests than the limit of a project allows; the header x-acs-retry-after says when there is room again."""

    code = "Throttling.User"
    status = 400
    remedy = "Wait as long as the header x-acs-retry-after says, and ask less often."

    def __init__(self, seconds: float) -> None:
        super().__init__("Request was denied due to user flow control.")
        self.retry_after = max(1, ceil(seconds * 1000))


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
