"""Places."""

from msgspec import UNSET

from vultus.model.wire import Text, Wire


class Address(Wire):
    """A place, in one language."""

    language: Text = UNSET
    address_line: Text = UNSET
    country: Text = UNSET
    province: Text = UNSET
    city: Text = UNSET
    district: Text = UNSET
    township: Text = UNSET
