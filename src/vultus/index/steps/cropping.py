"""Cropping suggestions: what to show of an image where only another shape fits."""

from collections.abc import Iterator, Sequence

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.media.images.picture import Picture
from vultus.vision.pictures.cropping import Box, Crop, crops_of
from vultus.vision.pictures.saliency import saliency_of


@step(media={"image"}, needs={"picture", "faces"}, gives={"cropping_suggestions"})
def cropping(subject: Subject) -> None:
    """Suggest a crop of each usual ratio that holds most of what draws the eye, and cuts no face."""
    subject.document.cropping_suggestions = suggestions_of(subject.seen(), list(_boxes(subject)))


def suggestions_of(picture: Picture, faces: Sequence[Box]) -> list[model.CroppingSuggestion]:
    """Return the crops of a picture as the wire has them.

    Args:
        picture: any, the cover of a song as well.
        faces: boxes, in pixels of the picture at full size.
    """
    crops = crops_of((picture.width, picture.height), faces, saliency_of(picture))
    return [_suggestion(crop) for crop in crops]


def _suggestion(crop: Crop) -> model.CroppingSuggestion:
    left, top, width, height = crop.box
    return model.CroppingSuggestion(
        aspect_ratio="{}:{}".format(*crop.ratio),
        confidence=round(crop.confidence, 3),
        boundary=model.Boundary(left=left, top=top, width=width, height=height),
    )


def _boxes(subject: Subject) -> Iterator[Box]:
    for face in subject.faces:
        match face.figure.boundary:
            case model.Boundary(left=int(left), top=int(top), width=int(width), height=int(height)):
                yield left, top, width, height
