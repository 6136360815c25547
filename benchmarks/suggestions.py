"""Suggestions: of the pairs of people that are said to be one, how many are, and how many of the missing ones are said.

    python benchmarks/suggestions.py [--data DIR] [--albums 30]

Takes every .npz of DIR/embeddings, whole, and sub-albums cut from them, groups each, and suggests pairs among the
groups that may found a person. The engine runs at its own strictness, which leaves apart what it could not join, and at
higher ones, which leave apart what a later run or a person would join: so it is when photos came in batches, or when
people were named before they were whole. A group is of the person most of its faces are of; pairs with somebody unknown
are left out, since nobody can say whether they are right. Prints tables, then the figures as one line of JSON.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from albums import Album, strangers, sub_albums, whole_sets
from vultus import group_faces
from vultus.people.curve import FarCurve
from vultus.people.suggest import NONE, Suggestions, suggest

FOUNDING = 3  # faces of a group that may be a person, as the service has it
STRICTNESS = (0.0, 0.15, 0.33)  # spans above the engine's own thresholds
BINS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
MODEL = "mobilefacenet-192"
UNKNOWN = -1
CROWD = 10_000  # clusters that suggestions are timed on
CROWD_FACES = 10  # of each


@dataclass(frozen=True, slots=True)
class Judged:
    """Suggestions for one album, those about unknown people left out; the likeliest first.

    Attributes:
        confidence: (m,) as suggested.
        right: (m,) whether the two are one person.
        missing: how many merges would make each person one: the groups of a person beyond the first.
        offered: how many of those the suggestions of at least one half would make, without a wrong one.
        offered_at_all: how many all suggestions would make.
    """

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]
    missing: int
    offered: int
    offered_at_all: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Suggestions at one strictness, over all albums.

    Attributes:
        said_half: how many pairs were suggested at .5 or more.
        right_half: how many of those are right, as a share.
        mean_half: what they were said to be.
        precision_10: share that is right among the ten likeliest of each album.
        precision_50: the same among fifty.
        best_10: the largest share that could be, since few albums have ten pairs to find.
        missing: merges that are missing.
        recall_half: share of them that suggestions of .5 or more would make.
        recall: share that any suggestion would make.
    """

    strictness: float
    said_half: int
    right_half: float
    mean_half: float
    precision_10: float
    precision_50: float
    best_10: float
    missing: int
    recall_half: float
    recall: float


def judge(album: Album, strictness: float) -> Judged:
    curve = FarCurve.of(MODEL)
    strict = replace(curve, similarity=tuple(each + strictness * curve.span for each in curve.similarity))
    label = group_faces(album.rows, photos=album.photo, model=strict)
    cluster = np.where(np.bincount(label)[label] >= FOUNDING, label, NONE)
    quality = np.ones(len(album), np.float32)
    found = suggest(album.rows, cluster, photo=album.photo, quality=quality, curve=curve)
    who = _majority(cluster, album.identity)
    known = np.array(
        [who[a] != UNKNOWN and who[b] != UNKNOWN for a, b in zip(found.first, found.second, strict=True)], bool
    )
    right = np.array([who[a] == who[b] for a, b in zip(found.first, found.second, strict=True)], bool) & known
    people = [person for person in who.values() if person != UNKNOWN]
    return Judged(
        found.confidence[known],
        right[known],
        missing=len(people) - len(set(people)),
        offered=_merges(found, right & (found.confidence >= 0.5)),
        offered_at_all=_merges(found, right),
    )


def _majority(cluster: NDArray[np.int64], identity: NDArray[np.int64]) -> dict[int, int]:
    """The person that more than half of a cluster's faces are of."""
    who = {}
    for key in np.unique(cluster[cluster != NONE]).tolist():
        people, counts = np.unique(identity[cluster == key], return_counts=True)
        who[key] = int(people[counts.argmax()]) if 2 * counts.max() > counts.sum() else UNKNOWN
    return who


def _merges(found: Suggestions, chosen: NDArray[np.bool_]) -> int:
    """How many clusters fewer there are when these pairs are joined."""
    leader: dict[int, int] = {}

    def root(key: int) -> int:
        while leader.get(key, key) != key:
            key = leader[key]
        return key

    merges = 0
    for first, second in zip(found.first[chosen].tolist(), found.second[chosen].tolist(), strict=True):
        one, other = root(first), root(second)
        if one != other:
            leader[one] = other
            merges += 1
    return merges


def figures(strictness: float, judged: list[Judged]) -> Figures:
    confidence = np.concatenate([each.confidence for each in judged])
    right = np.concatenate([each.right for each in judged])
    half = confidence >= 0.5
    missing = sum(each.missing for each in judged)
    return Figures(
        strictness,
        said_half=int(half.sum()),
        right_half=_share(right[half]),
        mean_half=float(confidence[half].mean()) if half.any() else float("nan"),
        precision_10=_share(np.concatenate([each.right[:10] for each in judged])),
        precision_50=_share(np.concatenate([each.right[:50] for each in judged])),
        best_10=_share(np.concatenate([np.sort(each.right)[::-1][:10] for each in judged])),
        missing=missing,
        recall_half=sum(each.offered for each in judged) / max(missing, 1),
        recall=sum(each.offered_at_all for each in judged) / max(missing, 1),
    )


def _share(right: NDArray[np.bool_]) -> float:
    return float(right.mean()) if len(right) else float("nan")


def reliability(judged: list[Judged]) -> list[tuple[str, int, float, float]]:
    """For each range of confidence: how many pairs, what they were said to be on average, and what share is right."""
    confidence = np.concatenate([each.confidence for each in judged])
    right = np.concatenate([each.right for each in judged])
    rows = []
    for low, high in pairwise(BINS):
        inside = (confidence >= low) & ((confidence < high) | (high == 1.0))
        if inside.any():
            said = float(confidence[inside].mean())
            rows.append((f"{low:.2f} to {high:.2f}", int(inside.sum()), said, float(right[inside].mean())))
    return rows


def seconds_in_a_crowd() -> float:
    """How long suggestions take among many clusters of strangers."""
    random = np.random.default_rng(5)
    cluster = np.repeat(np.arange(CROWD), CROWD_FACES)
    faces = random.normal(size=(CROWD, 192))[cluster] + 0.6 * random.normal(size=(len(cluster), 192))
    faces = (faces / np.linalg.norm(faces, axis=1, keepdims=True)).astype(np.float32)
    quality = np.ones(len(faces), np.float32)
    started = time.perf_counter()
    suggest(faces, cluster, photo=np.arange(len(faces)), quality=quality, curve=FarCurve.of(MODEL))
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--albums", type=int, default=30, help="sub-albums to cut")
    options = parser.parse_args()
    sets = whole_sets(options.data)
    albums = sets + sub_albums(sets, strangers(options.data), options.albums)
    console = Console(width=120)
    judged = {strictness: [judge(album, strictness) for album in albums] for strictness in STRICTNESS}
    table = Table("strictness", "said >= .5", "right", "said", "at 10", "best", "at 50", "missing", "found", "at all")
    table.title = f"Suggestions in {len(albums)} albums"
    measured = [figures(strictness, found) for strictness, found in judged.items()]
    for each in measured:
        shares = (each.right_half, each.mean_half, each.precision_10, each.best_10, each.precision_50)
        recall = (each.recall_half, each.recall)
        table.add_row(
            f"{each.strictness:.2f}", str(each.said_half), *_short(shares), str(each.missing), *_short(recall)
        )
    console.print(table)
    bins = Table("confidence", "pairs", "said", "right", title="Reliability, all strictnesses")
    rows = reliability([each for found in judged.values() for each in found])
    for name, count, said, right in rows:
        bins.add_row(name, str(count), *_short((said, right)))
    console.print(bins)
    seconds = seconds_in_a_crowd()
    console.print(f"{CROWD:,} clusters of {CROWD_FACES} faces: {seconds:.1f} s")
    told = {"suggestions": [asdict(each) for each in measured], "reliability": rows, "crowd_seconds": seconds}
    print(json.dumps(told))


def _short(shares: tuple[float, ...]) -> list[str]:
    return [f"{each:.3f}" for each in shares]


if __name__ == "__main__":
    main()
