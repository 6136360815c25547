"""A file that cannot be read as what it claims to be."""

from vultus.errors import InvalidArgument


class UnreadableMedia(InvalidArgument):
    """The file is broken, cut short, too large or of a kind that is not read; the message is its Reason."""
