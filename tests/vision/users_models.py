"""A user's own model files, as tests of the store know them."""

import hashlib
from pathlib import Path

from vultus.config import Settings
from vultus.vision.models.store import ModelStore

CONTENT = bytes(range(256)) * 4096  # 1 MiB: several pieces
SHA256 = hashlib.sha256(CONTENT).hexdigest()

USERS_FILE = """
[[files]]
id = "net"
file = "net.onnx"
sha256 = "{sha256}"
bytes = {bytes}
licence = "CC0-1.0"
sources = [{sources}]

[[files]]
id = "twin"
file = "twin.onnx"
sha256 = "{sha256}"
bytes = {bytes}
licence = "CC0-1.0"
sources = [{sources}]
"""


def store_with(home: Path, sources: str, models: str = "") -> ModelStore:
    """A store that knows the files ``net`` and ``twin`` beside the shipped ones."""
    (home / "models.toml").write_text(USERS_FILE.format(sha256=SHA256, bytes=len(CONTENT), sources=sources))
    return ModelStore(Settings(home=home, models=models))


def at(address: str) -> str:
    return f'{{ kind = "url", url = "{address}/net.onnx" }}'


def leftovers(store: ModelStore) -> set[str]:
    return {path.name for path in store.folder.iterdir()} - {"net.onnx", "twin.onnx", ".lock", "verified.json"}
