"""models.toml: what Vultus ships with, and what a user adds."""

from pathlib import Path

import pytest

from vultus.config import ConfigError
from vultus.vision.models.model import Package, Pair, Shipped, known_models, shipped_models

ARCFACE = """
pack = ["arcface-512"]

[[embedders]]
id = "arcface-512"
file = "arcface"
runtime = "onnx"
layout = "nchw"
dimension = 512
far = [{ rate = 1e-3, similarity = 0.3 }, { rate = 1e-5, similarity = 0.45 }]

[[files]]
id = "arcface"
file = "arcface.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
bytes = 1
licence = "Apache-2.0"
"""

AGES = """
[[classifiers]]
id = "age"
file = "ages"
side = 48
margin = 0.2
mean = [127.5, 127.5, 127.5]
scale = 128.0
classes = 101

[[files]]
id = "ages"
file = "ages.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
bytes = 1
licence = "MIT"
"""


def test_every_file_of_a_shipped_model_is_listed_with_licence_origin_and_source() -> None:
    models = shipped_models()
    for model in (
        *(*models.cascades, *models.embedding_models, *models.classifiers, *models.spotters),
        *(*models.texts, *models.labellers),
    ):
        for file in map(models.file, model.files):
            assert file.licence
            assert file.origin
            assert file.sources


def test_the_shipped_models_name_packages_and_no_addresses() -> None:
    assert all(isinstance(source, Package | Shipped) for file in shipped_models().files for source in file.sources)


def test_what_comes_with_vultus_itself_learned_from_photos_whose_terms_are_told() -> None:
    own = [file for file in shipped_models().files if any(isinstance(source, Shipped) for source in file.sources)]
    scripts = {"pair-192.npy": "scripts/train_projection.py, seed", "wearing.npy": "scripts/train_heads.py, seed"}
    assert {file.file for file in own} == set(scripts)
    for file in own:
        assert "research only" in file.origin
        assert scripts[file.file] in file.origin


def test_the_similarity_curve_rises_as_rates_fall() -> None:
    for embedder in shipped_models().embedding_models:
        points = sorted(embedder.far, key=lambda point: point.rate)
        assert [point.similarity for point in points] == sorted((point.similarity for point in points), reverse=True)


def test_a_user_adds_an_arcface_network(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(ARCFACE)
    models = known_models(tmp_path)
    assert models.embedder("arcface-512").template == "arcface112"
    assert models.file_ids("arcface-512") == ["arcface"]
    assert models.embedder("mobilefacenet-192").dimension == 192
    assert models.pack == [*shipped_models().pack, "arcface-512"]


def test_a_pair_is_of_the_files_of_both_and_of_its_projection() -> None:
    assert shipped_models().file_ids("pair-192") == ["mobilefacenet", "faceplugin", "pair-projection"]


def test_a_user_replaces_the_shipped_pair_by_a_network(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(ARCFACE.replace("arcface-512", "pair-192"))
    models = known_models(tmp_path)
    assert not isinstance(models.embedding_model("pair-192"), Pair)
    assert models.file_ids("pair-192") == ["arcface"]


def test_a_user_replaces_the_shipped_network_of_ages(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(AGES)
    models = known_models(tmp_path)
    assert models.classifier("age").side == 48
    assert models.classifier("gender") == shipped_models().classifier("gender")
    assert models.file_ids("age") == ["ages"]


def test_a_user_replaces_a_shipped_file(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(ARCFACE.replace('"arcface"', '"mobilefacenet"'))
    models = known_models(tmp_path)
    assert models.file("mobilefacenet").file == "arcface.onnx"
    assert len(models.files) == len(shipped_models().files)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("dimension = 512", 'dimension = "many"'),
        ('sha256 = "0', 'sha256 = "x'),
        ('file = "arcface.onnx"', 'file = "../arcface.onnx"'),
        ("bytes = 1", "bytes = 1\nsize = 1"),
        ('licence = "Apache-2.0"', 'licence = "?"\nsources = [{ kind = "url", url = "ftp://example.org/a.onnx" }]'),
        ("[[files]]", "[[files"),
    ],
)
def test_a_users_file_that_cannot_be_used_is_named(line: str, instead: str, tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text(ARCFACE.replace(line, instead))
    with pytest.raises(ConfigError, match=r"models\.toml cannot be used"):
        known_models(tmp_path)


def test_an_unknown_embedding_model_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"no embedding model 'facenet'; there is faceplugin-512, mobilefacenet-192, pair-192"
    ):
        known_models(tmp_path).embedding_model("facenet")
