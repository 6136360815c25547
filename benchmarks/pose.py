"""How well heads' poses are told, from five landmarks and from a mesh: the figures behind docs/models.md.

    python benchmarks/pose.py [--data DIR] [--photos N] [--average]

Nobody measured how the heads of DIR/faces-lfw, DIR/photos-celeba and DIR/attr-utkface were held. What is known is what
a mirror and a turn do to a picture: yaw and roll change their sign, pitch stays; roll follows the turn, yaw and pitch
stay. Faces are sought anew in each copy. A head that is turned aside by more than what noise there is (5 degrees) has
to look the other way in the mirror, and roll has to grow with every ten degrees that a picture is turned: of all faces.

With --average, prints where the rigid points of the mesh lie in an average head, as vision/attributes/pose.py has it.
Prints tables, then the figures as one line of JSON.
"""

import argparse
import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from portraits import Portrait, Values, mesh_of, portrait_of, portraits
from vultus.config import load_settings
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.attributes.mesh import Mesh
from vultus.vision.attributes.pose import AVERAGE, RIGID, pose_of, pose_of_mesh
from vultus.vision.faces.face import Pose
from vultus.vision.models.store import ModelStore

FOLDERS = ("faces-lfw", "photos-celeba", "attr-utkface")
TURNS = (-30, -20, -10, 0, 10, 20, 30)  # degrees, clockwise
NOISE = 5.0  # degrees of yaw; a head turned by less may look either way in the mirror
ROUND = 2.0  # what is kept about a face, in parts of its longer side
PAIRS = {9: 9, 10: 10, 168: 168, 197: 197, 33: 263, 133: 362, 127: 356, 50: 280, 114: 343}
TIMES = 8  # meshes are turned onto their mean, anew each time
FEW = 300  # photos by default; each is searched eight times


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=FEW, help=f"how many photos; 0 for all, {FEW} by default")
    arguments.add_argument("--average", action="store_true", help="print the average head of the photos instead")
    given = arguments.parse_args()
    settings = load_settings()
    analyser = FaceAnalyser(ModelStore(settings), settings.faces)
    if given.average:
        seen = portraits(analyser, given.data, chosen(given.data, given.photos))
        meshes = [mesh for each in seen if (mesh := mesh_of(analyser, each)) is not None]
        print(f"{len(meshes)} faces:", np.rint(average(meshes)).astype(int).tolist())
        return
    figures = poses(analyser, given.data, given.photos)
    for name in ("mesh_sign", "mesh_monotone"):
        print(f"{name}: {figures[name]:.4f}, wanted 1: {'kept' if figures[name] == 1 else 'MISSED'}")
    print(json.dumps({name: round(float(value), 4) for name, value in figures.items()}))


def poses(analyser: FaceAnalyser, data: Path, most: int) -> dict[str, float]:
    """Print what becomes of poses in mirrors and turned copies, and return the figures."""
    seen = portraits(analyser, data, chosen(data, most))
    both = [found for each in seen if (found := in_copies(analyser, each)) is not None]
    return {
        **judged("five landmarks", np.array([five for five, _ in both])),
        **judged("mesh", np.array([mesh for _, mesh in both])),
    }


def chosen(data: Path, most: int) -> list[str]:
    """Photos spread evenly over the folders."""
    files = [str(file.relative_to(data)) for folder in FOLDERS for file in sorted((data / folder).rglob("*.jpg"))]
    return files[:: max(len(files) // most, 1)] if most else files


def in_copies(analyser: FaceAnalyser, portrait: Portrait) -> tuple[Values, Values] | None:
    """(8, 3) pitch, roll and yaw in the copies turned by ``TURNS`` and in the mirror, from landmarks and from meshes.

    None where a face is not found in all of them, or no mesh can be laid over it.
    """
    pixels = surroundings(portrait)
    height, width = pixels.shape[:2]
    turns = [cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -turn, 1) for turn in TURNS]
    turned = (cv2.warpAffine(pixels, turn, (width, height), borderMode=cv2.BORDER_REFLECT_101) for turn in turns)
    five, mesh = [], []
    for copy in chain(turned, [np.ascontiguousarray(pixels[:, ::-1])]):
        found = portrait_of(analyser, portrait.file, copy.astype(np.uint8, copy=False))
        laid = mesh_of(analyser, found) if found else None
        if found is None or laid is None:
            return None
        five.append(angles(pose_of(found.landmarks)))
        mesh.append(angles(pose_of_mesh(laid)))
    return np.array(five), np.array(mesh)


def surroundings(portrait: Portrait) -> np.ndarray:
    """A square about a face, mirrored where the picture ends, so that a turn leaves the face in the middle."""
    left, top, right, bottom = portrait.box[:4]
    half = round(ROUND * float(max(right - left, bottom - top)))
    x, y = round(float(left + right) / 2), round(float(top + bottom) / 2)
    framed = cv2.copyMakeBorder(portrait.pixels, half, half, half, half, cv2.BORDER_REFLECT_101)
    return np.ascontiguousarray(framed[y : y + 2 * half, x : x + 2 * half])


def angles(pose: Pose) -> tuple[float, float, float]:
    return pose.pitch, pose.roll, pose.yaw


def judged(name: str, poses: Values) -> dict[str, float]:
    """How far copies are off, and whether signs are right and roll grows."""
    turned, mirrored = poses[:, :-1], poses[:, -1]
    upright = turned[:, TURNS.index(0)]
    reflected = np.abs(mirrored - upright * [1, -1, -1])
    moved = np.abs(turned - upright[:, np.newaxis] - np.array([[0, turn, 0] for turn in TURNS]))
    moved = moved[:, [row for row, turn in enumerate(TURNS) if turn]]
    aside = np.abs(upright[:, 2]) > NOISE
    figures = {
        "sign": float((mirrored[aside, 2] * upright[aside, 2] < 0).mean()),
        "monotone": float((np.diff(turned[:, :, 1], axis=1) > 0).all(axis=1).mean()),
    }
    table = Table("degrees", "pitch", "roll", "yaw", title=f"{name}, {len(poses)} faces")
    rows: list[tuple[str, Callable[[Values], Values]]] = [
        ("mean", lambda off: off.mean(axis=0)),
        ("99 in 100 below", lambda off: np.percentile(off, 99, axis=0)),
    ]
    for title, off in (("mirrored: off by", reflected), ("turned: off by", moved.reshape(-1, 3))):
        for kind, of in rows:
            table.add_row(f"{title}, {kind}", *(f"{value:.2f}" for value in of(off)))
    table.add_row("as they are, median", *(f"{value:+.1f}" for value in np.median(upright, axis=0)))
    Console().print(table)
    print(f"the other way in the mirror: {figures['sign']:.4f} of {aside.sum()} turned by more than {NOISE:g} degrees;")
    print(f"roll grows with every turn: {figures['monotone']:.4f} of {len(poses)}")
    short = name.split()[0]
    for title, off in (("mirrored", reflected), ("turned", moved.reshape(-1, 3))):
        for axis, value in zip(("pitch", "roll", "yaw"), off.mean(axis=0), strict=True):
            figures[f"{title}_{axis}"] = float(value)
    return {f"{short}_{each}": value for each, value in figures.items()}


def average(meshes: list[Mesh]) -> Values:
    """Where the rigid points lie in an average head, in hundredths of the distance of the outer corners of the eyes."""
    other = [RIGID.index({**PAIRS, **{right: left for left, right in PAIRS.items()}}[point]) for point in RIGID]
    seen = np.array([mesh.points[RIGID] for mesh in meshes])
    seen = np.concatenate([seen, (seen * [-1, 1, 1])[:, other]])
    seen -= seen.mean(axis=1, keepdims=True)
    seen /= np.linalg.norm(seen, axis=(1, 2), keepdims=True)
    head: Values = AVERAGE - AVERAGE.mean(axis=0)
    for _ in range(TIMES):
        left, _, right = np.linalg.svd(seen.transpose(0, 2, 1) @ head)
        head = (seen @ (left @ right)).mean(axis=0)
    return 100 * head / float(np.linalg.norm(head[RIGID.index(33)] - head[RIGID.index(263)]))


if __name__ == "__main__":
    main()
