"""Labels: what images and videos show."""

from collections.abc import Sequence

from msgspec import UNSET

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.vision.labels import Finding, LabelFinder, merged


@step(media={"image", "video"}, needs={"picture", "stills", "scene_elements"}, gives={"labels"})
def labels(subject: Subject) -> None:
    """Say what is to be seen, in English and Chinese; of a video, scene by scene."""
    finder = subject.tools.get(LabelFinder)
    if subject.picture is not None:
        findings = finder.find(subject.picture.pixels)
        if findings:
            subject.document.labels = labels_of(findings)
    elif subject.stills:
        _of_scenes(subject, finder)


def labels_of(findings: Sequence[Finding], clips: dict[str, list[model.Clip]] | None = None) -> list[model.Label]:
    """Return the labels of findings, one in each language.

    Args:
        findings: the surest first.
        clips: when each concept is to be seen, by its id.
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


def _of_scenes(subject: Subject, finder: LabelFinder) -> None:
    """Label each scene by its still, and the video by all of them."""
    scenes = {still.scene: finder.find(still.picture.pixels) or [] for still in subject.stills}
    clips: dict[str, list[model.Clip]] = {}
    for scene in subject.document.scene_elements or []:
        start, end = scene.time_range or [0, 0]
        found = scenes.get(start, [])
        if found:
            scene.labels = labels_of(found)
        for finding in found:
            clips.setdefault(finding.concept.id, []).append(model.Clip(time_range=[start, end]))
    findings = [finding for finding in merged(list(scenes.values())) if finding.concept.id in clips]
    if findings:
        subject.document.labels = labels_of(findings, clips)
