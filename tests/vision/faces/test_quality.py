"""FaceQuality: recognition error falls as it rises, and 0.8 means what docs/models.md says."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.conftest import central_face, most_central, picture_of
from vultus.config import Faces
from vultus.media.images.picture import decode_picture
from vultus.people.curve import FarCurve
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.align import aligned
from vultus.vision.faces.embed import Embedding, load_embedder
from vultus.vision.faces.quality import quality_of
from vultus.vision.models.model import QualityWeights, shipped_models

PEOPLE = 60
LIGHT, PAIR = "mobilefacenet-192", "pair-192"
WEIGHTS = {model: shipped_models().embedding_model(model).quality for model in (LIGHT, PAIR)}
VECTOR = np.array([1.0], np.float32)


@pytest.fixture(scope="module", params=[LIGHT, PAIR])
def trials(request, models, data: Path) -> np.ndarray:
    """Quality of a face, whether it is nearer to another photo of its person than to any stranger, and which copy.

    Copy 0 is the photo as it is, 1 is blurred, 2 is noisy. The strangers are known to the light model only: where the
    nearest lies on its curve, it lies on the curve of the other.
    """
    curve, light_curve = FarCurve.of(request.param), FarCurve.of(LIGHT)
    analyser, light = FaceAnalyser(models, Faces(), request.param), load_embedder(models.models, models.path, LIGHT)
    strangers = np.load(data / "strangers.npz")["embedding"].astype(np.float32)
    noise = np.random.default_rng(1)
    rows = []
    for folder in [path for path in sorted((data / "faces-lfw").iterdir()) if len(list(path.iterdir())) > 1][:PEOPLE]:
        one, other = (
            decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**7).pixels
            for file in sorted(folder.iterdir())[:2]
        )
        goal = central_face(analyser, other).embedding
        noisy = np.clip(one + noise.normal(0, 35, one.shape), 0, 255).astype(np.uint8)
        for copy, pixels in enumerate((one, cv2.GaussianBlur(one, (0, 0), 5), noisy)):
            faces = analyser.analyse(picture_of(pixels))
            if not faces:
                continue  # too far gone to be found
            face = most_central(faces, pixels)
            seen = light.embed(aligned(pixels, face.landmarks)).vector
            nearest = curve.similarity_at(float(light_curve.spans((strangers @ seen).max())))
            rows.append((face.quality, face.embedding @ goal > nearest, copy))
    return np.array(rows, float)


def test_recognition_error_falls_as_quality_rises(trials) -> None:
    quality, recognised, _ = trials.T
    low, middle, high = (1 - recognised[part].mean() for part in np.array_split(np.argsort(quality), 3))
    assert low > middle + 0.1
    assert middle > high


def test_at_the_gate_four_in_five_are_recognised(trials) -> None:
    quality, recognised, _ = trials.T
    assert recognised[quality > 0.8].mean() > 0.8
    assert recognised[quality < 0.5].mean() < 0.6


def test_most_snapshots_pass_the_gate_as_they_are(trials) -> None:
    assert (trials[trials[:, 2] == 0, 0] > 0.8).mean() > 0.75


numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(numbers, st.floats(-1, 1), st.floats(0, 1), st.sampled_from([*WEIGHTS.values(), QualityWeights()]))
def test_quality_is_a_share(strength: float, agreement: float, confidence: float, weights: QualityWeights) -> None:
    assert 0 <= quality_of(Embedding(VECTOR, strength, agreement), confidence, weights) <= 1


@pytest.mark.parametrize(("model", "strength"), [(LIGHT, 60.0), (PAIR, 14.0)])
def test_quality_rises_with_each_of_its_parts(model: str, strength: float) -> None:
    weights = WEIGHTS[model]
    base = quality_of(Embedding(VECTOR, strength, 0.95), 0.99, weights)
    assert quality_of(Embedding(VECTOR, strength * 1.1, 0.95), 0.99, weights) > base
    assert quality_of(Embedding(VECTOR, strength, 0.98), 0.99, weights) > base
    assert quality_of(Embedding(VECTOR, strength, 0.95), 0.999, weights) > base
