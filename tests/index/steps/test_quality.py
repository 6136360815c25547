import io

import pytest
from PIL import Image


@pytest.mark.parametrize("quality", [10, 40])
@pytest.mark.proves("File.ImageScore", "ImageScore.OverallQualityScore")
def test_an_image_has_a_score_that_compression_lowers(subject_of, samples, quality):
    whole = (samples / "sample4.jpg").read_bytes()
    poor = io.BytesIO()
    Image.open(io.BytesIO(whole)).save(poor, "JPEG", quality=quality)
    good, worse = (
        subject_of(each, "quality", faces=False).document.image_score.overall_quality_score
        for each in (whole, poor.getvalue())
    )
    assert 0 < worse < good <= 1


def test_a_blank_image_is_of_no_quality(subject_of):
    blank = io.BytesIO()
    Image.new("RGB", (300, 200), "gray").save(blank, "PNG")
    assert subject_of(blank.getvalue(), "quality", faces=False).document.image_score.overall_quality_score < 0.01
