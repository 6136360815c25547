"""Faces that come in batches: do people stay who they are, and is it as good as one run over everything?

Each set of DIR/embeddings, and all of them together, is shuffled by photo and fed to a real catalog in 20 batches with
a run after each. Printed for each: the share of faces that at the end are in the first cluster they were given, the
mean F of what came about and that of one full run over the same faces after the same gate, and the seconds that the
runs took, loading and writing included.

    python benchmarks/batches.py --data ../shared/data
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from albums import Album, hidden, joined, strangers, whole_sets
from vultus.catalog import Catalog, IndexedFace, IndexedFile
from vultus.config import Faces, Settings
from vultus.model import Boundary, Figure, File, InputFile
from vultus.people.grouping import Grouping
from vultus.people.library import NONE
from vultus.people.metrics import score
from vultus.people.watch import silent

BATCHES = 20
MODEL = "mobilefacenet-192"
SETTINGS = Settings(faces=Faces(profile=MODEL))
STAYING, LOSS = 0.98, 0.01  # what we want: faces that stay, at least; mean F lost, at most
STRANGERS = 3_000
FIGURE = Figure(boundary=Boundary(left=0, top=0, width=200, height=200))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came about in one set."""

    name: str
    faces: int
    staying: float  # share of the faces that ever had a cluster that are in their first one
    batches: float  # mean F
    once: float  # mean F of one full run
    seconds: list[float]  # of each run


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--seeds", type=int, default=1, help="shuffles of each set")
    given = arguments.parse_args()
    print(f"{'set':<18}{'faces':>7}{'staying':>9}{'mean F':>8}{'at once':>8}{'loss':>8}{'s a run':>9}{'longest':>9}")
    for album in _albums(given.data):
        for seed in range(given.seeds):
            _print(_measure(album, seed))
    print(f"Wanted: staying {STAYING} or more, loss {LOSS} or less.")


def _albums(data: Path) -> Iterator[Album]:
    sets = whole_sets(data)
    yield from sets
    yield joined(tuple(sets))
    unknown = strangers(data)
    if len(unknown):
        yield hidden(sets[0], unknown[:STRANGERS])


def _print(outcome: Outcome) -> None:
    mean, longest = np.mean(outcome.seconds), max(outcome.seconds)
    print(
        f"{outcome.name:<18}{outcome.faces:>7}{outcome.staying:>9.4f}{outcome.batches:>8.4f}{outcome.once:>8.4f}"
        f"{outcome.once - outcome.batches:>+8.4f}{mean:>9.2f}{longest:>9.2f}",
        flush=True,
    )


def _measure(album: Album, seed: int) -> Outcome:
    album, batch = _shuffled(album, seed)
    with TemporaryDirectory(prefix="vultus-batches-") as folder:
        home = Home(Path(folder) / "batches.db")
        first = np.full(len(album), NONE)
        seconds = []
        for number in range(BATCHES):
            home.add(album, np.flatnonzero(batch == number))
            began = time.perf_counter()
            home.run(full=False)
            seconds.append(time.perf_counter() - began)
            now = home.clusters(len(album))
            first = np.where(first == NONE, now, first)
        once = Home(Path(folder) / "once.db")
        once.add(album, np.arange(len(album)))
        once.run(full=True)
        had = first != NONE
        return Outcome(
            name=album.name,
            faces=len(album),
            staying=float((now == first)[had].mean()),
            batches=score(_alone_apart(now), album.identity).mean_f,
            once=score(_alone_apart(once.clusters(len(album))), album.identity).mean_f,
            seconds=seconds,
        )


def _shuffled(album: Album, seed: int) -> tuple[Album, NDArray[np.int64]]:
    """The album in the order of its batches, photos in random order, and the batch of each face."""
    photos = np.random.default_rng(seed).permutation(np.unique(album.photo))
    place = np.empty(album.photo.max() + 1, np.int64)
    place[photos] = np.arange(len(photos))
    batch = place[album.photo] * BATCHES // len(photos)
    order = np.argsort(batch, kind="stable")
    return album.take(order), batch[order]


def _alone_apart(cluster: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels in which every face of nobody has one of its own."""
    return np.where(cluster == NONE, cluster.max() + 1 + np.arange(len(cluster)), cluster)


class Home:
    """A catalog with one dataset, to which faces of an album come."""

    def __init__(self, path: Path) -> None:
        self._catalog = Catalog(f"sqlite:///{path}")
        self._catalog.migrate()
        project = self._catalog.projects.create("benchmarks")
        self._dataset = self._catalog.datasets.create(project.id, "batches")
        self._rows: list[int] = []  # the row of the album that each face is, in the order of the faces' ids

    def add(self, album: Album, rows: NDArray[np.int64]) -> None:
        """Write faces of the album, photo by photo, all of them able to found."""
        photos: dict[int, list[int]] = {}
        for row in rows.tolist():
            photos.setdefault(int(album.photo[row]), []).append(row)
        with self._catalog.transaction():
            inputs = [InputFile(uri=f"oss://photos/{photo}.jpg") for photo in photos]
            files = self._catalog.files.submit(self._dataset, inputs)
            for file_id, faces in zip(files, photos.values(), strict=True):
                found = [_face(album.rows[row]) for row in faces]
                indexed = IndexedFile(document=File(media_type="image"), version="1", model=MODEL, faces=found)
                self._catalog.files.begin(file_id)
                self._catalog.files.write(file_id, indexed)
                self._rows += faces

    def run(self, *, full: bool) -> None:
        """Run once."""
        Grouping(self._catalog, SETTINGS).run(self._dataset.id, silent, lambda _: None, full=full)

    def clusters(self, faces: int) -> NDArray[np.int64]:
        """(faces,) the cluster of each row of the album."""
        cluster = np.full(faces, NONE)
        cluster[self._rows] = self._catalog.figures.load(self._dataset.id, MODEL).cluster
        return cluster


def _face(row: NDArray[np.float32]) -> IndexedFace:
    """A face that may found."""
    return IndexedFace(
        figure=FIGURE, embedding=row.astype("<f2").tobytes(), side=200, quality=0.9, pitch=0.0, roll=0.0, yaw=0.0
    )


if __name__ == "__main__":
    main()
