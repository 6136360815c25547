"""Whether the appeal of photos (``attractive`` in ``faces.attributes``) is alike for all people.

    python benchmarks/appeal.py [--data DIR]

On DIR/attr-utkface, by the groups that its labels know: means may differ as photos do, and must not follow the skin.

Prints a table, then the figures as one line of JSON.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from portraits import mesh_of, portraits
from vultus.config import load_settings
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.appeal import appeal_of, light_of
from vultus.vision.attributes.eyes import openness_of
from vultus.vision.attributes.pose import pose_of_mesh
from vultus.vision.faces.align import aligned
from vultus.vision.faces.sharpness import sharpness_of
from vultus.vision.models.store import ModelStore

PEOPLE = ("White", "Black", "Asian", "Indian", "other")  # as UTKFace numbers and names them


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    given = arguments.parse_args()
    settings = load_settings()
    figures = appeal(FaceAnalyser(ModelStore(settings), settings.faces), given.data)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def appeal(analyser: FaceAnalyser, data: Path) -> dict[str, float]:
    """Mean appeal, and what it is made of, by group of UTKFace."""
    files = sorted(str(file.relative_to(data)) for file in (data / "attr-utkface").iterdir())
    people, rows = [], []
    for each in portraits(analyser, data, files):
        labels = Path(each.file).name.split("_")
        mesh = mesh_of(analyser, each)
        if mesh is not None and len(labels) > 3 and labels[2] in "01234":
            chip, pose = aligned(each.pixels, each.landmarks), pose_of_mesh(mesh)
            sharpness, openness = sharpness_of(chip), openness_of(mesh)
            people.append(PEOPLE[int(labels[2])])
            rows.append([appeal_of(chip, sharpness, pose, openness), light_of(chip), sharpness, openness, chip.mean()])
    values, group = np.array(rows), np.array(people)
    table = Table("group", "faces", "appeal", "standard error", "light", "sharpness", "eyes", "brightness")
    for name in PEOPLE:
        part = values[group == name]
        if len(part) > 1:
            error = float(part[:, 0].std() / np.sqrt(len(part)))
            told = [
                f"{part[:, 0].mean():.3f}",
                f"{error:.3f}",
                *(f"{value:.3f}" for value in part[:, 1:4].mean(axis=0)),
            ]
            table.add_row(name, str(len(part)), *told, f"{part[:, 4].mean():.0f}")
    Console().print(table)
    means = {name: float(values[group == name, 0].mean()) for name in PEOPLE if (group == name).any()}
    return {
        "appeal_largest_difference": max(means.values()) - min(means.values()),
        "appeal_follows_brightness": float(np.corrcoef(values[:, 0], values[:, 4])[0, 1]),
    }


if __name__ == "__main__":
    main()
