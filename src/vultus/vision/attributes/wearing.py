"""What a face wears: mask, glasses, hat, beard."""

import math

from vultus.vision.attributes.heads import Evidence
from vultus.vision.faces.face import Trait

# Probability from which a mask, a hat or a beard is told. Hats are on one labelled face in fourteen, so a head that may
# have one has odds against it; from here on, more is won by those that are told than is lost by those told in vain.
TOLD = 0.3
HIDDEN = 0.5  # confidence in what nobody can see


def mask_of(evidence: Evidence) -> Trait:
    """Return mask or none."""
    return _told("mask", _likely(evidence.mask))


def glasses_of(evidence: Evidence) -> Trait:
    """Return glasses, sunglasses or none, whichever is likeliest."""
    worn, dark = _likely(evidence.eyewear), _likely(evidence.dark)
    kinds = {"none": 1 - worn, "glasses": worn * (1 - dark), "sunglasses": worn * dark}
    value = max(kinds, key=lambda kind: kinds[kind])
    return Trait(value, kinds[value])


def hat_of(evidence: Evidence) -> Trait:
    """Return hat or none."""
    return _told("hat", _likely(evidence.hat))


def beard_of(evidence: Evidence) -> Trait:
    """Return beard or none; a moustache is a beard. Under a mask there is none to be seen."""
    if mask_of(evidence).value == "mask":
        return Trait("none", HIDDEN)
    return _told("beard", _likely(evidence.beard))


def _told(value: str, likely: float) -> Trait:
    return Trait(value, likely) if likely >= TOLD else Trait("none", 1 - likely)


def _likely(evidence: float) -> float:
    return 1 / (1 + math.exp(-evidence)) if evidence >= 0 else math.exp(evidence) / (1 + math.exp(evidence))
