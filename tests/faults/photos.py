"""Photos for tests that need many."""

from pathlib import Path

import numpy as np
from PIL import Image


def make_photos(folder: Path, sample: Path, count: int) -> None:
    """Photos that differ from one another and hold a face each, small enough to be quick."""
    with Image.open(sample) as picture:
        face = picture.convert("RGB").crop((300, 40, 700, 480))
    random_numbers = np.random.default_rng(7)
    for number in range(count):
        picture = Image.new("RGB", (200, 200), tuple(int(c) for c in random_numbers.integers(0, 255, 3)))
        picture.paste(
            face.resize((160, 160)), (int(random_numbers.integers(0, 40)), int(random_numbers.integers(0, 40)))
        )
        picture.save(folder / f"{number:03d}.jpg", quality=85)
