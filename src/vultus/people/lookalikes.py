"""Who is most like some faces, among the clusters and the lone faces of a library."""

from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vultus.people.kernel import compiled
from vultus.people.parallel import in_threads

TILE = 256, 4_096  # faces, and those they are compared with, in one product: as much as the caches hold

Rows = NDArray[np.int64]
Similarities = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Pairs of a face that seeks and a person, a cluster or a lone face, of whom a face comes near.

    Attributes:
        seeker: (p,) places among those that seek, ascending.
        face: (p,) rows; of each person the face that is most like the seeker, the most similar first.
        similarity: (p,) of the two.
        closest: (n,) similarity of each face of the library to the seeker most like it; -1 where none comes near.
    """

    seeker: Rows
    face: Rows
    similarity: Similarities
    closest: Similarities

    @classmethod
    def of(cls, embedding: Similarities, seeking: Rows, among: Rows, person: Rows, least: float) -> Self:
        """Compare faces of a library with others of it.

        Args:
            embedding: (n, d) rows of unit length.
            seeking: rows of the faces whose lookalikes are sought.
            among: rows that they are compared with.
            person: (n,) numbers of the people that faces are of.
            least: similarity from which a face is near.
        """
        among = among[np.argsort(person[among], kind="stable")]  # a person in one piece
        tasks = [
            partial(_near, embedding, seeking, among[start : start + TILE[1]], person, least)
            for start in range(0, len(among) if len(seeking) else 0, TILE[1])
        ]
        closest = np.full(len(embedding), -1, np.float32)
        none = np.empty(0, np.int64)
        seekers, faces, similarities = [none], [none], [np.empty(0, np.float32)]
        for number, (seeker, face, similarity, highest) in enumerate(in_threads(tasks)):
            closest[among[number * TILE[1] : (number + 1) * TILE[1]]] = highest
            seekers.append(seeker)
            faces.append(face)
            similarities.append(similarity)
        found = np.concatenate(seekers), np.concatenate(faces), np.concatenate(similarities)
        return cls(*_best_first(*found, person), closest)

    def chosen(self, kind: NDArray[np.bool_], most: int, enough: float) -> Rows:
        """The lookalikes of a kind that count: some of each seeker, and all that are similar enough.

        Args:
            kind: (n,) the faces of the library that are of it.
            most: lookalikes of each seeker.
            enough: similarity from which one counts anyhow.

        Returns:
            Rows, ascending.
        """
        place = np.flatnonzero(kind[self.face])
        seeker = self.seeker[place]
        rank = np.arange(len(place)) - np.searchsorted(seeker, seeker)
        return np.unique(self.face[place[(rank < most) | (self.similarity[place] >= enough)]])


def _best_first(seeker: Rows, face: Rows, similarity: Similarities, person: Rows) -> tuple[Rows, Rows, Similarities]:
    """Each person once for a seeker, though several tiles have faces of them, and the most similar first."""
    order = np.lexsort((face, -similarity, person[face], seeker))
    key = np.stack([seeker, person[face]])[:, order]
    order = order[np.append(True, (key[:, 1:] != key[:, :-1]).any(axis=0))[: len(order)]]
    order = order[np.lexsort((person[face[order]], -similarity[order], seeker[order]))]
    return seeker[order], face[order], similarity[order]


def _near(
    embedding: Similarities, seeking: Rows, among: Rows, person: Rows, least: float
) -> tuple[Rows, Rows, Similarities, Similarities]:
    """The lookalikes in one tile after the other, and how similar each face is to the seeker most like it."""
    theirs, whose = np.ascontiguousarray(embedding[among].T), person[among]
    people = int(np.count_nonzero(np.diff(whose))) + 1
    highest = np.full(len(among), -1, np.float32)
    seekers, faces, similarities = [], [], []
    for start in range(0, len(seeking), TILE[0]):
        product = embedding[seeking[start : start + TILE[0]]] @ theirs
        seeker, place = np.empty(len(product) * people, np.int64), np.empty(len(product) * people, np.int64)
        count = _nearest_of_each(product, whose, least, highest, seeker, place)
        seeker, place = seeker[:count], place[:count]
        seekers.append(start + seeker)
        faces.append(among[place])
        similarities.append(product[seeker, place])
    return np.concatenate(seekers), np.concatenate(faces), np.concatenate(similarities), highest


@compiled
def _nearest_of_each(
    product: Similarities, person: Rows, least: float, highest: Similarities, seeker: Rows, place: Rows
) -> int:
    """Write where the highest product of each row with each person is, if it is high enough; tell how many are.

    Of equal ones it is the first. ``highest`` is raised to the highest product of each column that is high enough.
    """
    count = 0
    for i in range(product.shape[0]):
        last = -1  # the person that was written last
        for j in range(product.shape[1]):
            if product[i, j] < least:
                continue
            highest[j] = max(highest[j], product[i, j])
            if last >= 0 and person[j] == person[last]:
                if product[i, j] > product[i, place[count - 1]]:
                    place[count - 1] = j
            else:
                seeker[count], place[count] = i, j
                count += 1
            last = j
    return count
