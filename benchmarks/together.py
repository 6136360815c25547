"""Faces of different people in one photo that end as one person, and one person's faces in one photo that do not.

    python benchmarks/together.py [--data DIR] [--home DIR]

Indexes the photos of ``groups-friends6`` and ``friends6-reference`` of DIR, half of those of ``faces-lfw`` and
``photos-celeba``, and pictures made from the other half: montages of different people (drawn at random, and of those
who look alike), collages of one person, photos beside their mirror image. All are one dataset, grouped at the default
settings. Prints in how many photos of several people faces of two of them were joined (the limit is 1 %), and in how
many collages and mirror pictures the one person stayed one; before IMM's gate (the partition) and after it (the
clusters of the service), without the repulsion within a photo, and by peers at the threshold at which their mean F over
all labelled faces is best; and the same in libraries of few pictures drawn at random, where a threshold that follows
the library is lowest. Then the figures as one line of JSON. Needs the extra ``bench``.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, select

from joins import UNKNOWN, UNPLACED, Column, Joins, one_person_joined, strangers_joined
from montages import Kind, LabelledFace, read_labels
from peers import PEERS
from pictures import make_pictures
from vultus.catalog import schema
from vultus.catalog.figures import Faces
from vultus.catalog.overlap import Box, same_faces
from vultus.cli.cluster import run_clustering
from vultus.cli.index import index_source
from vultus.cli.session import Session, open_session
from vultus.config import Settings, load_settings
from vultus.people.group import group_faces
from vultus.people.metrics import score

PROJECT, DATASET = "benchmarks", "together"
GROUPS, REFERENCE = "groups-friends6", "friends6-reference"
LABELS = Path(__file__).parent / "labels" / f"{GROUPS}.csv"
NOBODY = "none"  # what a detector took for a face
LIMIT = 0.01  # of the photos with two or more people, those in which two of them are joined
COMPARED = ("average linkage", "DBSCAN")


@dataclass(frozen=True, slots=True)
class Library:
    """The faces of the dataset, and who they are."""

    faces: Faces
    model: str
    identity: Column  # -1 where nobody knows
    kind: NDArray[np.str_]  # of the picture; empty for photos of the album


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--home", type=Path, help="keep pictures and index here, and use those that are here")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        own = load_settings()
        home = (given.home or Path(temporary)).absolute()
        settings = load_settings(overrides={"home": str(home), "models": str(own.home / "models")})
        with open_session(settings) as session:
            library, placed = indexed(session, given.data.resolve(), home / "made")
    partitions = {"Vultus": partition(library), "without repulsion": partition(library, repulsion=False)}
    partitions |= {name: peer_partition(name, library) for name in COMPARED}
    partitions["Vultus, after the gate"] = placed
    small = in_small_libraries(library)
    show(partitions, library)
    show_small(small)
    print(json.dumps(figures(partitions, library) | {"small libraries": _small_figures(small)}))


def indexed(session: Session, data: Path, made: Path) -> tuple[Library, Column]:
    """Make the pictures, index and group all; return the library and the clusters of the service."""
    if not (made / "labels.csv").is_file():
        make_pictures(session.settings, data, made)
    folders = (made / "album", made / "pictures", data / GROUPS, data / REFERENCE)
    for folder in folders:
        index_source(session, str(folder), PROJECT, DATASET)
    run_clustering(session, PROJECT, DATASET)
    catalog = session.service.catalog
    dataset = catalog.datasets.find(PROJECT, DATASET)
    model = dataset.model or session.settings.faces.profile
    faces = catalog.figures.load(dataset.id, model)
    place = {folder: session.service.storage.map_folder(folder, PROJECT).place for folder in folders}
    truth = {f"{place[data / GROUPS]}{file}": rows for file, rows in by_file(read_labels(LABELS)).items()}
    labels = by_file(read_labels(made / "labels.csv"))
    truth |= {f"{place[made / 'pictures']}{file}": rows for file, rows in labels.items()}
    identity, kind = named(boxes(session.settings, dataset.id), faces, truth)
    return Library(faces, model, identity, kind), faces.cluster


def by_file(faces: Sequence[LabelledFace]) -> dict[str, list[LabelledFace]]:
    found: dict[str, list[LabelledFace]] = {}
    for face in faces:
        found.setdefault(face.file, []).append(face)
    return found


def boxes(settings: Settings, dataset: int) -> dict[str, list[tuple[int, Box]]]:
    """Figures of each photo with their boxes, by URI."""
    columns, files = schema.figures.c, schema.files.c
    sides = (columns.box_left, columns.box_top, columns.box_width, columns.box_height)
    query = (
        select(files.uri, columns.id, *sides)
        .join(schema.files, files.id == columns.file_id)
        .where(columns.dataset_id == dataset)
        .order_by(columns.id)
    )
    found: dict[str, list[tuple[int, Box]]] = {}
    with create_engine(settings.database_url).connect() as connection:
        for uri, figure, *box in connection.execute(query):
            found.setdefault(uri, []).append((figure, Box(*box)))
    return found


def named(
    found: dict[str, list[tuple[int, Box]]], faces: Faces, truth: dict[str, list[LabelledFace]]
) -> tuple[Column, NDArray[np.str_]]:
    """(n,) identity and kind of picture of every face, by overlap with the labels."""
    row_of = {int(figure): row for row, figure in enumerate(faces.id)}
    numbers: dict[str, int] = {}
    identity = np.full(len(faces), UNKNOWN)
    kind = np.full(len(faces), "", dtype="<U40")
    for uri, labels in truth.items():
        here = found.get(uri, [])
        partners = same_faces([box for _, box in here], [label.box for label in labels])
        for number, (figure, _) in enumerate(here):
            kind[row_of[figure]] = kind_of(uri)
            name = labels[partners[number]].identity if number in partners else NOBODY
            if name != NOBODY:
                identity[row_of[figure]] = numbers.setdefault(name, len(numbers))
    return identity, kind


def kind_of(uri: str) -> Kind:
    made = uri.rpartition("/")[2].partition("-")[0].upper()
    return Kind[made] if made in Kind.__members__ else Kind.GROUP


def partition(library: Library, *, repulsion: bool = True) -> Column:
    faces = library.faces
    photos = faces.photo if repulsion else None
    return group_faces(faces.embedding, photos=photos, quality=faces.quality, model=library.model)


def peer_partition(name: str, library: Library) -> Column:
    """A peer at its best threshold for the labelled faces of this library."""
    peer = next(peer for peer in PEERS if peer.name == name)
    prepared = peer.prepare(library.faces.embedding)
    tried = [peer.cut(prepared, threshold) for threshold in peer.thresholds]
    return max(tried, key=lambda label: score(label, library.identity).mean_f)


ORDINARY = (Kind.GROUP, Kind.MONTAGE, Kind.COLLAGE, Kind.MIRROR)
SMALL = (1, 2, 3, 5, 10, 20, 50)  # pictures
SMALL_LIBRARIES = 200  # of each size
WRONG = ((Kind.GROUP,), (Kind.MONTAGE,), (Kind.GROUP, Kind.MONTAGE), (Kind.LOOKALIKES,))
RIGHT = ((Kind.COLLAGE,), (Kind.MIRROR,))


def wrong(label: Column, library: Library, kinds: tuple[Kind, ...]) -> Joins:
    """Photos in which two people are joined."""
    of_kind = np.where(np.isin(library.kind, kinds), library.identity, UNKNOWN)
    return strangers_joined(label, library.faces.photo, of_kind)


def right(label: Column, library: Library, kinds: tuple[Kind, ...]) -> Joins:
    """Pictures in which the one person is one."""
    of_kind = np.where(np.isin(library.kind, kinds), library.identity, UNKNOWN)
    return one_person_joined(label, library.faces.photo, of_kind)


def in_small_libraries(library: Library) -> dict[int, tuple[Joins, Joins]]:
    """Two people joined, and one person joined, in libraries of few pictures: all of them together, by size."""
    faces, pictures = library.faces, np.unique(library.faces.photo[np.isin(library.kind, ORDINARY)])
    found = {}
    for size in SMALL:
        apart, joined = Joins(0, 0), Joins(0, 0)
        for seed in range(SMALL_LIBRARIES):
            chosen = np.random.default_rng(seed).permutation(pictures)[:size]
            rows = np.flatnonzero(np.isin(faces.photo, chosen))
            photo, identity = faces.photo[rows], library.identity[rows]
            label = group_faces(faces.embedding[rows], photos=photo, quality=faces.quality[rows], model=library.model)
            apart += strangers_joined(label, photo, identity)
            joined += one_person_joined(label, photo, identity)
        found[size] = (apart, joined)
    return found


def show_small(small: dict[int, tuple[Joins, Joins]]) -> None:
    """Print the table of small libraries."""
    table = Table(title=f"{SMALL_LIBRARIES} libraries of each size")
    for name in (
        "pictures",
        "of several people",
        "joined",
        "share",
        "to the limit",
        "of one person",
        "joined",
        "share",
    ):
        table.add_column(name, justify="right")
    for size, (apart, joined) in small.items():
        ratio = f"{apart.share / LIMIT:.2f}"
        wrong_cells = (str(apart.photos), str(apart.joined), f"{apart.share:.2%}", ratio)
        table.add_row(str(size), *wrong_cells, str(joined.photos), str(joined.joined), f"{joined.share:.2%}")
    Console(width=130).print(table)


def show(partitions: dict[str, Column], library: Library) -> None:
    """Print the tables."""
    console = Console(width=130)
    console.print(f"{len(library.faces)} faces, {int((library.identity != UNKNOWN).sum())} labelled; {library.model}")
    for title, rows, count, best in (
        ("two people joined in one photo", WRONG, wrong, None),
        ("one person joined in one picture", RIGHT, right, COMPARED),
    ):
        table = Table("pictures", "method", title=title)
        for name in ("photos", "joined", "share", "to the limit" if best is None else "to the best peer"):
            table.add_column(name, justify="right")
        for kinds in rows:
            limit = LIMIT if best is None else max(count(partitions[name], library, kinds).share for name in best)
            for name, label in partitions.items():
                found = count(label, library, kinds)
                ratio = f"{found.share / limit:.2f}" if limit else "-"
                table.add_row(_title(kinds), name, str(found.photos), str(found.joined), f"{found.share:.2%}", ratio)
            table.add_section()
        console.print(table)


def figures(partitions: dict[str, Column], library: Library) -> dict[str, object]:
    """What the tables say."""
    return {
        "model": library.model,
        "faces": len(library.faces),
        "labelled": int((library.identity != UNKNOWN).sum()),
        "placed": round(float((library.faces.cluster != UNPLACED).mean()), 4),
        **{
            name: {
                "mean_f": round(score(_apart(label), library.identity).mean_f, 4),
                **{f"wrong {_title(kinds)}": _figure(wrong(label, library, kinds)) for kinds in WRONG},
                **{f"right {_title(kinds)}": _figure(right(label, library, kinds)) for kinds in RIGHT},
            }
            for name, label in partitions.items()
        },
    }


def _apart(label: Column) -> Column:
    """Faces without a cluster each by itself."""
    return np.where(label == UNPLACED, label.max(initial=0) + 1 + np.arange(len(label)), label)


def _figure(found: Joins) -> dict[str, float]:
    return {"photos": found.photos, "joined": found.joined, "share": round(found.share, 4)}


def _small_figures(small: dict[int, tuple[Joins, Joins]]) -> dict[str, dict[str, dict[str, float]]]:
    return {str(size): {"wrong": _figure(apart), "right": _figure(joined)} for size, (apart, joined) in small.items()}


def _title(kinds: tuple[Kind, ...]) -> str:
    return " and ".join(kinds)


if __name__ == "__main__":
    main()
