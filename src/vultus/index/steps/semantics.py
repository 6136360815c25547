"""What search by meaning can go by."""

from vultus.index.step import step
from vultus.index.subject import Subject

CONTENT = "content"  # the one value that IMM's documents show; what it stands for they leave open


@step(media={"image", "video"}, needs={"labels", "ocr_texts", "insights"}, gives={"semantic_types"})
def semantics(subject: Subject) -> None:
    """Say whether words tell what the image or video shows: labels, what is written in it, or what a model says."""
    found = subject.document
    if found.labels or found.ocr_texts or found.insights:
        found.semantic_types = [CONTENT]
