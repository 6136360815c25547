"""What faces wear, as labels: of one person, the figure and the labels of an image say the same."""

from collections.abc import Callable, Sequence

from vultus import model
from vultus.catalog import IndexedFace
from vultus.index.label import labels_of
from vultus.vision.pictures.concept import all_concepts
from vultus.vision.pictures.labels import LEAST, Finding

#: Labels by what a figure says, and how sure it is of it.
WORN: dict[str, Callable[[model.Figure], tuple[bool, float]]] = {
    "Hat": lambda figure: (figure.hat == "hat", figure.hat_confidence or 0.0),
    "Sunglasses": lambda figure: (figure.glasses == "sunglasses", figure.glasses_confidence or 0.0),
    "Glasses": lambda figure: (figure.glasses == "glasses", figure.glasses_confidence or 0.0),
}
HEADGEAR = ("Hat", "Helmet")


def correct(figure: model.Figure, labels: Sequence[model.Label]) -> None:
    """Let the labels of a portrait put right what its figure says.

    They are told from the whole head, of which the face alone shows little: where they name a hat there is one, though
    they name few. Sunglasses pushed up into the hair are none on the eyes, so they only tell which glasses are worn.

    Args:
        figure: the only face of the image; what it wears was looked for.
        labels: what the image shows.
    """
    sure = {label.label_name: label.label_confidence or 0.0 for label in labels}
    headgear = max((sure.get(name, 0.0) for name in HEADGEAR), default=0.0)
    if figure.hat == "none" and headgear:
        figure.hat, figure.hat_confidence = "hat", headgear
    if figure.glasses == "glasses" and "Sunglasses" in sure:
        figure.glasses, figure.glasses_confidence = "sunglasses", sure["Sunglasses"]


def with_worn(
    labels: Sequence[model.Label], faces: Sequence[IndexedFace], centrality: Callable[[IndexedFace], float]
) -> list[model.Label]:
    """Return labels, with those of what faces wear among them.

    Args:
        labels: of an image, as far as they are told.
        faces: of the image.
        centrality: how near to the middle of the image a face is, 0 to 1.
    """
    added = list(labels)
    for name, told in WORN.items():
        wearing = [(told(face.figure)[1], centrality(face)) for face in faces if told(face.figure)[0]]
        confidence, central = max(wearing, default=(0.0, 0.0))
        if confidence >= LEAST:
            for concept in (all_concepts()[name].parent, name):
                added = _raised(added, Finding(all_concepts()[concept], confidence, central))
    return added


def _raised(labels: list[model.Label], finding: Finding) -> list[model.Label]:
    """Labels with a finding: in the place of the same one where there is one, as sure as the surer of both."""
    names = [name.word for name in finding.concept.names]
    there = [label for label in labels if label.label_name in names]
    if not there:
        return [*labels, *labels_of([finding])]
    for label in there:
        label.label_confidence = max(label.label_confidence or 0.0, round(finding.confidence, 4))
    return labels
