"""Images, decoded."""

from msgspec import UNSET

from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.images.picture import decode_picture


@step(
    media={"image"},
    needs={"media_type"},
    gives={"picture", "image_width", "image_height", "orientation"},
)
def image(subject: Subject) -> None:
    """Decode the image upright, reduced to what faces and texts are looked for in, and say how large it is."""
    limits, document = subject.settings.media, subject.document
    picture = decode_picture(subject.data, working_side=limits.working_side, max_pixels=limits.max_pixels)
    document.image_width, document.image_height = picture.width, picture.height
    document.orientation = UNSET if picture.orientation is None else picture.orientation
    subject.picture = picture
