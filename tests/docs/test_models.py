"""docs/models.md names the models that there are, and the figures they are used with."""

from pathlib import Path

from vultus.vision.models.model import Package, Shipped, known_models, shipped_models

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "models.md").read_text("utf-8")


def test_every_shipped_file_is_named_with_its_package():
    for file in shipped_models().files:
        assert f"`{file.file}`" in PAGE
        for source in file.sources:
            assert isinstance(source, Package | Shipped)
            assert isinstance(source, Shipped) or f"`{source.name}` {source.version}" in PAGE


def test_the_formula_of_quality_is_the_one_that_is_used():
    for model in ("pair-192", "mobilefacenet-192"):
        weights = shipped_models().embedding_model(model).quality
        assert (
            f"{weights.strength:g} * strength + {weights.agreement:g} * agreement "
            f"+ {weights.certainty:g} * certainty - {-weights.constant:g}"
        ) in PAGE


def test_the_example_of_a_users_model_can_be_used(tmp_path):
    example = PAGE.split("```toml\n")[1].split("```")[0]
    (tmp_path / "models.toml").write_text(example.replace('sha256 = "..."', f'sha256 = "{"0" * 64}"'))
    assert known_models(tmp_path).embedder("arcface-512").dimension == 512
