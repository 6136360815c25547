"""How the grouping scales: time, memory, and people found among a million others.

    python benchmarks/scale.py [--data DIR] [--million] [--seed 7]

Libraries are synthetic (``population.py``: seeded, most people with one to three photos, some with thousands), and so
are most of the strangers that the labelled sets are hidden among. First the similarities of synthetic faces are held
against the model's impostor curve. Then a library of 100,000 faces is grouped from nothing, 1,000 more come into it
through the service, and with ``--million`` one of a million is grouped, each in a process of its own; the neighbours
that the million was grouped by are held against an exact search. Last, the sets are hidden among real strangers, one by
one, and among 100,000 and a million, all together. Prints tables with limits and ratios, then the figures as one line
of JSON. The million takes half an hour on two cores.
"""

import argparse
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from albums import Album, hidden, joined, strangers, whole_sets
from batches import Home
from cost import Cost, apart, grouped
from population import Population, one_each
from tails import Tail, tail
from vultus import group_faces
from vultus.people.curve import FarCurve
from vultus.people.library import NONE
from vultus.people.metrics import Score, score
from vultus.people.neighbours import nearest
from vultus.people.thresholds import NEIGHBOURS

MODEL = "mobilefacenet-192"
LARGE, HUGE, NEW = 100_000, 1_000_000, 1_000  # faces
SECONDS = {LARGE: 90.0, HUGE: 1_200.0}  # limits
MEGABYTES = {LARGE: 2_048.0, HUGE: 6_144.0}
NEW_SECONDS, EXPONENT, RECALL = 5.0, 1.3, 0.99
WRONG = 0.06  # of new faces that join somebody
LOSS_AMONG_REAL, LOSS_AMONG_MORE = 0.015, 0.03  # of mean F
SAMPLE = 2_000  # faces whose neighbours are sought exactly


def _recall(rows: Path, threshold: float, seed: int) -> tuple[float, float]:
    """Share of a sample's exact neighbours that were found: of those above a similarity, and of all."""
    embedding = np.load(rows).astype(np.float32)
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    found = nearest(embedding, NEIGHBOURS)
    chosen = np.sort(np.random.default_rng(seed).choice(len(embedding), SAMPLE, replace=False))
    hits = wanted = strong_hits = strong = 0
    for row in chosen.tolist():
        similarity = embedding @ embedding[row]
        similarity[row] = -np.inf
        best = np.argpartition(-similarity, NEIGHBOURS)[:NEIGHBOURS]
        here = np.isin(best, found.index[row])
        above = similarity[best] >= threshold
        hits, wanted = hits + int(here.sum()), wanted + NEIGHBOURS
        strong_hits, strong = strong_hits + int(here[above].sum()), strong + int(above.sum())
    return strong_hits / max(strong, 1), hits / wanted


@dataclass(frozen=True, slots=True)
class Coming:
    """What a run over the last ``NEW`` faces of a library did, after one over the others.

    Attributes:
        seconds: that it took, loading and writing included.
        joined: new faces that are now with faces that were there.
        wrong: those of them that are with another person, by what most faces there are.
    """

    seconds: float
    joined: int
    wrong: int

    @classmethod
    def of(cls, seconds: float, cluster: NDArray[np.int64], identity: NDArray[np.int64]) -> "Coming":
        """Count, given where everybody is now and who everybody is."""
        joined = wrong = 0
        old, known = cluster[:-NEW], identity[:-NEW]
        for home, who in zip(cluster[-NEW:].tolist(), identity[-NEW:].tolist(), strict=True):
            there = known[old == home] if home != NONE else known[:0]
            if len(there):
                joined += 1
                wrong += int(np.bincount(there).argmax() != who)
        return cls(seconds, joined, wrong)


def _incremental(album: Album, folder: Path) -> Coming:
    """Group a library, then the faces that come last."""
    home = Home(folder / "scale.db")
    home.add(album, np.arange(len(album) - NEW))
    home.run(full=True)
    home.add(album, np.arange(len(album) - NEW, len(album)))
    start = time.perf_counter()
    home.run(full=False)
    return Coming.of(time.perf_counter() - start, home.clusters(len(album)), album.identity)


@dataclass(frozen=True, slots=True)
class Hiding:
    """A labelled set among strangers."""

    name: str
    among: int
    alone: Score
    hidden: Score

    @property
    def loss(self) -> float:
        """Of mean F."""
        return self.alone.mean_f - self.hidden.mean_f

    @property
    def errors(self) -> str:
        """Of both kinds, alone and hidden."""
        merge = f"{self.alone.merge_errors} to {self.hidden.merge_errors}"
        return f"merge errors {merge}, split errors {self.alone.split_errors} to {self.hidden.split_errors}"

    def figures(self) -> dict[str, object]:
        """For the JSON line."""
        return {
            "set": self.name,
            "among": self.among,
            "alone": round(self.alone.mean_f, 4),
            "hidden": round(self.hidden.mean_f, 4),
            "loss": round(self.loss, 4),
            "merge_errors": [self.alone.merge_errors, self.hidden.merge_errors],
            "split_errors": [self.alone.split_errors, self.hidden.split_errors],
        }


def hide(sets: list[Album], unknown: NDArray[np.float32], folder: Path) -> list[Hiding]:
    """Group sets among strangers, all in one library, and score each by itself."""
    crowd = hidden(joined(tuple(sets)), unknown)
    rows, photos, labels = folder / "crowd.npy", folder / "photos.npy", folder / "labels.npy"
    np.save(rows, crowd.rows.astype(np.float16))
    np.save(photos, crowd.photo)
    del crowd
    apart(grouped, rows, photos, labels)
    found, start = np.load(labels), 0
    hidings = []
    for album in sets:
        among = score(found[start : start + len(album)], album.identity)
        alone = score(group_faces(album.rows, photos=album.photo), album.identity)
        hidings.append(Hiding(album.name, len(unknown), alone, among))
        start += len(album)
    return hidings


class Report:
    """Figures with their limits, as a table and for the JSON line."""

    def __init__(self, title: str) -> None:
        self.table = Table("what", "ours", "limit", "ratio", title=title)
        self.figures: dict[str, object] = {}

    def add(self, what: str, ours: float, limit: float, *, at_least: bool = False, digits: int = 1) -> None:
        """A figure that may reach its limit at most, or has to at least; a ratio of 1 or less is well."""
        ratio = limit / ours if at_least else ours / limit
        self.table.add_row(what, f"{ours:.{digits}f}", f"{limit:.{digits}f}", f"{ratio:.2f}")
        self.figures[what] = {"ours": round(ours, 4), "limit": limit, "ratio": round(ratio, 3)}


def measure_tails(population: Population, sets: list[Album], seed: int) -> list[Tail]:
    """The similarities of synthetic faces to each other and to real ones."""
    drawn = population.strangers(20_000, seed)
    library = population.library(20_000, seed)
    return [
        tail("synthetic strangers", drawn),
        *(tail(f"synthetic and {album.name}", drawn, one_each(album)) for album in sets),
        tail("people of a synthetic library", library.rows, identity=library.identity),
    ]


def show_tails(tails: list[Tail], console: Console) -> dict[str, dict[str, float]]:
    curve = FarCurve.of(MODEL)
    points = sorted(zip(curve.rate, curve.similarity, strict=True), reverse=True)
    table = Table("pairs of different people", *(f"FAR {rate:g}" for rate, _ in points), title="similarity exceeded")
    table.add_row("measured, of the model", *(f"{similarity:.3f}" for _, similarity in points))
    for each in tails:
        table.add_row(each.name, *(f"{each.at(rate):.3f}" for rate, _ in points))
    console.print(table)
    return {each.name: {f"{rate:g}": round(each.at(rate), 3) for rate, _ in points} for each in tails}


def measure_costs(population: Population, sizes: list[int], seed: int, folder: Path) -> tuple[Report, list[Cost]]:
    report, costs = Report("time and memory"), []
    for faces in sizes:
        rows = folder / f"{faces}.npy"
        library = population.library(faces, seed)
        np.save(rows, library.rows.astype(np.float16))
        cost = apart(grouped, rows, None, folder / "labels.npy")
        assert isinstance(cost, Cost)
        costs.append(cost)
        report.add(f"{faces} faces from nothing: seconds", cost.seconds, SECONDS[faces])
        report.add(f"{faces} faces from nothing: MB at the peak", cost.megabytes, MEGABYTES[faces], digits=0)
        found = score(np.load(folder / "labels.npy"), library.identity)
        report.figures[f"{faces} faces from nothing: mean F"] = round(found.mean_f, 4)
    library = population.library(LARGE + NEW, seed)
    coming = _incremental(library, folder)
    report.add(f"{NEW} faces into {LARGE}: seconds", coming.seconds, NEW_SECONDS)
    report.add(
        f"{NEW} faces into {LARGE}: share of {coming.joined} joined that is wrong",
        coming.wrong / coming.joined,
        WRONG,
        digits=3,
    )
    if HUGE in sizes:
        grown = np.log(costs[-1].seconds / costs[0].seconds) / np.log(HUGE / LARGE)
        report.add("growth: exponent", float(grown), EXPONENT, digits=2)
        strong, every = apart(_recall, folder / f"{HUGE}.npy", FarCurve.of(MODEL).threshold(HUGE), seed)  # type: ignore[misc]
        report.add("neighbours above the threshold found", strong, RECALL, at_least=True, digits=4)
        report.figures["neighbours found, of all 64"] = round(every, 4)
    return report, costs


def measure_hiding(
    population: Population, sets: list[Album], real: NDArray[np.float32], sizes: list[int], seed: int, folder: Path
) -> tuple[Report, list[Hiding]]:
    report, hidings = Report("people found among strangers: mean F lost"), []
    for album in sets:
        hidings += hide([album], real, folder)
    for size in sizes:
        more = population.strangers(size - len(real), seed + 2)
        hidings += hide(sets, np.concatenate([real, more]), folder)
    for each in hidings:
        limit = LOSS_AMONG_REAL if each.among == len(real) else LOSS_AMONG_MORE
        what = f"{each.name} among {each.among}: {each.alone.mean_f:.4f} alone, {each.hidden.mean_f:.4f} there"
        report.add(f"{what}; {each.errors}", each.loss, limit, digits=4)
    return report, hidings


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--million", action="store_true", help="a million faces too: half an hour")
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    console, sizes = Console(width=140), [LARGE, HUGE] if given.million else [LARGE]
    population, sets, real = Population.of(given.data), whole_sets(given.data), strangers(given.data)
    figures: dict[str, object] = {"tails": show_tails(measure_tails(population, sets, given.seed), console)}
    with tempfile.TemporaryDirectory(prefix="vultus-scale-") as name:
        costs, each = measure_costs(population, sizes, given.seed, Path(name))
        console.print(costs.table)
        for cost in each:
            console.print(
                f"{cost.faces} faces: {cost.processor} s of processor; {cost.phases}; silent {cost.silence} s"
            )
        hiding, hidings = measure_hiding(population, sets, real, sizes, given.seed, Path(name))
        console.print(hiding.table)
    figures |= {"costs": costs.figures, "runs": [asdict(cost) for cost in each]}
    print(json.dumps(figures | {"hidden": [hiding.figures() for hiding in hidings]}))


if __name__ == "__main__":
    main()
