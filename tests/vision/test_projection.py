"""The projection of the pair: what it keeps, and that the script which made it makes it again."""

from pathlib import Path

import numpy as np
import pytest

from scripts.train_projection import TARGET, chosen, embedded, trained

PHOTOS = 200


@pytest.fixture(scope="module")
def vectors(models, data: Path) -> np.ndarray:
    """(n, 704) of both networks, of faces that come first in the order in which the script takes them."""
    return np.array(list(embedded(models, chosen(data, PHOTOS))))


def cosines(vectors: np.ndarray) -> np.ndarray:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


def test_what_is_shipped_keeps_the_cosine_of_both_networks(vectors) -> None:
    shipped = np.load(TARGET).astype(np.float32)
    mean = (cosines(vectors[:, :192]) + cosines(vectors[:, 192:])) / 2
    np.testing.assert_allclose(cosines(vectors @ shipped.T), mean, atol=0.025)


def test_a_tenth_of_the_photos_teach_nearly_the_same(vectors) -> None:
    again = trained(vectors, 192).astype(np.float32)
    shipped = np.load(TARGET).astype(np.float32)
    np.testing.assert_allclose(cosines(vectors @ again.T), cosines(vectors @ shipped.T), atol=0.025)


def test_directions_are_of_unit_length_and_at_right_angles_whoever_computed_them(vectors) -> None:
    again = trained(vectors, 192)
    np.testing.assert_allclose(again.astype(np.float32) @ again.T.astype(np.float32), np.eye(192), atol=2e-3)
    backwards = trained(vectors[::-1], 192)
    np.testing.assert_allclose(np.abs(again - backwards).max(axis=1)[:50], 0, atol=2e-3)
    assert (again[np.arange(192), np.abs(again).argmax(axis=1)] > 0).all()


def test_the_same_photos_are_taken_every_time(data: Path) -> None:
    assert chosen(data, 10) == chosen(data, 10) == chosen(data, 0)[:10]
