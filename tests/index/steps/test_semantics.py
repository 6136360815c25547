"""Files say whether a search by meaning can find them."""

import io

import numpy as np
import pytest
from msgspec import UNSET
from PIL import Image

from tests.index.steps.conftest import Made
from tests.pages import ENGLISH, page
from vultus.index.step import way
from vultus.index.template import steps_of


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.mark.proves("File.SemanticTypes")
def test_what_words_tell_the_content_of_can_be_found_by_it(subject_of: Made, samples):
    for content in (png(page(ENGLISH[:2], 14, 110)), samples / "sample1.jpg"):
        found = subject_of(content, "semantics").document
        assert found.labels or found.ocr_texts
        assert found.semantic_types == ["content"]


def test_a_picture_of_nothing_has_no_content(subject_of: Made):
    found = subject_of(png(np.full((300, 400, 3), 255, np.uint8)), "semantics", faces=False).document
    assert (found.labels or [], found.ocr_texts or "") == ([], "")
    assert found.semantic_types is UNSET


def test_it_is_found_after_all_that_it_speaks_of():
    names = [each.name for each in way(frozenset({"semantics"}))]
    assert names[-1] == "semantics"
    assert {"labels", "people", "writing", "texts", "insights"} <= set(names)


def test_the_templates_that_understand_images_take_it():
    taking = {
        name
        for name in ("OSSBasicMeta", "FaceManagement", "ImageManagement", "CognitionImageManagement", "AllFunction")
        if "semantics" in {each.name for each in steps_of(f"Official:{name}", {})}
    }
    assert taking == {"CognitionImageManagement", "AllFunction"}
