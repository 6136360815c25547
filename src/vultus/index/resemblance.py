"""When a face of a file that changed is one that it had before: the measured cosines of its embedding model.

Of 1,500 faces that were found again after their photos had been made brighter, darker, grey, blurred, coarse or small,
the same place taken into account, none is less alike than a hundredth of all strangers; cropped, all are more alike
than a hundred-thousandth (``benchmarks/changes.py``).
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
