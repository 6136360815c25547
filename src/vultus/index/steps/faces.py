"""Faces of images."""

from vultus.index.face import indexed_face
from vultus.index.step import step
from vultus.index.subject import Subject


@step(media={"image"}, needs={"picture"}, gives={"faces", "figures", "figure_count"})
def faces(subject: Subject) -> None:
    """Find the faces, describe them, and tell them apart."""
    if subject.analyser:
        subject.faces = [indexed_face(face) for face in subject.analyser.analyse(subject.seen())]
