from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vultus.api.rpc import parse
from vultus.api.signature import canonical_query, is_canonical
from vultus.errors import VultusError


def parameters(query: bytes) -> dict[str, str]:
    return parse("GET", "/", [], query, b"").query


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_a_query_as_clients_write_it_is_canonical(query):
    written = "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))
    assert is_canonical(written.encode(), parameters(written.encode()))


@given(
    st.lists(st.sampled_from(["a", "B", "=", "&", "%", "%41", "%20", "%2a", "%2A", "+", "~", "-", "%C3%A9"])).map(
        "".join
    )
)
@example("a=%41")
@example("b=1&a=2")
@example("a=b=c")
@example("a")
@example("a=1&")
def test_what_is_taken_for_canonical_is_so_to_the_byte(text):
    try:
        decoded = parameters(text.encode())
    except VultusError:
        return
    if is_canonical(text.encode(), decoded):
        assert canonical_query(decoded) == text


@pytest.mark.parametrize("text", ["a=%41", "b=1&a=2", "a=b=c", "a", "a=1&", "=1", "a=+", "a=%2a", "a=/"])
def test_a_query_that_is_written_otherwise_is_not_canonical(text):
    assert not is_canonical(text.encode(), parameters(text.encode()))
