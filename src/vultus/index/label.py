"""A label, as a record has it."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET

from vultus import model
from vultus.vision.pictures.labels import Finding


def labels_of(findings: Sequence[Finding], clips: Mapping[str, list[model.Clip]] | None = None) -> list[model.Label]:
    """Return the labels of what was found: of each finding one in English and one in Chinese.

    Args:
        findings: the surest first.
        clips: of a video: when each concept is to be seen, by its id.
    """
    return [
        model.Label(
            language=name.language,
            label_name=name.word,
            label_level=finding.concept.level,
            label_confidence=round(finding.confidence, 4),
            parent_label_name=parent.word if parent else "",
            centric_score=round(finding.centrality, 4),
            label_alias=name.alias,
            clips=clips[finding.concept.id] if clips else UNSET,
        )
        for finding in findings
        for name, parent in zip(finding.concept.names, finding.concept.parent_names, strict=True)
    ]
