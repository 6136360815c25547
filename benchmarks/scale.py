"""Large libraries: how long grouping takes and what it holds in memory, and how well people are told apart in a crowd.

    python benchmarks/scale.py [--data DIR] [--million]

Prints the limits beside what is measured: the impostor curve of the synthetic faces beside the model's own; 100,000
faces cold, and 1,000 new ones into them through the catalog; with ``--million`` a million, the growth of time, and how
many of the edges above the threshold the approximate search finds; then what each labelled set loses among real
strangers, and among real and synthetic ones. Prints tables, then the figures as one line of JSON.
"""

import argparse
import json
import multiprocessing
import resource
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from albums import Album, hidden, strangers, whole_sets
from batches import Home
from population import Population
from vultus import group_faces
from vultus.people.curve import FarCurve
from vultus.people.metrics import Score, score
from vultus.people.neighbours import nearest
from vultus.people.thresholds import NEIGHBOURS

MODEL = "mobilefacenet-192"
FACES, MILLION, NEW = 100_000, 1_000_000, 1_000
WARM = 6_000  # faces grouped first, so that everything is compiled
SAMPLE = 1_000  # faces whose neighbours are looked for exactly
SECONDS = {FACES: 90.0, MILLION: 1_200.0}  # limits
MEGABYTES = {FACES: 2_048.0, MILLION: 6_144.0}
INTO, GROWTH, RECALL = 5.0, 1.3, 0.99
LOST = {"real": 0.015, "more": 0.03}  # of mean F, at most
SEED = 1


@dataclass(frozen=True, slots=True)
class Cold:
    """A library grouped from nothing, in a process of its own."""

    faces: int
    seconds: float
    megabytes: float  # peak of the process, the library included
    recall: float  # of the edges above the threshold of the library
    mean_f: float


def cold(data: Path, faces: int) -> Cold:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_cold, (data, faces))


def _cold(data: Path, faces: int) -> Cold:
    album = Population.of(data).library(faces, SEED)
    group_faces(album.rows[:WARM])
    began = time.perf_counter()
    near = nearest(album.rows, NEIGHBOURS)
    labels = group_faces(album.rows, neighbours=near)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    recall = _recall(album.rows, near.index)
    return Cold(faces, round(seconds, 1), round(peak), recall, round(score(labels, album.identity).mean_f, 4))


def _recall(rows: NDArray[np.float32], found: NDArray[np.int32]) -> float:
    """Share of the true neighbours above the threshold that were found, for some faces."""
    threshold = FarCurve.of(MODEL).threshold(len(rows))
    edges = hits = 0
    for face in np.random.default_rng(SEED).choice(len(rows), SAMPLE, replace=False).tolist():
        similarity = rows @ rows[face]
        similarity[face] = -1
        best = np.argpartition(-similarity, NEIGHBOURS)[:NEIGHBOURS]
        near = best[similarity[best] >= threshold]
        edges += len(near)
        hits += int(np.isin(near, found[face]).sum())
    return round(hits / max(edges, 1), 4)


def into_library(data: Path) -> float:
    """Seconds of the usual run that places 1,000 new faces among 100,000, loading and writing included."""
    album = Population.of(data).library(FACES + NEW, SEED)
    with TemporaryDirectory(prefix="vultus-scale-") as folder:
        home = Home(Path(folder) / "scale.db")
        home.add(album, np.arange(FACES))
        home.run(full=False)
        home.add(album, np.arange(FACES, FACES + NEW))
        began = time.perf_counter()
        home.run(full=False)
        return round(time.perf_counter() - began, 2)


def impostors(data: Path, console: Console) -> dict[str, list[float]]:
    """The curve of synthetic strangers among themselves and against real ones, beside the model's."""
    curve, population = FarCurve.of(MODEL), Population.of(data)
    made, real = population.strangers(20_000, SEED), strangers(data)[:20_000]
    found = {"model": list(curve.similarity)}
    found["synthetic"] = _quantiles(made[:10_000], made[10_000:], curve)
    if len(real):
        found["synthetic and real"] = _quantiles(made, real, curve)
    table = Table("similarity at a rate of", *(f"{rate:g}" for rate in curve.rate), title="Impostors")
    for name, values in found.items():
        table.add_row(name, *(f"{value:.3f}" for value in values))
    console.print(table)
    return found


def _quantiles(first: NDArray[np.float32], second: NDArray[np.float32], curve: FarCurve) -> list[float]:
    similarity = np.concatenate([(first[a : a + 1_000] @ second.T).ravel() for a in range(0, len(first), 1_000)])
    kept = [int(rate * len(similarity)) for rate in curve.rate]
    tail = np.sort(np.partition(similarity, -max(kept))[-max(kept) :])
    return [round(float(tail[-count]), 3) for count in kept]


def in_a_crowd(data: Path, faces: int, limit: float, console: Console) -> dict[str, dict[str, float]]:
    """What each labelled set loses among so many faces: the real strangers, and as many synthetic ones as it takes."""
    unknown = strangers(data)
    if faces > len(unknown):
        unknown = np.concatenate([unknown, Population.of(data).strangers(faces - len(unknown), SEED + 1)])
    table = Table("set", "alone", "among", "loss", "limit", "merge", "split", title=f"Among {len(unknown):,} strangers")
    found = {}
    for album in whole_sets(data):
        alone, among = _scored(album), _scored(hidden(album, unknown))
        loss = alone.mean_f - among.mean_f
        found[album.name] = {
            "alone": round(alone.mean_f, 4),
            "among": round(among.mean_f, 4),
            "loss": round(loss, 4),
            "merge_errors": among.merge_errors,
            "split_errors": among.split_errors,
        }
        table.add_row(
            album.name,
            f"{alone.mean_f:.4f}",
            f"{among.mean_f:.4f}",
            f"{loss:+.4f}",
            f"{limit:.3f}",
            f"{alone.merge_errors} to {among.merge_errors}",
            f"{alone.split_errors} to {among.split_errors}",
        )
    console.print(table)
    return found


def _scored(album: Album) -> Score:
    return score(group_faces(album.rows, photos=album.photo), album.identity)


def show(rows: list[tuple[str, float, float]], console: Console) -> None:
    """Each figure with its limit and the ratio of both."""
    table = Table("figure", "ours", "limit", "ratio", title="Scale")
    for name, ours, limit in rows:
        table.add_row(name, f"{ours:g}", f"{limit:g}", f"{ours / limit:.2f}")
    console.print(table)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--million", action="store_true", help="a million faces too, and sets among them: hours")
    given = arguments.parse_args()
    console = Console(width=120)
    report: dict[str, object] = {"impostors": impostors(given.data, console)}
    runs = [cold(given.data, faces) for faces in ((FACES, MILLION) if given.million else (FACES,))]
    report["cold"] = [asdict(run) for run in runs]
    report["into"] = into = into_library(given.data)
    rows = [(f"{run.faces:,} cold, seconds", run.seconds, SECONDS[run.faces]) for run in runs]
    rows += [(f"{run.faces:,} cold, peak MB", run.megabytes, MEGABYTES[run.faces]) for run in runs]
    rows.append((f"{NEW:,} into {FACES:,}, seconds", into, INTO))
    rows += [(f"{run.faces:,}, recall of edges", run.recall, RECALL) for run in runs]
    if len(runs) > 1:
        growth = np.log(runs[1].seconds / runs[0].seconds) / np.log(MILLION / FACES)
        rows.append(("growth, exponent", round(float(growth), 3), GROWTH))
    show(rows, console)
    report["crowds"] = {
        str(faces): in_a_crowd(given.data, faces, limit, console)
        for faces, limit in ((0, LOST["real"]), (FACES, LOST["more"]), (MILLION, LOST["more"]))
        if given.million or faces < MILLION
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
