"""A survey: what each step of indexing takes of some files, without anything being written."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from vultus.index.step import Step, takes
from vultus.index.subject import Subject, Tools
from vultus.media.unreadable import UnreadableMedia
from vultus.storage.object import ObjectMissing, ObjectTooLarge
from vultus.storage.uri import ObjectURI
from vultus.vision.analyser import FaceAnalyser


@dataclass(slots=True)
class Survey:
    """Takes the steps for one file after the other and looks at the clock.

    Attributes:
        steps: in their order.
        seconds: of the processor, by step, one for each file that it was taken for.
        unreadable: files that could not be read, with the reason.
    """

    steps: Sequence[Step]
    seconds: dict[str, list[float]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    def look(self, uris: Iterable[ObjectURI], tools: Tools, analyser: Callable[[], FaceAnalyser] | None) -> None:
        """Take the steps for files.

        Args:
            uris: of the files.
            tools: for the steps.
            analyser: finds faces; None where none are looked for.
        """
        for uri in uris:
            try:
                self._take(uri, tools, analyser)
            except (UnreadableMedia, ObjectMissing, ObjectTooLarge) as error:
                self.unreadable[str(uri)] = error.message

    def median(self, name: str) -> float | None:
        """Seconds that a step takes for a file, in the median; None where it was taken for none."""
        taken = self.seconds.get(name)
        return statistics.median(taken) if taken else None

    def _take(self, uri: ObjectURI, tools: Tools, analyser: Callable[[], FaceAnalyser] | None) -> None:
        facts, limits = tools.storage.stat(uri), tools.settings.media
        with tools.storage.open(uri, max(limits.max_bytes, limits.max_video_bytes)) as file:
            subject = Subject(uri, facts, file, tools, analyser() if analyser else None)
            for step in self.steps:
                if takes(step, subject):
                    began = time.process_time()
                    step.run(subject)
                    self.seconds.setdefault(step.name, []).append(time.process_time() - began)
