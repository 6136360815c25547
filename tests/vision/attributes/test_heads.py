"""The heads: what they see of a layer, and that a layer is had without changing the network."""

from pathlib import Path

import numpy as np
import pytest

from vultus.config import ConfigError
from vultus.vision.attributes.heads import Evidence, Heads, folded
from vultus.vision.models.model import Layer
from vultus.vision.models.runtime import OpenCVNetwork
from vultus.vision.models.tap import TappedNetwork

NETWORK = "faceplugin-512"


def test_a_face_and_its_mirror_are_seen_alike() -> None:
    layer = np.random.default_rng(0).normal(size=(2, 3, 5, 5)).astype(np.float32)
    turned = layer[::-1]
    np.testing.assert_array_equal(folded(layer), folded(turned))
    np.testing.assert_allclose(folded(layer), folded(layer[..., ::-1]), rtol=1e-6)
    assert folded(layer).shape == (3 * 5 * 3,)


def test_evidence_is_what_the_weights_and_the_constants_come_to(tmp_path: Path) -> None:
    layer = np.ones((2, 2, 2, 2), np.float32)
    np.save(tmp_path / "h.npy", np.column_stack([np.eye(5, 4), np.arange(5)]).astype(np.float32))
    assert Heads(tmp_path / "h.npy").evidence(layer) == Evidence(1, 2, 3, 4, 4)


def test_heads_of_another_layer_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "h.npy", np.zeros((5, 9), np.float32))
    with pytest.raises(ConfigError, match="gives 4 numbers"):
        Heads(tmp_path / "h.npy").evidence(np.ones((2, 2, 2, 2), np.float32))


def test_a_file_that_holds_no_heads_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "h.npy").write_bytes(b"no array")
    with pytest.raises(ConfigError, match=r"h\.npy holds no heads"):
        Heads(tmp_path / "h.npy")


def test_a_tapped_network_answers_as_before_and_gives_its_layer(models) -> None:
    model = models.models.embedder(NETWORK)
    path, batch = models.path(model.file), np.random.default_rng(0).normal(size=(2, 3, 112, 112)).astype(np.float32)
    output, layer = TappedNetwork(path, model.layer).run(batch)
    np.testing.assert_array_equal(output, OpenCVNetwork(path).run(batch)[0])
    assert layer.shape == (2, *model.layer.shape)
    assert np.abs(layer).max() > 0


def test_a_layer_that_is_not_there_is_refused_by_name(models) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        TappedNetwork(models.path("faceplugin"), Layer(name="nowhere", shape=(1, 2, 3))).run(
            np.zeros((1, 3, 112, 112), np.float32)
        )
