"""What a vision model says."""

from msgspec import UNSET

from vultus.model.wire import Text, Unset, Wire


class MultilingualContentEntry(Wire):
    """Caption and description in one language."""

    description: Text = UNSET
    caption: Text = UNSET


class ImageInsight(Wire):
    """Caption and description of an image."""

    description: Text = UNSET
    caption: Text = UNSET
    multilingual_content: dict[str, MultilingualContentEntry] | Unset = UNSET


class VideoInsight(Wire):
    """Caption and description of a video."""

    description: Text = UNSET
    caption: Text = UNSET
    multilingual_content: dict[str, MultilingualContentEntry] | Unset = UNSET


class Insights(Wire):
    """What a vision model says of a file."""

    video: VideoInsight | Unset = UNSET
    image: ImageInsight | Unset = UNSET
