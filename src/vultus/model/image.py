"""What is known of a picture, also of one inside another file."""

from msgspec import UNSET

from vultus.model.figure import Boundary
from vultus.model.wire import Real, Text, Unset, Whole, Wire


class ImageScore(Wire):
    """How good a picture is, 0 to 1."""

    overall_quality_score: Real = UNSET


class CroppingSuggestion(Wire):
    """A crop of a given aspect ratio."""

    aspect_ratio: Text = UNSET
    confidence: Real = UNSET
    boundary: Boundary | Unset = UNSET


class OCRContents(Wire):
    """A piece of text found in a picture."""

    language: Text = UNSET
    contents: Text = UNSET
    confidence: Real = UNSET
    boundary: Boundary | Unset = UNSET


class Image(Wire):
    """A picture inside another file: the cover of a song."""

    image_width: Whole = UNSET
    image_height: Whole = UNSET
    exif: Text = UNSET
    image_score: ImageScore | Unset = UNSET
    cropping_suggestions: list[CroppingSuggestion] | Unset = UNSET
    ocr_contents: list[OCRContents] | Unset = UNSET
