"""Albums cut from labelled embeddings: whole sets, and seeded sub-albums of many sizes and mixtures."""

from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SMALLEST, LARGEST = 50, 5_000  # faces of a sub-album, before strangers are added
STRANGERS_IN = 3  # every third sub-album has strangers


@dataclass(frozen=True, slots=True)
class Album:
    """Faces with their people.

    Attributes:
        rows: (n, d) float32 embeddings of unit length.
        identity: (n,) people, -1 where unknown.
        photo: (n,) photos.
    """

    name: str
    rows: NDArray[np.float32]
    identity: NDArray[np.int64]
    photo: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, order: NDArray[np.int64]) -> "Album":
        """The faces of ``order``, in that order."""
        return Album(self.name, self.rows[order], self.identity[order], self.photo[order])


def whole_sets(data: Path) -> list[Album]:
    """The sets saved in DIR/embeddings."""
    return [_load(path) for path in sorted((data / "embeddings").glob("*.npz"))]


def strangers(data: Path) -> NDArray[np.float32]:
    """Faces of unknown people, one each, for hiding albums in; none where the file is absent."""
    path = data / "strangers.npz"
    return _unit(np.load(path)["embedding"]) if path.is_file() else np.empty((0, 0), np.float32)


def sub_albums(sets: list[Album], unknown: NDArray[np.float32], count: int) -> list[Album]:
    """``count`` albums: some people of one set or several, each with a part of their photos."""
    mixtures = list(chain.from_iterable(combinations(sets, size) for size in range(1, len(sets) + 1)))
    albums = []
    for number in range(count):
        random = np.random.default_rng(number)
        size = int(np.exp(random.uniform(np.log(SMALLEST), np.log(LARGEST))))
        album = _some_people(joined(mixtures[number % len(mixtures)]), size, random)
        if number % STRANGERS_IN == STRANGERS_IN - 1 and len(unknown):
            album = hidden(album, unknown[random.permutation(len(unknown))[: int(len(album) * random.uniform(0.2, 2))]])
        albums.append(album)
    return albums


def hidden(album: Album, unknown: NDArray[np.float32]) -> Album:
    """The album with strangers in it, each in a photo of its own."""
    n = len(unknown)
    return Album(
        album.name,
        np.concatenate([album.rows, unknown]),
        np.concatenate([album.identity, np.full(n, -1)]),
        np.concatenate([album.photo, album.photo.max(initial=0) + 1 + np.arange(n)]),
    )


def _load(path: Path) -> Album:
    saved = np.load(path)
    return Album(
        path.stem, _unit(saved["embedding"]), saved["identity"].astype(np.int64), saved["photo"].astype(np.int64)
    )


def _unit(rows: NDArray[np.float16]) -> NDArray[np.float32]:
    wide = rows.astype(np.float32)
    return wide / np.linalg.norm(wide, axis=1, keepdims=True)


def joined(sets: tuple[Album, ...]) -> Album:
    people = np.cumsum([0, *(each.identity.max() + 1 for each in sets)])
    photos = np.cumsum([0, *(each.photo.max() + 1 for each in sets)])
    return Album(
        "+".join(each.name for each in sets),
        np.concatenate([each.rows for each in sets]),
        np.concatenate(
            [np.where(each.identity < 0, -1, each.identity + p) for each, p in zip(sets, people, strict=False)]
        ),
        np.concatenate([each.photo + p for each, p in zip(sets, photos, strict=False)]),
    )


def _some_people(album: Album, size: int, random: np.random.Generator) -> Album:
    """People in random order until ``size`` faces are there; bystanders in proportion."""
    share = random.uniform(0.15, 1.0, size=int(album.identity.max()) + 1)  # of each person's photos
    known = album.identity >= 0
    kept = random.random(len(album)) < np.where(known, share[album.identity], 1.0)
    rank = random.permutation(len(share))[album.identity]
    faces = np.flatnonzero(kept & known)
    within = rank[faces] <= np.sort(rank[faces])[min(size, len(faces)) - 1]
    bystanders = np.flatnonzero(~known)
    chosen = bystanders[random.random(len(bystanders)) < within.mean()]
    return album.take(np.sort(np.concatenate([faces[within], chosen])))
