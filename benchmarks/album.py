"""Who is who in an album of labelled photos, through the whole pipeline: index, group, compare with the labels.

    python benchmarks/album.py [--data DIR] [--home DIR]

The photos are those of ``faces-lfw`` and ``photos-celeba`` in DIR, labelled by DIR/labels.csv; the label of a photo
belongs to its largest central face, other faces are bystanders: grouped like all, and left out of the score. The
partition is scored before the gate, the people after it. Prints a table, then the figures as one line of JSON.
"""

import argparse
import csv
import json
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, select

from vultus.catalog import schema
from vultus.catalog.figures import Faces
from vultus.cli.cluster import run_clustering
from vultus.cli.index import IndexSummary, index_source
from vultus.cli.session import Session, open_session
from vultus.config import load_settings
from vultus.people.gate import founding
from vultus.people.group import group_faces
from vultus.people.metrics import UNLABELLED, score

FOLDERS = ("faces-lfw", "photos-celeba")
PROJECT, DATASET = "benchmarks", "album"
PLAIN = 1 / 3  # of the best quality in a photo, that a face must have for the label to be its own


@dataclass(frozen=True, slots=True)
class Box:
    """A face in a photo, in pixels, and the size of the photo."""

    figure: int
    quality: float
    left: int
    top: int
    width: int
    height: int
    photo_width: int
    photo_height: int

    @property
    def prominence(self) -> float:
        """Area, less the further from the middle: half of it counts at a corner."""
        x = (self.left + self.width / 2) / self.photo_width - 0.5
        y = (self.top + self.height / 2) / self.photo_height - 0.5
        return self.width * self.height * (1 - float(np.hypot(x, y)) / np.sqrt(2))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--home", type=Path, help="keep the index here, and use the one that is here")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        own = load_settings()
        settings = load_settings(overrides={"home": str(given.home or temporary), "models": str(own.home / "models")})
        with open_session(settings) as session:
            figures = measure(session, given.data.resolve())
    show(figures)
    print(json.dumps(figures))


def measure(session: Session, data: Path) -> dict[str, float]:
    """Index, group and score."""
    identity_of = read_labels(data)
    summaries = [index_source(session, str(data / folder), PROJECT, DATASET) for folder in FOLDERS]
    dataset = session.service.catalog.datasets.find(PROJECT, DATASET)
    settings = session.settings
    model = dataset.model
    faces = session.service.catalog.figures.load(dataset.id, model)
    identity = identities(session, faces, dataset.id, identity_of)
    label = group_faces(faces.embedding, photos=faces.photo, quality=faces.quality, model=model)
    before = score(label, identity)
    run_clustering(session, PROJECT, DATASET)
    placed = session.service.catalog.figures.load(dataset.id, model)
    alone = placed.cluster < 0
    after = score(np.where(alone, -1 - placed.id, placed.cluster), identity)
    founds = founding(faces.side.astype(np.float32), faces.pose, faces.quality, settings.people)
    return {
        "photos": sum(summary.files for summary in summaries),
        "photos_per_second": round(_rate(summaries), 2),
        "faces": len(faces.id),
        "labelled": int((identity != UNLABELLED).sum()),
        "pairwise_f": round(before.pairwise.f, 4),
        "bcubed_f": round(before.bcubed.f, 4),
        "mean_f": round(before.mean_f, 4),
        "merge_errors": before.merge_errors,
        "split_errors": before.split_errors,
        "founding_share": round(float(founds[identity != UNLABELLED].mean()), 4),
        "people": len(np.unique(placed.cluster[~alone])),
        "people_mean_f": round(after.mean_f, 4),
    }


def _rate(summaries: list[IndexSummary]) -> float:
    return sum(each.files for each in summaries) / max(sum(each.seconds for each in summaries), 1e-9)


def read_labels(data: Path) -> dict[str, str]:
    """Identity by file, for the photos of the album."""
    with (data / "labels.csv").open(newline="", encoding="utf-8") as text:
        return {row["file"]: row["identity"] for row in csv.DictReader(text) if row["file"].startswith(FOLDERS)}


def identities(session: Session, faces: Faces, dataset: int, identity_of: dict[str, str]) -> NDArray[np.int64]:
    """(n,) identities of faces: the label of a photo for its most prominent face, -1 for the others.

    What is far poorer than another face of the photo is not whom it is of: it is somebody passing, or no face at all.
    """
    numbers = {name: number for number, name in enumerate(sorted(set(identity_of.values())))}
    labelled: dict[int, int] = {}
    for uri, boxes in _boxes(session, dataset).items():
        name = identity_of.get(_file_of(uri, identity_of))
        if name is not None:
            plain = [box for box in boxes if box.quality >= PLAIN * max(other.quality for other in boxes)]
            labelled[max(plain, key=lambda box: box.prominence).figure] = numbers[name]
    return np.array([labelled.get(int(row), UNLABELLED) for row in faces.id])


def _file_of(uri: str, identity_of: dict[str, str]) -> str:
    """The file of labels.csv that an URI stands for: each folder is a bucket of its own, named after it."""
    bucket, _, key = uri.removeprefix("oss://").partition("/")
    folder = next(folder for folder in FOLDERS if bucket.startswith(folder))
    return f"{folder}/{key}"


def _boxes(session: Session, dataset: int) -> dict[str, list[Box]]:
    figures, files = schema.figures.c, schema.files.c
    query = (
        select(files.uri, files.document, figures.id, figures.quality, *(figures[f"box_{side}"] for side in SIDES))
        .join(schema.files, files.id == figures.file_id)
        .where(figures.dataset_id == dataset)
    )
    found: dict[str, list[Box]] = defaultdict(list)
    with create_engine(session.settings.database_url).connect() as connection:
        for uri, document, figure, quality, *box in connection.execute(query):
            size = json.loads(document)
            found[uri].append(Box(figure, quality, *box, size["ImageWidth"], size["ImageHeight"]))
    return found


SIDES = ("left", "top", "width", "height")


def show(figures: dict[str, float]) -> None:
    """Print the table."""
    table = Table("figure", "value", title="The album, whole pipeline")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), f"{value:g}")
    Console().print(table)


if __name__ == "__main__":
    main()
