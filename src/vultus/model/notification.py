"""Notifications."""

from msgspec import UNSET

from vultus.model.wire import Text, Unset, Wire


class MNS(Wire):
    """A topic of Message Service."""

    topic_name: Text = UNSET


class RocketMQ(Wire):
    """A topic of RocketMQ."""

    instance_id: Text = UNSET
    topic_name: Text = UNSET


class Notification(Wire):
    """Where a caller wants to hear of the end of a task."""

    extended_message_uri: Text = UNSET
    mns: MNS | Unset = UNSET
    rocket_mq: RocketMQ | Unset = UNSET
