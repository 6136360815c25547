"""What a cluster says of its faces: counts, gender, ages and cover. Pure: faces in, summary out."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
import numpy as np

from vultus.config import People

PERCENTILE_FACES = 20  # faces from which MinAge and MaxAge are percentiles: one wrong guess no longer sets them
PERCENTILES = (5, 95)


class Member(msgspec.Struct, frozen=True):
    """A face of a cluster; side in pixels, angles in degrees, quality 0 to 1."""

    figure: int  # row id
    file: int  # row id
    media_type: str
    side: int
    quality: float
    pitch: float
    roll: float
    yaw: float
    gender: str | None
    age: int | None


class Summary(msgspec.Struct, frozen=True):
    """What follows from the faces of a cluster; ages in years."""

    face_count: int
    image_count: int
    video_count: int
    gender: str
    average_age: float | None
    min_age: float | None
    max_age: float | None
    cover_figure: int | None


def summarise(members: Sequence[Member], gate: People) -> Summary:
    """Summarise the faces of a cluster, in whatever order they come.

    Gender and ages are taken from the faces good enough to found a cluster, each weighing as much as its quality;
    only where none of those says anything, from all faces.
    """
    best = [member for member in members if founds(member, gate)]
    average, youngest, oldest = _ages(_saying(best, members, "age"))
    return Summary(
        face_count=len(members),
        image_count=len({member.file for member in members if member.media_type == "image"}),
        video_count=len({member.file for member in members if member.media_type == "video"}),
        gender=_gender(_saying(best, members, "gender")),
        average_age=average,
        min_age=youngest,
        max_age=oldest,
        cover_figure=_cover(best or members),
    )


def founds(member: Member, gate: People) -> bool:
    """Say whether a face is good enough to found a cluster (IMM's gate)."""
    angle = max(abs(member.pitch), abs(member.roll), abs(member.yaw))
    return member.side > gate.founding_side and angle < gate.founding_angle and member.quality > gate.founding_quality


def _saying(best: Sequence[Member], members: Sequence[Member], field: str) -> list[Member]:
    said = [member for member in best if getattr(member, field) is not None]
    return said or [member for member in members if getattr(member, field) is not None]


def _gender(members: Sequence[Member]) -> str:
    """The gender of the larger weight, or nothing when they draw."""
    weights: dict[str, float] = defaultdict(float)
    for member in sorted(members, key=_row):
        weights[member.gender or ""] += member.quality
    heaviest = max(weights.values(), default=0.0)
    leaders = [gender for gender, weight in weights.items() if weight == heaviest]
    return leaders[0] if len(leaders) == 1 else ""


def _ages(members: Sequence[Member]) -> tuple[float, float, float] | tuple[None, None, None]:
    if not members:
        return None, None, None
    ordered = sorted(members, key=_row)
    ages = np.array([member.age for member in ordered], np.float64)
    weights = np.array([member.quality for member in ordered], np.float64)
    average = round(float(np.average(ages, weights=weights) if weights.sum() > 0 else ages.mean()), 2)
    if len(members) < PERCENTILE_FACES:
        return average, float(ages.min()), float(ages.max())
    youngest, oldest = np.percentile(ages, PERCENTILES)
    return average, round(float(youngest), 2), round(float(oldest), 2)


def _cover(members: Sequence[Member]) -> int | None:
    """The face that is best to look at: sharp and clear, large, and turned to us. Of equals, the first found."""
    if not members:
        return None
    return min(members, key=lambda member: (-_looks(member), member.figure)).figure


def _looks(member: Member) -> float:
    turned = np.radians([member.pitch, member.roll, member.yaw])
    return float(member.quality * member.side * max(np.cos(turned).prod(), 0.0))


def _row(member: Member) -> int:
    return member.figure
