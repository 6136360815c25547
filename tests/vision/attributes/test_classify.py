"""Telling attributes of a face."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.vision.onnx_network import quarters
from vultus.config import ConfigError
from vultus.vision.attributes.classify import FaceClassifier
from vultus.vision.faces.align import MEAN_FACE
from vultus.vision.models.model import Classifier

MODEL = Classifier(
    id="quarters", file="q", side=112, margin=0.0, mean=(-1.0, -1.0, -1.0), scale=256.0, classes=12
)  # black goes in as 1/256, so that every quarter has a logarithm
LANDMARKS = MEAN_FACE * 112


@pytest.fixture
def users_network(tmp_path: Path):
    """Build a classifier that takes the brightness of a quarter for how likely it is."""

    def build(**settings) -> FaceClassifier:
        (tmp_path / "q.onnx").write_bytes(quarters("n"))
        return FaceClassifier(msgspec.structs.replace(MODEL, **settings), tmp_path / "q.onnx")

    return build


@pytest.fixture
def picture() -> np.ndarray:
    """Red to the left."""
    picture = np.zeros((112, 112, 3), np.uint8)
    picture[:, :56, 0] = 255
    return picture


def test_a_face_and_its_mirror_count_alike(users_network, picture: np.ndarray) -> None:
    network = users_network()
    shares = network.probabilities(picture, LANDMARKS)
    assert shares.sum() == pytest.approx(1)
    red, green, blue = shares.reshape(3, 2, 2)
    assert red == pytest.approx(np.full((2, 2), red[0, 0]))
    assert (red > green).all()
    assert green == pytest.approx(blue)
    mirrored = network.probabilities(np.ascontiguousarray(picture[:, ::-1]), LANDMARKS)
    assert mirrored == pytest.approx(shares)


def test_a_temperature_makes_shares_less_sure_and_keeps_their_order(users_network, picture: np.ndarray) -> None:
    sure = users_network().probabilities(picture, LANDMARKS)
    unsure = users_network(temperature=3.0).probabilities(picture, LANDMARKS)
    assert unsure.max() < sure.max()
    assert unsure.min() > sure.min()
    assert np.argmax(unsure) == np.argmax(sure)


def test_a_network_with_other_classes_than_it_is_said_to_have_is_refused(users_network, picture: np.ndarray) -> None:
    with pytest.raises(ConfigError, match=r"shape \(2, 12\), not \(2, 81\)"):
        users_network(classes=81).probabilities(picture, LANDMARKS)


def test_biases_move_shares_to_their_classes(users_network, picture: np.ndarray) -> None:
    plain = users_network().probabilities(picture, LANDMARKS)
    moved = users_network(bias=[0.0] * 11 + [3.0]).probabilities(picture, LANDMARKS)
    assert moved[11] / moved[0] == pytest.approx(np.exp(3) * plain[11] / plain[0])


def test_as_many_biases_as_classes_are_wanted(users_network) -> None:
    with pytest.raises(ConfigError, match="12 classes and 1 biases"):
        users_network(bias=[1.0])
