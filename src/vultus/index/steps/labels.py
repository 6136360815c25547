"""Labels: what images and videos show. Other steps add theirs, before or after."""

from vultus import model
from vultus.index.label import labels_of
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.vision.pictures.labels import LabelFinder, merged


@step(media={"image", "video"}, needs={"picture", "stills", "scene_elements"}, gives={"labels"})
def labels(subject: Subject) -> None:
    """Say what is to be seen, in English and Chinese; of a video, scene by scene."""
    finder = subject.tools.get(LabelFinder)
    if subject.picture is not None:
        findings = finder.find(subject.picture.pixels)
        if findings:
            subject.document.labels = [*(subject.document.labels or []), *labels_of(findings)]
    elif subject.stills:
        _of_scenes(subject, finder)


def _of_scenes(subject: Subject, finder: LabelFinder) -> None:
    """Label each scene by its still, and the video by all of them."""
    scenes = {still.scene: finder.find(still.picture.pixels) or [] for still in subject.stills}
    clips: dict[str, list[model.Clip]] = {}
    for scene in subject.document.scene_elements or []:
        start, end = scene.time_range or [0, 0]
        found = scenes.get(start, [])
        if found:
            scene.labels = [*(scene.labels or []), *labels_of(found)]
        for finding in found:
            clips.setdefault(finding.concept.id, []).append(model.Clip(time_range=[start, end]))
    findings = [finding for finding in merged(list(scenes.values())) if finding.concept.id in clips]
    if findings:
        subject.document.labels = [*(subject.document.labels or []), *labels_of(findings, clips)]
