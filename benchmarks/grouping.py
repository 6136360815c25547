"""Faces grouped into people by Vultus and by its peers, on the same embeddings.

    python benchmarks/grouping.py [--data DIR] [--albums 30] [--orders 5]

Takes every .npz of DIR/embeddings (``embedding``, ``identity``, ``photo``), whole, and sub-albums cut from them. Vultus
runs at its one setting. Each peer runs at the threshold that is best for it over all whole sets, over all sub-albums,
and, in a second column, at the best for each album on its own. Every method is averaged over several orders of rows.
Prints tables, then the figures as one line of JSON. Needs the extra ``bench``.
"""

import argparse
import json
import multiprocessing
import resource
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from albums import Album, hidden, strangers, sub_albums, whole_sets
from peers import PEERS, Peer
from reliability import reliability
from reliability import table as reliability_table
from vultus import group_faces
from vultus.people.metrics import Score, score


def _vultus(album: Album) -> NDArray[np.int64]:
    return group_faces(album.rows, photos=album.photo)


@dataclass(frozen=True, slots=True)
class Result:
    """A method on some albums.

    Attributes:
        scores: one list of scores an order of rows, one score an album.
        best_each: mean F with the best threshold for each album; the same as ``mean_f`` where there is no threshold.
    """

    method: str
    threshold: float | None
    scores: list[list[Score]]
    best_each: float

    @property
    def by_album(self) -> list[float]:
        """Mean F of each album over the orders."""
        return [float(np.mean([each.mean_f for each in column])) for column in zip(*self.scores, strict=True)]

    @property
    def mean_f(self) -> float:
        """Over all albums and orders."""
        return float(np.mean(self.by_album))

    @property
    def spread(self) -> float:
        """Largest difference that the order of rows makes to the F of an album."""
        return max(
            max(each.mean_f for each in column) - min(each.mean_f for each in column)
            for column in zip(*self.scores, strict=True)
        )

    def mean(self, figure: str) -> float:
        """Mean of a figure of the scores, ``pairwise.precision`` for one."""
        return float(np.mean([_figure(each, figure) for row in self.scores for each in row]))

    def per_run(self, figure: str) -> float:
        """Sum of a count over the albums, mean over the orders."""
        return float(np.mean([sum(_figure(each, figure) for each in row) for row in self.scores]))


def _figure(found: Score, path: str) -> float:
    value: object = found
    for name in path.split("."):
        value = getattr(value, name)
    return float(value)  # type: ignore[arg-type]


def measure_vultus(albums: list[Album], orders: int) -> Result:
    runs = [[score(_vultus(shuffled), shuffled.identity) for shuffled in _shuffled(albums, o)] for o in range(orders)]
    return Result("Vultus", None, runs, float(np.mean([[each.mean_f for each in row] for row in runs])))


def measure_peer(peer: Peer, albums: list[Album], orders: int) -> Result:
    """Every threshold in the first order, the best one in all."""
    tried = [_at_thresholds(peer, album, peer.thresholds) for album in albums]
    mean_f = np.array([[each.mean_f for each in row] for row in tried])
    best = int(mean_f.mean(axis=0).argmax())
    runs = [[row[best] for row in tried]]
    for order in range(1, orders):
        runs.append([_at_thresholds(peer, album, (peer.thresholds[best],))[0] for album in _shuffled(albums, order)])
    return Result(peer.name, peer.thresholds[best], runs, float(mean_f.max(axis=1).mean()))


def _at_thresholds(peer: Peer, album: Album, thresholds: tuple[float, ...]) -> list[Score]:
    prepared = peer.prepare(album.rows)
    return [score(peer.cut(prepared, threshold), album.identity) for threshold in thresholds]


def _shuffled(albums: list[Album], order: int) -> list[Album]:
    if order == 0:
        return albums
    return [album.take(np.random.default_rng(order).permutation(len(album))) for album in albums]


def cost(method: Peer | None, album: Album) -> tuple[float, float]:
    """Seconds of a second run, and peak memory in MB above the album itself, in a process of its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_cost, (method and method.name, album))


def _cost(name: str | None, album: Album) -> tuple[float, float]:
    peer = next((each for each in PEERS if each.name == name), None)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = 0.0
    for _ in range(2):  # the first run compiles
        start = time.perf_counter()
        if peer is None:
            _vultus(album)
        else:
            peer.cut(peer.prepare(album.rows), peer.thresholds[len(peer.thresholds) // 2])
        seconds = time.perf_counter() - start
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def table(title: str, results: list[Result]) -> Table:
    shown = Table(title=title)
    for name in (
        "method",
        "at",
        "mean F",
        "each",
        "worst",
        "spread",
        "pair P",
        "pair R",
        "B3 P",
        "B3 R",
        "merge",
        "split",
    ):
        shown.add_column(name, justify="left" if name == "method" else "right")
    for result in results:
        shown.add_row(
            result.method,
            "-" if result.threshold is None else f"{result.threshold:.2f}",
            f"{result.mean_f:.4f}",
            f"{result.best_each:.4f}",
            f"{min(result.by_album):.3f}",
            f"{result.spread:.3f}",
            *(f"{result.mean(f):.3f}" for f in FIGURES),
            *(f"{result.per_run(f):.0f}" for f in ("merge_errors", "split_errors")),
        )
    return shown


FIGURES = ("pairwise.precision", "pairwise.recall", "bcubed.precision", "bcubed.recall")


def figures(result: Result, albums: list[Album]) -> dict[str, object]:
    return {
        "threshold": result.threshold,
        "mean_f": round(result.mean_f, 4),
        "mean_f_best_each": round(result.best_each, 4),
        "spread": round(result.spread, 4),
        "by_album": {
            f"{n}:{a.name}:{len(a)}": round(f, 4) for n, (a, f) in enumerate(zip(albums, result.by_album, strict=True))
        },
        **{name.replace(".", "_"): round(result.mean(name), 4) for name in FIGURES},
        "merge_errors": result.per_run("merge_errors"),
        "split_errors": result.per_run("split_errors"),
    }


def measure_hidden(sets: list[Album], unknown: NDArray[np.float32]) -> dict[str, dict[str, float]]:
    """Each set alone and among all strangers, by Vultus."""
    found = {}
    for album in sets:
        alone = score(_vultus(album), album.identity)
        crowd = hidden(album, unknown)
        among = score(_vultus(crowd), crowd.identity)
        found[album.name] = {
            "alone": round(alone.mean_f, 4),
            "among": round(among.mean_f, 4),
            "loss": round(alone.mean_f - among.mean_f, 4),
            "merge_errors": among.merge_errors,
            "split_errors": among.split_errors,
        }
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--albums", type=int, default=30, help="sub-albums to cut")
    arguments.add_argument("--orders", type=int, default=5, help="orders of rows to average over")
    given = arguments.parse_args()
    sets, unknown = whole_sets(given.data), strangers(given.data)
    console, report = Console(width=120), {}
    for title, albums in (("whole sets", sets), ("sub-albums", sub_albums(sets, unknown, given.albums))):
        results = [measure_vultus(albums, given.orders)]
        results += [measure_peer(peer, albums, given.orders) for peer in PEERS]
        console.print(table(f"{len(albums)} {title}", results))
        report[title] = {result.method: figures(result, albums) for result in results}
    every = sets + sub_albums(sets, unknown, given.albums)
    bins = reliability(every, [_vultus(album) for album in every])
    console.print(reliability_table(bins))
    report["confidence"] = [asdict(each) for each in bins]
    largest = max(sets, key=len)
    costs = {peer.name if peer else "Vultus": cost(peer, largest) for peer in (None, *PEERS)}
    spent = Table("method", "seconds", "MB", title=f"{largest.name}, {len(largest)} faces")
    for name, (seconds, megabytes) in costs.items():
        spent.add_row(name, f"{seconds:.2f}", f"{megabytes:.0f}")
    console.print(spent)
    report["cost"] = {name: {"seconds": round(s, 3), "megabytes": round(m)} for name, (s, m) in costs.items()}
    if len(unknown):
        report["hidden"] = measure_hidden(sets, unknown)
        for name, found in report["hidden"].items():
            console.print(f"{name} among {len(unknown)} strangers: {found}")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
