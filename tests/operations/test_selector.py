import pytest
from msgspec import UNSET

from vultus.errors import InvalidArgument
from vultus.model import TimeRange
from vultus.operations.selector import read_pair, read_range


@pytest.mark.parametrize("text", [UNSET, ""])
def test_no_text_is_no_filter(text):
    assert read_pair("TagSelector", text) is None


@pytest.mark.parametrize(
    ("text", "pair"), [("a=b", ("a", "b")), ("a=", ("a", "")), ("a=b=c", ("a", "b=c")), ("ä ö=ü", ("ä ö", "ü"))]
)
def test_a_pair_ends_its_key_at_the_first_sign(text, pair):
    assert read_pair("TagSelector", text) == pair


@pytest.mark.parametrize("text", ["a", "=b", "="])
def test_a_text_that_is_no_pair_is_refused_by_name(text):
    with pytest.raises(InvalidArgument, match="TagSelector must be one key and its value"):
        read_pair("TagSelector", text)


def test_a_range_may_be_open_on_either_side():
    assert read_range("T", UNSET) is None
    assert read_range("T", TimeRange()) == (None, None)
    assert read_range("T", TimeRange(start="1970-01-01T00:00:01Z")) == (1_000_000_000, None)
    assert read_range("T", TimeRange(end="1970-01-01T08:00:00.000000001+08:00", start="")) == (None, 1)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (TimeRange(start="soon"), "T.Start: 'soon' is not a time as RFC 3339 writes it."),
        (TimeRange(end="2024-13-01T00:00:00Z"), "T.End: '2024-13-01T00:00:00Z' is not a time that exists."),
        (TimeRange(start="2024-01-02T00:00:00Z", end="2024-01-01T00:00:00Z"), "T ends before it starts."),
    ],
)
def test_a_range_that_is_none_is_refused_in_words(span, said):
    with pytest.raises(InvalidArgument) as refused:
        read_range("T", span)
    assert refused.value.message == said
