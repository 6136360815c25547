"""Open and closed eyes."""

from pathlib import Path

import numpy as np
import pytest

from vultus.media.images.picture import decode_picture
from vultus.vision.attributes.eyes import CORNERS, LIDS, openness_of
from vultus.vision.attributes.mesh import POINTS, Mesh


def mesh(left: float, right: float) -> Mesh:
    """Eyes 10 pixels wide, open by so much of it."""
    points = np.zeros((POINTS, 3))
    for (_, outer), lids, gap in zip(CORNERS, LIDS, (left, right), strict=True):
        points[outer, 0] = 10
        for _, lower in lids:
            points[lower, 1] = 10 * gap
    return Mesh(points)


def test_the_eye_that_is_wider_open_counts() -> None:
    assert openness_of(mesh(0.3, 0.1)) == pytest.approx(0.3)
    assert openness_of(mesh(0.1, 0.2)) == pytest.approx(0.2)


@pytest.mark.parametrize("name", ["Jim_Carrey_0002", "Raghad_Saddam_Hussein_0002", "Barbara_Brezigar_0001"])
def test_closed_eyes_are_less_open_than_those_of_others(data: Path, analyser, sample_faces, name: str) -> None:
    file = data / "faces-lfw" / name[:-5] / f"{name}.jpg"
    pixels = decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**7).pixels
    shut = openness_of(analyser.mesher.mesh(pixels, analyser.detector.detect(pixels).landmarks[0]))
    others = [openness_of(analyser.mesher.mesh(pixels, face.landmarks)) for pixels, face in sample_faces]
    assert shut < 0.1
    assert np.median(others) > 0.2
