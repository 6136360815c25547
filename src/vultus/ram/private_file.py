"""Files that nobody but their owner may read."""

import os
from pathlib import Path


def write_private(path: Path, content: bytes, *, replace: bool) -> bool:
    """Write a file whole or not at all, never readable for others; its folder is made, when absent.

    Args:
        path: the file.
        content: what is to be in it.
        replace: whether a file that is there is replaced.

    Returns:
        Whether it was written: False where a file is there that is to stay.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.unlink(missing_ok=True)
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            draft.replace(path)
        elif not _linked(path, draft):
            return False
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _linked(path: Path, draft: Path) -> bool:
    """Give the draft its name; unlike a renaming, it fails where the name is taken."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Make sure that the name of the file outlives a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
