"""How well a face is described, and what it costs: every promise of attributes in one run.

    python benchmarks/attributes.py [--data DIR] [--photos N]

Runs what ages.py, wearing.py, emotion.py, mouth.py and pose.py measure, each of which can be run by itself and says
what it does, on DIR (people in the layout of ../shared/data; what DIR does not hold is left out, and said). Then what
all attributes add to detection and embedding in photos of DIR/groups-friends6 and DIR/families-azure with two faces.

Prints tables, each promise with whether it is kept, then the figures as one line of JSON.
"""

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from ages import ages_and_genders, decoded
from emotion import emotions
from mouth import mouths
from pose import FEW, poses
from vultus.config import Settings, load_settings
from vultus.media.images.picture import Picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.align import aligned
from vultus.vision.models.store import ModelStore
from wearing import wearing

GROUPS = ("groups-friends6", "families-azure")
#: At least; those of AT_MOST at most.
TARGETS = {
    "gender_utkface": 0.97,
    "gender_lfw": 0.97,
    "masked_found": 0.9,
    "mask_accuracy": 0.97,
    "happiness_or_none": 0.8,
    "mouth": 0.9,
    "glasses_balanced": 0.9,
    "hat_balanced": 0.9,
    "beard_balanced": 0.9,
    "mesh_sign": 1.0,
    "mesh_monotone": 1.0,
}
AT_MOST = {"age_error": 6.0, "rooms_with_a_face": 1.0, "cost": 1.6}

Part = Callable[[], dict[str, float]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=0, help="how many photos of each set; 0 for all")
    given = arguments.parse_args()
    settings = load_settings()
    figures: dict[str, float] = {}
    for name, part in parts(settings, given.data, given.photos).items():
        try:
            figures |= part()
        except (FileNotFoundError, SystemExit) as error:
            print(f"{name}: not measured: {error}")
    for name, target in (TARGETS | AT_MOST).items():
        if name in figures:
            kept = figures[name] <= target if name in AT_MOST else figures[name] >= target
            limit = "at most" if name in AT_MOST else "at least"
            print(f"{name}: {figures[name]:.3f}, wanted {limit} {target}: {'kept' if kept else 'MISSED'}")
        else:
            print(f"{name}: not measured")
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}))


def parts(settings: Settings, data: Path, most: int) -> dict[str, Part]:
    """What is measured, by name."""
    analyser = FaceAnalyser(ModelStore(settings), settings.faces)
    return {
        "age and gender": partial(ages_and_genders, analyser, data, most),
        "what faces wear": partial(wearing, settings, analyser, data),
        "emotion": partial(emotions, analyser, data, most),
        "mouth": partial(mouths, analyser, data, most),
        "pose": partial(poses, analyser, data, most or FEW),
        "cost": partial(cost, analyser, data, most or None),
    }


def cost(analyser: FaceAnalyser, data: Path, most: int | None) -> dict[str, float]:
    """Time of the processor for detection and embedding, and for all the rest, in photos with two faces."""
    files = [file for folder in GROUPS for file in sorted((data / folder).glob("*.*"))][:most]
    spent = np.array([times for file in files if (times := stopped(analyser, decoded(file)))])
    if not len(spent):
        print("No photo holds two faces; what attributes cost is not measured.")
        return {}
    bare, whole = 1000 * np.median(spent, axis=0)
    table = Table("", "ms", "in parts", title=f"Photos with two faces, median of {len(spent)}")
    table.add_row("detection and embedding", f"{bare:.1f}", "1.00")
    ratio = float(np.median(spent[:, 1] / spent[:, 0]))
    table.add_row("with all attributes", f"{whole:.1f}", f"{ratio:.2f}")
    Console().print(table)
    return {"cost": ratio, "milliseconds_a_face": float(whole - bare) / 2}


def stopped(analyser: FaceAnalyser, picture: Picture) -> list[float]:
    """Seconds of detecting and embedding, and of all that is told of faces; none where there are not two."""
    began = time.process_time()
    landmarks = analyser.detector.detect(picture.pixels).landmarks
    if len(landmarks) != 2:
        return []
    for face in landmarks:
        analyser.embedder.embed(aligned(picture.pixels, face))
    bare = time.process_time() - began
    began = time.process_time()
    analyser.analyse(picture)
    return [bare, time.process_time() - began]


if __name__ == "__main__":
    main()
