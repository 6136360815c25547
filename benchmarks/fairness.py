"""Whom detection and recognition fail, by group: the figures behind docs/models.md.

    python benchmarks/fairness.py [--data DIR] [--photos N]

On DIR/attr-utkface (age, gender and people in the file names; each photo is of another person), each photo as it is and
in low light (a quarter of the brightness, with noise): how many faces are found, their mean FaceQuality, how many pass
the gate, and how many pairs within a group are taken for one person at the similarities at which the model promises
1 in 1,000 and 1 in 10,000. On DIR/faces-lfw (DIR/faces-gender-lfw.csv): the same for women and men, with the pairs of
one person that are not known. No set has labels of pose; by Vultus' own HeadPose, pairs of LFW not known where the more
turned of the two faces looks that far aside.

Intervals are of 95 %, with faces drawn anew. Groups are those that the labels know: they are here to tell whom the
models fail, and Vultus offers none of them. Prints tables, then the figures as one line of JSON.
"""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from ages import ADULT, AGES, PEOPLE, Photo, central, decoded, lfw, utkface
from portraits import interval
from vultus.config import People, load_settings
from vultus.media.images.picture import Picture
from vultus.people.curve import FarCurve
from vultus.people.gate import founding
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.face import Face
from vultus.vision.models.store import ModelStore

Flags = NDArray[np.bool_]
RATES = (1e-3, 1e-4)
BRIGHTNESS, GRAIN = 0.25, 8  # of low light: a share, and the deviation of the noise in 255ths
TIMES = 500  # faces are drawn anew
BOUNDS = (0.025, 0.975)  # of an interval of 95 %
YAWS = (0, 10, 20, 30, 90)  # degrees


@dataclass(frozen=True, slots=True)
class Seen:
    """The faces of photos in one light; rows follow the photos.

    Attributes:
        found: (n,) whether there is a face in the middle.
        quality: (n,) of the face, nan without one.
        passes: (n,) whether it passes the gate.
        yaw: (n,) degrees, nan without a face.
        similarity: (n, n), nan without a face.
    """

    found: Flags
    quality: NDArray[np.float64]
    passes: Flags
    yaw: NDArray[np.float64]
    similarity: NDArray[np.float32]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=0, help="how many photos of each set; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    analyser = FaceAnalyser(ModelStore(settings), settings.faces)
    curve = FarCurve.of(analyser.model, settings.home)
    limits = [float(curve.at(rate)) for rate in RATES]
    everybody, celebrities = utkface(given.data)[: given.photos or None], lfw(given.data)[: given.photos or None]
    figures: dict[str, float] = {}
    for light, noise in (("as they are", None), ("in low light", np.random.default_rng(0))):
        seen = see([analyse(analyser, photo, noise) for photo in everybody], settings.people)
        figures |= by_group(f"UTKFace {light}", groups(everybody), seen, limits)
    person = np.unique([photo.file.parent.name for photo in celebrities], return_inverse=True)[1]
    seen = see([analyse(analyser, photo) for photo in celebrities], settings.people)
    male = np.array([photo.male for photo in celebrities])
    figures |= by_group("LFW", {"women": ~male, "men": male}, seen, limits, person)
    figures |= by_yaw(seen, person, limits)
    print(json.dumps({name: round(float(value), 5) for name, value in figures.items()}))


def analyse(analyser: FaceAnalyser, photo: Photo, noise: np.random.Generator | None = None) -> Face | None:
    """The face in the middle of a photo; in low light, where there is noise."""
    picture = decoded(photo.file)
    if noise is not None:
        dim = picture.pixels * BRIGHTNESS + noise.normal(0, GRAIN, picture.pixels.shape)
        picture = Picture(np.clip(dim, 0, 255).astype(np.uint8), picture.width, picture.height, None)
    return central(analyser.analyse(picture), picture)


def see(faces: Sequence[Face | None], gate: People) -> Seen:
    there = [face for face in faces if face is not None]
    found = np.array([face is not None for face in faces])
    quality, yaw = np.full(len(faces), np.nan), np.full(len(faces), np.nan)
    quality[found], yaw[found] = np.array([(face.quality, face.pose.yaw) for face in there]).reshape(-1, 2).T
    pose = np.array([(face.pose.pitch, face.pose.roll, face.pose.yaw) for face in there]).reshape(-1, 3)
    passes = np.zeros(len(faces), np.bool_)
    passes[found] = founding(np.array([min(face.box[2:]) for face in there]), pose, quality[found], gate)
    vectors = np.full((len(faces), len(there[0].embedding) if there else 1), np.nan, np.float32)
    vectors[found] = np.array([face.embedding for face in there]).reshape(len(there), -1)
    return Seen(found, quality, passes, yaw, vectors @ vectors.T)


def groups(photos: list[Photo]) -> dict[str, Flags]:
    """Who belongs to each group that UTKFace labels; genders are those of grown-ups."""
    years, male = np.array([photo.years for photo in photos]), np.array([photo.male for photo in photos])
    people = np.array([photo.people for photo in photos])
    grown = years >= ADULT
    rows = {"everybody": np.ones(len(photos), np.bool_)}
    for low, high in pairwise(AGES):
        rows[f"{low} to {high - 1} years" if high < AGES[-1] else f"from {low} years"] = (years >= low) & (years < high)
    rows |= {"women": grown & ~male, "men": grown & male}
    rows |= {f"{name} grown-ups": grown & (people == name) for name in PEOPLE}
    rows |= {f"{name} women": grown & (people == name) & ~male for name in PEOPLE}
    return rows | {f"{name} men": grown & (people == name) & male for name in PEOPLE}


def by_group(
    title: str, rows: dict[str, Flags], seen: Seen, limits: list[float], person: NDArray[np.int64] | None = None
) -> dict[str, float]:
    """Detection, quality and mistaken pairs within each group.

    Args:
        title: of the table.
        rows: who belongs to each group.
        seen: the faces.
        limits: similarities at each of RATES.
        person: (n,) whom each photo shows; another person each when left out.
    """
    columns = ["group", "photos", "found, %", "FaceQuality", "pass the gate, %", "pairs of two"]
    columns += [f"taken for one at {rate:g}, %" for rate in RATES]
    columns += [] if person is None else [f"one not known at {rate:g}, %" for rate in RATES]
    table = Table(*columns, title=title)
    figures: dict[str, float] = {}
    for name, part in rows.items():
        here = np.flatnonzero(part & seen.found)
        if len(here) < 2:
            continue
        similarity = seen.similarity[np.ix_(here, here)]
        whose = here if person is None else person[here]
        two = np.triu(whose[:, None] != whose)
        one = np.triu(whose[:, None] == whose, 1)
        wrong = [taken(similarity > limit, two) for limit in limits]
        unknown = [] if person is None else [taken(similarity <= limit, one) for limit in limits]
        found, quality, passes = (float(np.nanmean(each[part])) for each in (seen.found, seen.quality, seen.passes))
        judged = [f"{100 * found:.1f}", f"{quality:.3f}", f"{100 * passes:.1f}"]
        table.add_row(name, str(part.sum()), *judged, str(int(two.sum())), *map(told, wrong + unknown))
        key = f"{title} {name}".lower().replace(" ", "_").replace("-", "_")
        figures |= {f"{key}_found": found, f"{key}_quality": quality, f"{key}_passes": passes}
        figures |= {f"{key}_taken_for_one_at_{rate:g}": share for rate, (share, *_) in zip(RATES, wrong, strict=True)}
    Console(width=170).print(table)
    return figures


def taken(said: Flags, pairs: Flags) -> tuple[float, float, float]:
    """The share of pairs of which something is said, and its interval.

    The interval is that of faces drawn anew, for pairs that share a face hang together, and no narrower than that of as
    many pairs that do not.

    Args:
        said: (n, n) of each pair.
        pairs: (n, n) which pairs count, each once.
    """
    count = int(pairs.sum())
    if not count:
        return math.nan, 0.0, 1.0
    share = float(said[pairs].mean())
    drawn = np.random.default_rng(0).multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), TIMES).astype(float)
    hits, all_ = (np.einsum("ti,ti->t", drawn @ each.astype(float), drawn) for each in (said & pairs, pairs))
    low, high = np.quantile(hits / np.maximum(all_, 1), BOUNDS)
    least, most = interval(share, count)
    return share, min(float(low), max(least, 0.0)), max(float(high), most)


def told(estimate: tuple[float, float, float]) -> str:
    share, low, high = (100 * each for each in estimate)
    return f"{share:.2f} ({low:.2f}-{high:.2f})"


def by_yaw(seen: Seen, person: NDArray[np.int64], limits: list[float]) -> dict[str, float]:
    """Pairs of one person that are not known, by how far the more turned of the two looks aside."""
    columns = ["yaw of the more turned, degrees", "faces", "pass the gate, %", "pairs"]
    table = Table(*columns, *(f"one not known at {rate:g}, %" for rate in RATES), title="LFW, by HeadPose")
    figures: dict[str, float] = {}
    turned = np.abs(seen.yaw)
    farther = np.fmax(turned[:, None], turned)
    both = np.triu((person[:, None] == person) & (seen.found[:, None] & seen.found), 1)
    for low, high in pairwise(YAWS):
        faces, pairs = (turned >= low) & (turned < high), both & (farther >= low) & (farther < high)
        if pairs.any():
            unknown = [taken(seen.similarity <= limit, pairs) for limit in limits]
            passes = f"{100 * seen.passes[faces].mean():.1f}"
            table.add_row(f"{low} to {high}", str(faces.sum()), passes, str(pairs.sum()), *map(told, unknown))
            for rate, (share, *_) in zip(RATES, unknown, strict=True):
                figures[f"lfw_yaw_{low}_to_{high}_not_known_at_{rate:g}"] = share
    Console(width=170).print(table)
    return figures


if __name__ == "__main__":
    main()
