from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta

from vultus.model import FigureCluster, InputFile
from vultus.model.wire import Text
from vultus.operations.expectation import expectation


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (str, "text"),
        (Text, "text"),
        (Annotated[str, Meta(max_length=256)], "text of at most 256 characters"),
        (Annotated[str, Meta(min_length=1, max_length=128)], "text of 1 to 128 characters"),
        (int, "a whole number"),
        (Annotated[int, Meta(ge=0, le=100)], "a whole number, 0 to 100"),
        (Annotated[int, Meta(ge=1)], "a whole number, at least 1"),
        (float, "a number"),
        (bool, "true or false"),
        (Literal["asc", "desc"], "one of asc, desc"),
        (Annotated[list[str], Meta(min_length=1, max_length=100)], "a list of 1 to 100 texts"),
        (list[Literal["asc", "desc"]], "a list of texts, each one of asc, desc"),
        (list[FigureCluster], "a list of FigureCluster"),
        (dict[str, Any], "a map"),
        (Annotated[dict[str, Any], Meta(max_length=20)], "a map of at most 20 entries"),
        (InputFile, "an InputFile"),
        (FigureCluster, "a FigureCluster"),
        (Any, "any value"),
        (Annotated[str, Meta(max_length=3, description="a short word")], "a short word"),
    ],
)
def test_a_type_is_told_in_words(kind, words):
    assert expectation(kind) == words
