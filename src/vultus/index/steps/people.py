"""Labels that follow from faces: whether somebody is to be seen, alone or in company, and what they wear."""

import math
from collections.abc import Sequence

from vultus import model
from vultus.catalog import IndexedFace
from vultus.index.label import labels_of
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.index.worn import correct, with_worn
from vultus.vision.pictures.concept import all_concepts
from vultus.vision.pictures.labels import Finding

GROUP = 3  # faces of a group photo
BESIDE = 0.5  # of the height of the largest face: who is smaller stands in the background
PORTRAIT = 0.2  # of the height of the image, which the only face of a portrait has at least


@step(media={"image", "video"}, needs={"faces", "scene_elements"}, gives={"labels"}, after={"labels"})
def people(subject: Subject) -> None:
    """Add to the labels whether somebody is to be seen; of images, whether alone or in a group, and what they wear."""
    faces, document = subject.faces, subject.document
    if not faces:
        return
    width, height = document.image_width or document.video_width, document.image_height or document.video_height
    if not width or not height:
        return
    if subject.picture is not None:
        shown = document.labels or []
        if _is_portrait(faces, height):
            correct(faces[0].figure, shown)
        worn = with_worn(shown, faces, lambda face: _centrality(face, width, height))
        document.labels = [*labels_of(findings_of(faces, width, height)), *worn]
    else:
        _of_scenes(document, faces, width, height)


def findings_of(faces: Sequence[IndexedFace], width: int, height: int) -> list[Finding]:
    """Return what the faces of an image tell of it.

    Args:
        faces: one or more, with boundaries.
        width: of the image, pixels.
        height: likewise.
    """
    ranked = sorted(faces, key=_height, reverse=True)
    beside = [face for face in ranked if _height(face) >= BESIDE * _height(ranked[0])]
    found = [_finding("Person", faces, width, height)]
    if len(beside) >= GROUP:
        found.append(_finding("Group photo", beside, width, height))
    elif _is_portrait(faces, height):
        found.append(_finding("Portrait", ranked, width, height))
    return found


def _is_portrait(faces: Sequence[IndexedFace], height: int) -> bool:
    return len(faces) == 1 and _height(faces[0]) >= PORTRAIT * height


def _finding(concept: str, faces: Sequence[IndexedFace], width: int, height: int) -> Finding:
    """As sure as the faces that it takes, the surest ones; as central as they are, large ones weighing more."""
    needed = GROUP if concept == "Group photo" else 1
    sure = sorted((face.figure.figure_confidence or 0.0 for face in faces), reverse=True)[needed - 1]
    weights = [_height(face) ** 2 for face in faces]
    central = sum(weight * _centrality(face, width, height) for weight, face in zip(weights, faces, strict=True))
    return Finding(all_concepts()[concept], sure, central / sum(weights))


def _of_scenes(document: model.File, faces: Sequence[IndexedFace], width: int, height: int) -> None:
    """Label the scenes in which there is a face, and the video by them."""
    clips = []
    for scene in document.scene_elements or []:
        start, end = scene.time_range or [0, 0]
        here = [face for face in faces if start <= face.frame < max(end, start + 1)]
        if here:
            clips.append(model.Clip(time_range=[start, end]))
            scene.labels = [*labels_of([_finding("Person", here, width, height)]), *(scene.labels or [])]
    if clips:
        found = [_finding("Person", faces, width, height)]
        document.labels = [*labels_of(found, {"Person": clips}), *(document.labels or [])]


def _height(face: IndexedFace) -> int:
    return max((face.figure.boundary or model.Boundary()).height or 0, 1)


def _centrality(face: IndexedFace, width: int, height: int) -> float:
    """How near to the middle a face is: 1 in the middle, 0 in a corner."""
    box = face.figure.boundary or model.Boundary()
    across = abs(((box.left or 0) + (box.width or 0) / 2) / width * 2 - 1)
    down = abs(((box.top or 0) + (box.height or 0) / 2) / height * 2 - 1)
    return 1 - min(math.hypot(across, down) / math.sqrt(2), 1.0)
