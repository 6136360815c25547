"""Embedding."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.vision.conftest import central_face
from tests.vision.onnx_network import quarters
from vultus.config import ConfigError
from vultus.media.images.picture import decode_picture
from vultus.vision.faces.embed import FaceEmbedder, PairEmbedder, load_embedder
from vultus.vision.models.model import Embedder, FarPoint, Pair, shipped_models

FAR = [FarPoint(rate=1e-3, similarity=0.5), FarPoint(rate=1e-5, similarity=0.6)]


def users_network(path: Path, batch: int | str, dimension: int = 12, **settings) -> FaceEmbedder:
    path.write_bytes(quarters(batch))
    model = Embedder(id="quarters", file="q", runtime="onnx", layout="nchw", dimension=dimension, far=FAR, **settings)
    return FaceEmbedder(model, path)


@pytest.fixture
def chip() -> np.ndarray:
    """Red to the left, a little green below."""
    chip = np.zeros((112, 112, 3), np.uint8)
    chip[:, :56, 0] = 255
    chip[56:, :, 1] = 100
    return chip


@pytest.mark.parametrize("batch", [1, 2, "n"])
def test_a_users_network_embeds_the_chip_and_its_mirror(batch: int | str, tmp_path: Path, chip: np.ndarray) -> None:
    embedding = users_network(tmp_path / "q.onnx", batch, mean=0, scale=255).embed(chip)
    red, green, blue = embedding.vector.reshape(3, 2, 2)
    assert np.linalg.norm(embedding.vector) == pytest.approx(1)
    assert red == pytest.approx(np.full((2, 2), red[0, 0]))  # the mirror has its red to the right
    assert green[1] / red[1] == pytest.approx([200 / 255] * 2, rel=1e-3)
    assert (green[0] == 0).all()
    assert (blue == 0).all()


def test_an_onnx_file_says_the_same_whatever_runs_it(tmp_path: Path, models, chip: np.ndarray) -> None:
    network = models.models.embedder("faceplugin-512")
    path = models.path(network.file)
    one, other = (
        FaceEmbedder(msgspec.structs.replace(network, runtime=runtime, layer=None), path).embed(chip)
        for runtime in ("onnx", "opencv")
    )
    np.testing.assert_allclose(one.vector, other.vector, atol=1e-5)
    assert one.strength == pytest.approx(other.strength, rel=1e-5)
    assert one.agreement == pytest.approx(other.agreement, abs=1e-5)


def test_a_network_that_wants_blue_first_gets_it(tmp_path: Path, chip: np.ndarray) -> None:
    vector = users_network(tmp_path / "q.onnx", 1, mean=0, scale=255, colour="bgr").embed(chip).vector
    assert (vector.reshape(3, 4)[0] == 0).all()
    assert (vector.reshape(3, 4)[2] > 0).all()


def test_a_network_of_another_dimension_is_refused_by_name(tmp_path: Path, chip: np.ndarray) -> None:
    with pytest.raises(ConfigError, match=r"quarters answers with shape \(2, 12\), not \(2, 512\)"):
        users_network(tmp_path / "q.onnx", 1, dimension=512).embed(chip)


@pytest.mark.parametrize("runtime", ["onnx", "opencv", "tflite"])
def test_a_file_that_is_no_network_is_named(runtime: str, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no network")
    with pytest.raises(ConfigError, match="broken is no network"):
        FaceEmbedder(Embedder(id="x", file="x", runtime=runtime, dimension=1, far=FAR), tmp_path / "broken")


def test_a_face_and_its_mirror_have_the_same_embedding(models, chip: np.ndarray) -> None:
    embedder = FaceEmbedder(shipped_models().embedder("mobilefacenet-192"), models.path("mobilefacenet"))
    one, mirror = embedder.embed(chip), embedder.embed(chip[:, ::-1])
    assert one.vector.shape == (192,)
    assert one.vector @ mirror.vector == pytest.approx(1, abs=1e-5)


def test_a_face_and_its_mirror_have_the_same_embedding_in_a_pair(models, chip: np.ndarray) -> None:
    embedder = load_embedder(models.models, models.path, "pair-192")
    one, mirror = embedder.embed(chip), embedder.embed(chip[:, ::-1])
    assert one.vector.shape == (192,)
    assert np.linalg.norm(one.vector) == pytest.approx(1)
    assert one.vector @ mirror.vector == pytest.approx(1, abs=1e-5)


PAIR = Pair(id="both", parts=("quarters", "quarters"), projection="p", dimension=5, far=FAR)


def test_a_projection_maps_both_vectors_one_after_the_other(tmp_path: Path, chip: np.ndarray) -> None:
    one = users_network(tmp_path / "q.onnx", 1, mean=0, scale=255)
    other = users_network(tmp_path / "r.onnx", 1, mean=0, scale=255, colour="bgr")
    np.save(tmp_path / "p.npy", np.eye(24, dtype=np.float16)[[0, 3, 4, 12, 20]])
    vector = PairEmbedder(PAIR, one, other, tmp_path / "p.npy").embed(chip).vector
    both = np.concatenate([one.embed(chip).vector, other.embed(chip).vector])[[0, 3, 4, 12, 20]]
    np.testing.assert_allclose(vector, both / np.linalg.norm(both), rtol=1e-5)


@pytest.mark.parametrize("shape", [(5, 23), (6, 24), (24,)])
def test_a_projection_of_another_shape_is_refused(shape: tuple[int, ...], tmp_path: Path, chip: np.ndarray) -> None:
    network = users_network(tmp_path / "q.onnx", 1)
    np.save(tmp_path / "p.npy", np.ones(shape, np.float16))
    with pytest.raises(ConfigError, match="The projection of both has shape"):
        PairEmbedder(PAIR, network, network, tmp_path / "p.npy").embed(chip)


@pytest.mark.parametrize("content", [b"", b"no array", b"PK\3\4"])
def test_a_file_that_is_no_projection_is_named(content: bytes, tmp_path: Path) -> None:
    network = users_network(tmp_path / "q.onnx", 1)
    (tmp_path / "p.npy").write_bytes(content)
    with pytest.raises(ConfigError, match=r"p\.npy is no projection"):
        PairEmbedder(PAIR, network, network, tmp_path / "p.npy")


def test_people_are_told_apart(analyser, data: Path) -> None:
    """True accept rate at a false accept rate of 1e-3 on two photos each of 100 people of LFW."""
    people = [folder for folder in sorted((data / "faces-lfw").iterdir()) if len(list(folder.iterdir())) > 1][:100]
    files = [file for folder in people for file in sorted(folder.iterdir())[:2]]
    pictures = [decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**7) for file in files]
    vectors = np.array([central_face(analyser, picture.pixels).embedding for picture in pictures])
    similarity = vectors[::2] @ vectors[1::2].T
    same = np.eye(len(people), dtype=bool)
    threshold = np.quantile(similarity[~same], 1 - 1e-3)
    assert (similarity[same] > threshold).mean() >= 0.975
