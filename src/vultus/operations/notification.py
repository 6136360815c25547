"""Operations that end after their answer: where the caller wants to hear of it, and what is handed back then."""

from typing import Annotated

from msgspec import UNSET, Meta

from vultus.errors import InvalidArgument
from vultus.model import Notification
from vultus.model.event import Event
from vultus.model.wire import Unset
from vultus.operations.call import Call
from vultus.operations.operation import Request

USER_DATA_BYTES = 2048


class Notifying(Request):
    """Where and with what to notify. A topic that does not exist does not fail the call, as in IMM."""

    notification: Notification | Unset = UNSET
    user_data: Annotated[str, Meta(description=f"text of at most {USER_DATA_BYTES} bytes")] | Unset = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        if isinstance(self.user_data, str) and len(self.user_data.encode()) > USER_DATA_BYTES:
            raise InvalidArgument(f"UserData must be text of at most {USER_DATA_BYTES} bytes.")

    def event(self, call: Call, event_id: str) -> Event:
        """Return what the work must keep."""
        return Event(
            event_id=event_id,
            request_id=call.request_id,
            user_data=self.user_data,
            notification=self.notification,
        )
