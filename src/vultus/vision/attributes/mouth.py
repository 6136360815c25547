"""Whether a mouth is open."""

import math

from vultus.vision.attributes.mesh import Mesh
from vultus.vision.faces.face import Trait

# Points of the mesh: five places along the inner edges of the lips, upper and lower, and the outer corners of the eyes.
INNER_LIPS = ((81, 178), (82, 87), (13, 14), (312, 317), (311, 402))
EYES = (33, 263)
# Fitted on 2,400 labelled faces of LFW, CelebA and UTKFace, in five folds parted by person (benchmarks/mouth.py).
HALF_OPEN = 0.045  # gap between the lips, as gap_of says it, of mouths of which half are called open
GRADIENT = 80.0  # how fast the evidence grows with the gap


def mouth_of(mesh: Mesh) -> Trait:
    """Return whether a mouth is open or close, IMM's words, and how likely that is.

    Open is what shows teeth or the inside of the mouth, so most smiles for a camera are open.

    Args:
        mesh: of the face.
    """
    is_open = 1 / (1 + math.exp(-GRADIENT * (gap_of(mesh) - HALF_OPEN)))
    return Trait("open", is_open) if is_open >= 0.5 else Trait("close", 1 - is_open)


def gap_of(mesh: Mesh) -> float:
    """Return how far the lips are apart on average, in parts of the distance of the outer corners of the eyes."""
    return sum(mesh.width(upper, lower) for upper, lower in INNER_LIPS) / len(INNER_LIPS) / mesh.width(*EYES)
