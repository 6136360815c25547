"""When a face of a file that changed is one that it had before: the measured cosines of its embedding model.

Measured with the pair of networks (``benchmarks/changes.py``): of 1,309 faces that were found again in their place,
after their photos were saved coarsely or made brighter, darker, grey, blurred or small, one falls below the first
cosine; the next ones are just above it. Of 334 after cropping on all sides and mirroring, one falls below what is asked
of it.
"""

from pathlib import Path

from vultus.catalog.heirs import Resemblance
from vultus.people.curve import FarCurve

STRANGERS_IN_PLACE = 1e-2  # share of strangers that pass for a face when they are in its place
STRANGERS_ELSEWHERE = 1e-5  # share that do so in another place: there, nothing but its looks speaks for it


def resemblance_of(model: str, home: Path) -> Resemblance:
    """What decides for the faces of a model."""
    curve = FarCurve.of(model, home)
    return Resemblance(in_place=float(curve.at(STRANGERS_IN_PLACE)), elsewhere=float(curve.at(STRANGERS_ELSEWHERE)))
