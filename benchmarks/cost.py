"""What grouping a library costs a process of its own."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vultus import group_faces
from vultus.people.watch import Phase

COMPILED = 6_000  # faces that a process groups first, to compile


@dataclass(frozen=True, slots=True)
class Cost:
    """What grouping a library cost a process of its own.

    Attributes:
        seconds: by the clock.
        processor: seconds of all cores.
        megabytes: at the peak, everything in the process counted.
        phases: seconds of each phase.
        silence: longest time between two words to the watch.
    """

    faces: int
    seconds: float
    processor: float
    megabytes: float
    phases: dict[str, float]
    silence: float


class Clock:
    """A watch that measures."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self.silence = 0.0
        self._last, self._phase = time.perf_counter(), ""

    def __call__(self, phase: Phase, done: int, total: int) -> None:
        """Be told."""
        now = time.perf_counter()
        self.phases[self._phase] = self.phases.get(self._phase, 0.0) + now - self._last
        self.silence = max(self.silence, now - self._last)
        self._last, self._phase = now, phase.value

    def seconds(self) -> dict[str, float]:
        """Of each phase."""
        return {name: round(spent, 1) for name, spent in self.phases.items() if name}


def grouped(rows: Path, photos: Path | None, labels: Path) -> Cost:
    """Group a library.

    Args:
        rows: where the embeddings are saved.
        photos: where their photos are; None for one a face.
        labels: where the groups are to be saved.
    """
    embedding, photo = np.load(rows), None if photos is None else np.load(photos)
    group_faces(embedding[:COMPILED])
    clock, start, processor = Clock(), time.perf_counter(), time.process_time()
    found = group_faces(embedding, photos=photo, watch=clock)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    clock(Phase.MERGING, 1, 1)
    np.save(labels, found)
    return Cost(
        faces=len(embedding),
        seconds=round(seconds, 1),
        processor=round(processor, 1),
        megabytes=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        phases=clock.seconds(),
        silence=round(clock.silence, 1),
    )


def apart(work: Callable[..., object], *arguments: object) -> object:
    """What ``work`` returns, done in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)
