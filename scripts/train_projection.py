"""Train the projection of the pair of embedding networks: ``src/vultus/vision/models/pair-192.npy``.

    python scripts/train_projection.py [--data DIR] [--photos N] [--out FILE]

Every face that is found in the photos of ``faces-lfw``, ``photos-celeba`` and ``attr-utkface`` in DIR is embedded by
both networks. The directions in which those vectors reach furthest (PCA without centring, which told people apart a
little worse) are the rows of the projection. Identities are not looked at. The photos are of research-only sets;
docs/models.md says so to users. Prints the size and SHA-256 for ``models.toml``.
"""

import argparse
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vultus.config import load_settings
from vultus.media.images.picture import decode_picture
from vultus.vision.faces.align import aligned
from vultus.vision.faces.detect import Detector
from vultus.vision.faces.embed import FaceEmbedder
from vultus.vision.models.store import ModelStore

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "vultus" / "vision" / "models" / "pair-192.npy"
FOLDERS = ("faces-lfw", "photos-celeba", "attr-utkface")
MODEL = "pair-192"
SEED = 192  # of the order in which photos are taken, which matters when not all are
MIN_SIDE = 40  # pixels, as when indexing
WORKING_SIDE = 1024


def main() -> None:
    """Train it and write it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=0, help="how many photos; 0 for all")
    arguments.add_argument("--out", type=Path, default=TARGET)
    given = arguments.parse_args()
    store = ModelStore(load_settings())
    photos = chosen(given.data, given.photos)
    vectors = np.array(list(embedded(store, photos)))
    projection = trained(vectors, store.models.embedding_model(MODEL).dimension)
    np.save(given.out, projection)
    content = given.out.read_bytes()
    kept = float(np.square(vectors @ projection.T.astype(np.float32)).sum(axis=1).mean() / 2)
    print(f"{len(vectors)} faces of {len(photos)} photos; {kept:.2%} of their length is kept")
    print(f"bytes = {len(content)}\nsha256 = {hashlib.sha256(content).hexdigest()}")


def chosen(data: Path, count: int) -> list[Path]:
    """The photos, or ``count`` of them; the same ones every time."""
    photos = sorted(path for folder in FOLDERS for path in (data / folder).rglob("*") if path.is_file())
    random.Random(SEED).shuffle(photos)
    return photos[: count or None]


def embedded(store: ModelStore, photos: list[Path]) -> Iterator[NDArray[np.float32]]:
    """The vectors of both networks, one after the other, of every face in some photos."""
    detector = Detector(store.models.cascade("mtcnn"), store.path, MIN_SIDE)
    [pair] = [model for model in store.models.pairs if model.id == MODEL]
    parts = [store.models.embedder(part) for part in pair.parts]
    networks = [FaceEmbedder(part, store.path(part.file)) for part in parts]
    for photo in photos:
        pixels = decode_picture(photo.read_bytes(), working_side=WORKING_SIDE, max_pixels=10**8).pixels
        for landmarks in detector.detect(pixels).landmarks:
            chip = aligned(pixels, landmarks)
            yield np.concatenate([network.embed(chip).vector for network in networks])


def trained(vectors: NDArray[np.float32], dimension: int) -> NDArray[np.float16]:
    """Return the directions in which vectors reach furthest.

    Args:
        vectors: (n, d), at least as many as there are directions.
        dimension: how many directions.

    Returns:
        (dimension, d) rows of unit length at right angles, each with its largest entry positive, so that it does not
        depend on who computed it. Half precision costs a cosine less than 0.0005.
    """
    spread = vectors.astype(np.float64).T @ vectors.astype(np.float64)
    directions = np.linalg.eigh(spread)[1][:, ::-1][:, :dimension].T
    largest = np.abs(directions).argmax(axis=1)
    return (directions * np.sign(directions[np.arange(dimension), largest])[:, None]).astype(np.float16)


if __name__ == "__main__":
    main()
