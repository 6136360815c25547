"""What Sharpness makes of blur, noise, darkness, compression and small faces, step by step, beside the usual measure.

    python benchmarks/sharpness.py [--data DIR] [--photos N]

Photos of DIR/faces-lfw are damaged more and more, with the landmarks of the whole photo, so that nothing but the damage
changes. For each step: the median of Sharpness, the share of faces that are called no sharper than a step before, and
the same of the variance of the Laplacian over the aligned face, in parts of that of the photo as it is. Sharpness must
fall with blur, with smallness, and where a picture is both blurred and noisy; noise must not raise it.

Prints a table and verdicts, then the figures as one line of JSON.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from faces import Pixels, central
from vultus.config import load_settings
from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.align import aligned
from vultus.vision.faces.sharpness import sharpness_of
from vultus.vision.models.store import ModelStore

Values = NDArray[np.float64]
MUST_FALL = ("blur", "small", "blur under noise")
MUST_NOT_RISE = ("noise", "darkness with noise")
SHARE = 0.95  # of faces, of which a verdict must hold at every step
BRIGHT = 255


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=200, help="how many photos; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    analyser = FaceAnalyser(ModelStore(settings), settings.faces)
    files = sorted((given.data / "faces-lfw").glob("*/*"))
    seen = []
    for file in files[:: max(len(files) // given.photos, 1) if given.photos else 1]:
        pixels = np.ascontiguousarray(decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**8).pixels)
        face = central(analyser, pixels)
        if face is not None:
            seen.append((pixels, face.landmarks))
    figures = ladders(seen)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def ladders(seen: list[tuple[Pixels, NDArray[np.float32]]]) -> dict[str, float]:
    """Climb every ladder with every face."""
    columns = ["damage", "Sharpness", "no sharper than before, %", "variance of the Laplacian", "no sharper, %"]
    table = Table(*columns, title=f"{len(seen)} faces")
    figures: dict[str, float] = {}
    for name, (steps, damage) in LADDERS.items():
        key, chance = name.replace(" ", "_"), np.random.default_rng(0)
        before, usual_before = measured([aligned(*face) for face in seen])
        whole, worst = usual_before, 1.0
        table.add_row(f"{name}: none", f"{np.median(before):.2f}", "", "1.00", "")
        for step in steps:
            after, usual = measured([aligned(*damage(*face, step, chance)) for face in seen])
            kept, usual_kept = ((now <= then).mean() for now, then in ((after, before), (usual, usual_before)))
            ratio = f"{np.median(usual / whole):.2f}"
            table.add_row(
                f"{name}: {step}", f"{np.median(after):.2f}", f"{100 * kept:.0f}", ratio, f"{100 * usual_kept:.0f}"
            )
            figures[f"{key}_{step}"] = float(np.median(after))
            before, usual_before, worst = after, usual, min(worst, float(kept))
        figures[f"{key}_no_sharper"] = worst
        if name in MUST_FALL + MUST_NOT_RISE:
            print(
                f"{name}: no step makes it sharper, of {worst:.1%} of faces: {'kept' if worst >= SHARE else 'MISSED'}"
            )
    Console(width=120).print(table)
    return figures


def measured(chips: list[Pixels]) -> tuple[Values, Values]:
    """Sharpness and variance of the Laplacian of aligned faces."""
    usual = [cv2.Laplacian(cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var() for chip in chips]
    return np.array([sharpness_of(chip) for chip in chips]), np.array(usual)


Damaged = tuple[Pixels, NDArray[np.float32]]
Damage = Callable[[Pixels, NDArray[np.float32], float, np.random.Generator], Damaged]


def blurred(pixels: Pixels, landmarks: NDArray[np.float32], radius: float, chance: np.random.Generator) -> Damaged:
    return cv2.GaussianBlur(pixels, (0, 0), radius), landmarks


def noisy(pixels: Pixels, landmarks: NDArray[np.float32], deviation: float, chance: np.random.Generator) -> Damaged:
    return np.clip(pixels + chance.normal(0, deviation, pixels.shape), 0, BRIGHT).astype(np.uint8), landmarks


def blurred_and_noisy(
    pixels: Pixels, landmarks: NDArray[np.float32], radius: float, chance: np.random.Generator
) -> Damaged:
    return noisy(cv2.GaussianBlur(pixels, (0, 0), radius), landmarks, 20, chance)


def dim(pixels: Pixels, landmarks: NDArray[np.float32], light: float, chance: np.random.Generator) -> Damaged:
    return (pixels * light).round().astype(np.uint8), landmarks


def dim_and_noisy(pixels: Pixels, landmarks: NDArray[np.float32], light: float, chance: np.random.Generator) -> Damaged:
    return noisy((pixels * light).astype(np.uint8), landmarks, 6, chance)


def compressed(pixels: Pixels, landmarks: NDArray[np.float32], quality: float, chance: np.random.Generator) -> Damaged:
    content = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1]
    return cv2.imdecode(content, cv2.IMREAD_COLOR), landmarks


def small(pixels: Pixels, landmarks: NDArray[np.float32], scale: float, chance: np.random.Generator) -> Damaged:
    reduced = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return reduced, landmarks * np.float32(scale)


LADDERS: dict[str, tuple[tuple[float, ...], Damage]] = {
    "blur": ((0.7, 1.5, 2.5, 4), blurred),  # pixels
    "small": ((0.7, 0.5, 0.35, 0.25), small),  # of the size
    "blur under noise": ((0.7, 1.5, 2.5, 4), blurred_and_noisy),  # pixels
    "noise": ((5, 10, 20, 40), noisy),  # of 255
    "darkness with noise": ((0.5, 0.25, 0.12), dim_and_noisy),  # of the brightness
    "darkness": ((0.5, 0.25, 0.12), dim),
    "compression": ((60, 30, 15, 7), compressed),  # quality of JPEG
}


if __name__ == "__main__":
    main()
