"""A dataset whose run takes long enough for something to happen meanwhile."""

import msgspec
import numpy as np

from tests.synthetic import SyntheticAlbum, face
from vultus.catalog import Catalog
from vultus.config import Settings

PEOPLE = 400
PHOTOS = 12  # of each of them
IN_PHOTO = 20  # people


def add_crowd(catalog: Catalog, project: str = "default", dataset: str = "photos") -> SyntheticAlbum:
    """A dataset of 4,800 faces that no run has looked at."""
    album = SyntheticAlbum.make(catalog, project, dataset)
    random = np.random.default_rng(3)
    centres = random.normal(size=(PEOPLE, 192))
    sample = face()
    with catalog.transaction():
        for number in range(PEOPLE * PHOTOS // IN_PHOTO):
            first = number * IN_PHOTO % PEOPLE
            vectors = centres[first : first + IN_PHOTO] + 0.5 * random.normal(size=(IN_PHOTO, 192))
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            found = [msgspec.structs.replace(sample, embedding=vector.astype("<f2").tobytes()) for vector in vectors]
            album.add(f"oss://album/{number}.jpg", found, model=Settings().faces.profile)
    return album
