"""Covers of songs and films."""

from functools import partial

from vultus import model
from vultus.index.step import step
from vultus.index.steps.cropping import suggestions_of
from vultus.index.steps.texts import contents_of
from vultus.index.subject import Subject
from vultus.media.images.exif import read_exif
from vultus.media.images.picture import Picture, decode_picture
from vultus.media.unreadable import UnreadableMedia
from vultus.media.videos.covers import covers_of
from vultus.vision.pictures.picture_quality import quality_of_picture
from vultus.vision.reading.text import TextFinder

MOST_PIXELS = 50_000_000  # of a cover; more of them are to blow up whoever decodes them


@step(media={"audio", "video"}, needs={"stream_count"}, gives={"audio_covers"})
def covers(subject: Subject) -> None:
    """Look at the covers as at images: size, EXIF, score, crops and texts. What cannot be decoded is left out."""
    if not subject.document.stream_count:
        return
    with subject.video.opened() as opened:
        files = covers_of(opened)
    found = [image for data in files if (image := _image(subject, data))]
    if found:
        subject.document.audio_covers = found


def _image(subject: Subject, data: bytes) -> model.Image | None:
    side = subject.settings.media.working_side
    try:
        picture = _decoded(subject, data, side)
    except UnreadableMedia:
        return None
    image = model.Image(
        image_width=picture.width,
        image_height=picture.height,
        exif=read_exif(data).text,
        image_score=model.ImageScore(overall_quality_score=round(quality_of_picture(picture).overall, 3)),
        cropping_suggestions=suggestions_of(picture, []),
    )
    texts = subject.tools.get(TextFinder).find(picture, partial(_decoded, subject, data))
    if texts:
        image.ocr_contents = [contents_of(text) for text in texts]
    return image


def _decoded(subject: Subject, data: bytes, side: int) -> Picture:
    most = min(MOST_PIXELS, subject.settings.media.max_pixels)
    return decode_picture(data, working_side=side, max_pixels=most)
