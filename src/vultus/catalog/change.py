"""What a decision changed: for each face, fragment and cluster, how it was before and how it is after.

One shape for every kind of decision, so that one piece of code takes any of them back.
"""

from typing import Literal

import msgspec

FigureState = Literal["live", "ignored", "not-a-face"]

#: What a person says of a cluster; a decision may set each of these alone.
SAID = ("name", "custom_id", "custom_labels", "label_index", "cover_figure", "cover_pinned", "ignored", "edited")


class Place(msgspec.Struct, frozen=True):
    """Where a face is, and why."""

    state: FigureState
    pinned: bool  # put there by a person
    fragment: int | None  # row
    cluster: int | None  # row of the fragment's cluster
    confidence: float | None
    clustered: bool


class FigureChange(msgspec.Struct, frozen=True):
    """A face that was moved or judged."""

    figure: int  # row
    before: Place
    after: Place


class FragmentChange(msgspec.Struct, frozen=True):
    """Faces that changed their cluster together; rows."""

    fragment: int
    before: int
    after: int


class ClusterFacts(msgspec.Struct, frozen=True):
    """A cluster but for its faces, and for what follows from them: enough to make it again."""

    object_id: str
    name: str
    custom_id: str | None
    custom_labels: str | None
    label_index: str
    cover_figure: int | None  # row of the figure that a person chose; None when nobody did
    cover_pinned: bool
    ignored: bool
    edited: bool
    meta_lock_version: int
    create_time: int
    rejected: list[int] = []  # rows of the figures that are said not to be of it
    distinct: list[int] = []  # rows of the clusters that are said to be other people


class ClusterChange(msgspec.Struct, frozen=True):
    """A cluster that was touched; None where there was none, or is none any more."""

    cluster: int  # row
    before: ClusterFacts | None
    after: ClusterFacts | None

    @property
    def fields(self) -> list[str]:
        """What a person said of it that is different now."""
        if self.before is None or self.after is None:
            return []
        return [name for name in SAID if getattr(self.before, name) != getattr(self.after, name)]


class Change(msgspec.Struct, frozen=True):
    """All that a decision changed. Pairs are rows: figure and cluster, or two clusters, the lower one first."""

    figures: list[FigureChange] = []
    fragments: list[FragmentChange] = []
    clusters: list[ClusterChange] = []
    rejected: list[tuple[int, int]] = []
    accepted: list[tuple[int, int]] = []  # rejections that were taken back
    distinguished: list[tuple[int, int]] = []
    united: list[tuple[int, int]] = []  # distinctions that were taken back
    confirmed: list[str] = []  # names of what was said and was so already: an earlier decision rests on it no longer

    @property
    def made(self) -> set[str]:
        """Names of what was changed, for telling whether two decisions concern the same."""
        names = {figure_name(each.figure) for each in self.figures} | set(self.confirmed)
        names |= {f"fragment {each.fragment}" for each in self.fragments}
        names |= {rejection_name(*pair) for pair in [*self.rejected, *self.accepted]}
        names |= {distinction_name(*pair) for pair in [*self.distinguished, *self.united]}
        for each in self.clusters:
            if each.before is None or each.after is None:
                names.add(cluster_name(each.cluster))
            names |= {field_name(each.cluster, field) for field in each.fields if field != "edited"}
        return names

    @property
    def needed(self) -> set[str]:
        """Names of what the decision relies on: the clusters that it found there."""
        names = {cluster_name(each.cluster) for each in self.clusters}
        return names | {cluster_name(cluster) for pair in self.distinguished for cluster in pair}


def figure_name(figure: int) -> str:
    """Name of the place of a face."""
    return f"figure {figure}"


def cluster_name(cluster: int) -> str:
    """Name of the being of a cluster."""
    return f"cluster {cluster}"


def field_name(cluster: int, field: str) -> str:
    """Name of what is said of a cluster."""
    return f"cluster {cluster} {field}"


def rejection_name(figure: int, cluster: int) -> str:
    """Name of a face's not being of a cluster."""
    return f"rejection {figure} {cluster}"


def distinction_name(first: int, second: int) -> str:
    """Name of two clusters' being two people."""
    return f"distinction {first} {second}"
