import base64
import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from vultus.errors import InvalidArgument
from vultus.operations.figure_clusters import ClusterToken
from vultus.operations.paging import NameToken, cut, length_of, read_place, read_token, write_token
from vultus.operations.progress import FailureToken
from vultus.operations.tasks import TaskToken

KINDS = [NameToken, ClusterToken, TaskToken, FailureToken]
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
int64 = st.integers(-(2**63), 2**63 - 1)


@given(texts, texts, texts | int64, int64)
def test_a_token_is_read_as_it_was_written(sort, order, value, row):
    token = ClusterToken(sort, order, value, row)
    assert read_token(write_token(token), ClusterToken) == token


@given(texts)
def test_a_token_is_plain_text_for_urls(name):
    token = write_token(NameToken(name))
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token.isascii()


@pytest.mark.parametrize("text", [UNSET, ""])
def test_no_token_means_the_first_page(text):
    assert read_token(text, NameToken) is None
    assert read_place(text, ClusterToken, "", "asc") is None


@given(st.text() | st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")))
def test_whatever_else_comes_is_refused(text):
    for kind in KINDS:
        with contextlib.suppress(InvalidArgument):
            token = read_token(text, kind)
            assert token is None or write_token(token) == text


@pytest.mark.parametrize(
    "forged",
    [
        ["cluster", "", "asc", 2**63, 1],
        ["cluster", "", "asc", "a", 2**64],
        ["cluster", "", "asc", 1.5, 1],
        ["cluster", "", "asc", None, 1],
        ["cluster", "", "asc", "a\0", 1],
        ["cluster", "", "asc", "a", 1, "more"],
        ["cluster", "", "asc", "a"],
        ["task", "", "asc", "a", 1],
        {"cluster": 1},
    ],
)
def test_a_forged_token_is_refused(forged):
    text = base64.urlsafe_b64encode(msgspec.json.encode(forged)).decode().rstrip("=")
    with pytest.raises(InvalidArgument, match="NextToken is not one that this list gave"):
        read_token(text, ClusterToken)


def test_the_token_of_one_list_is_none_of_another():
    with pytest.raises(InvalidArgument):
        read_token(write_token(TaskToken("", "asc", "t", 1)), ClusterToken)


def test_a_token_belongs_to_its_order():
    text = write_token(ClusterToken("FaceCount", "asc", 3, 1))
    assert read_place(text, ClusterToken, "FaceCount", "asc") is not None
    for sort, order in (("FaceCount", "desc"), ("", "asc")):
        with pytest.raises(InvalidArgument, match="another Sort or Order"):
            read_place(text, ClusterToken, sort, order)


@given(st.lists(st.text("abc"), max_size=12), st.integers(1, 10))
def test_a_page_is_followed_by_a_token_exactly_when_there_is_more(rows, length):
    page, following = cut(rows, length, NameToken)
    assert page == rows[:length]
    assert (following is UNSET) == (len(rows) <= length)
    if following is not UNSET:
        assert read_token(following, NameToken) == NameToken(page[-1])


@pytest.mark.parametrize(("asked", "given"), [(UNSET, 100), (0, 100), (1, 1), (200, 200)])
def test_nothing_and_zero_mean_a_hundred(asked, given):
    assert length_of(asked) == given
