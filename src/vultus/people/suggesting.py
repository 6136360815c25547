"""Suggestions for a dataset: its faces and decisions are loaded, and the pairs that may be one person told."""

from dataclasses import dataclass

import numpy as np

from vultus.catalog import Catalog, Faces
from vultus.catalog.datasets import DatasetRow
from vultus.config import Settings
from vultus.people.curve import FarCurve
from vultus.people.suggest import NONE, Closeness, Suggestions, closeness, suggest

Place = tuple[float, int, int]  # confidence and clusters (rows) of a pair: its place in the list


@dataclass(frozen=True, slots=True)
class SuggestedPair:
    """Two people who may be one, with the evidence.

    Attributes:
        place: where it stands in the list.
        people: the object ids, of the larger one first.
        confidence: the probability that they are one, 0 to 1.
        likeness: mean similarity of their faces, in spans of the model's curve.
        together: files in which both appear.
        closest: the ids of their two most similar faces.
        closeness: how alike those are, and how many pairs are.
    """

    place: Place
    people: tuple[str, str]
    confidence: float
    likeness: float
    together: int
    closest: tuple[str, str]
    closeness: Closeness


@dataclass(frozen=True, slots=True)
class Suggesting:
    """Tells who may be one person. Derived anew each time; nothing is kept but what people decided."""

    catalog: Catalog
    settings: Settings

    def page(self, dataset: DatasetRow, after: Place | None, limit: int) -> list[SuggestedPair]:
        """List pairs of people who may be one, the likeliest first.

        Those who are ignored are left out, and so are pairs that somebody told apart: by saying that they are two
        people, or that a face of the one is not the other.

        Args:
            dataset: whose people.
            after: where the page before ended.
            limit: how many, at most.
        """
        model = dataset.model or self.settings.faces.profile
        curve = FarCurve.of(model, self.settings.home)
        faces = self.catalog.figures.load(dataset.id, model)
        people = self.catalog.overview.people(dataset.id)
        heeded = np.array([row for row, person in people.items() if not person.ignored], np.int64)
        found = suggest(
            faces.embedding,
            np.where(np.isin(faces.cluster, heeded), faces.cluster, NONE),
            photo=faces.photo,
            quality=faces.quality,
            distinct=self.catalog.clusters.distinctions(dataset.id)
            | _told_apart(faces, self.catalog.clusters.rejections(dataset.id)),
            curve=curve,
        )
        ids = {row: person.object_id for row, person in people.items()}
        return [self._pair(found, index, faces, ids, curve) for index in _after(found, after)[:limit]]

    def _pair(
        self, found: Suggestions, index: int, faces: Faces, ids: dict[int, str], curve: FarCurve
    ) -> SuggestedPair:
        place = _place(found, index)
        _, first, second = place
        close = closeness(
            faces.embedding,
            np.flatnonzero(faces.cluster == first),
            np.flatnonzero(faces.cluster == second),
            faces.quality,
            curve,
        )
        one, other = (int(faces.id[row]) for row in close.closest)
        names = self.catalog.figures.names([one, other])  # a face that is gone by now is left unnamed
        return SuggestedPair(
            place=place,
            people=(ids[first], ids[second]),
            confidence=place[0],
            likeness=float(found.likeness[index]),
            together=int(found.together[index]),
            closest=(names.get(one, ""), names.get(other, "")),
            closeness=close,
        )


def _told_apart(faces: Faces, rejected: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs of clusters of which one has a face that is not the other, as somebody said."""
    if not rejected:
        return set()
    cluster = dict(zip(faces.id.tolist(), faces.cluster.tolist(), strict=True))
    return {(cluster[face], other) for face, other in rejected if cluster.get(face, NONE) not in (NONE, other)}


def _after(found: Suggestions, place: Place | None) -> list[int]:
    """The pairs that come after a place, whether or not it is still there."""
    if place is None:
        return list(range(len(found)))
    confidence, first, second = place
    return [
        i for i in range(len(found)) if (-_place(found, i)[0], *_place(found, i)[1:]) > (-confidence, first, second)
    ]


def _place(found: Suggestions, index: int) -> Place:
    return float(found.confidence[index]), int(found.first[index]), int(found.second[index])
