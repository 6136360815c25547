"""Events: what a request asked to hear of its end."""

from msgspec import UNSET

from vultus.model.notification import Notification
from vultus.model.wire import Text, Unset, Wire


class Event(Wire):
    """What a notification will hand back, kept in the payload of the work that it will tell of."""

    event_id: str
    request_id: str
    user_data: Text = UNSET
    notification: Notification | Unset = UNSET
