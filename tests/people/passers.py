"""The few people whom photos of a made-up album show, and what their faces look like."""

import numpy as np

from vultus.config import Settings
from vultus.index.resemblance import resemblance_of

SETTINGS = Settings()
MODEL = SETTINGS.faces.profile
RESEMBLANCE = resemblance_of(MODEL, SETTINGS.home)
PEOPLE = 5
CENTRES = np.random.default_rng(7).normal(size=(PEOPLE, 192))
CENTRES[3] = CENTRES[2] + 0.9 * CENTRES[3]  # siblings
CENTRES /= np.linalg.norm(CENTRES, axis=1, keepdims=True)


def embedding(person: int, number: int) -> bytes:
    """A face of a person; each number another photo."""
    noise = np.random.default_rng([person, number]).normal(size=192) / np.sqrt(192)
    direction = CENTRES[person] + 0.6 * noise
    return (direction / np.linalg.norm(direction)).astype("<f2").tobytes()


def look_again(vector: bytes, number: int) -> bytes:
    """The same face after its photo was changed."""
    noise = np.random.default_rng(number).normal(size=192) / np.sqrt(192)
    direction = np.frombuffer(vector, "<f2").astype(float) + 0.3 * noise
    return (direction / np.linalg.norm(direction)).astype("<f2").tobytes()


def strangers(vector: bytes) -> list[int]:
    """The people whom a face cannot be taken for."""
    alike = CENTRES @ np.frombuffer(vector, "<f2").astype(float)
    return [person for person in range(PEOPLE) if alike[person] < RESEMBLANCE.in_place - 0.15]
