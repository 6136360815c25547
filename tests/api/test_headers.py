import pytest

from vultus.api.headers import Headers


def test_a_value_is_handed_out_without_the_spaces_around_it():
    assert Headers([(b"x-acs-action", b"  GetTask\t")]).get("x-acs-action") == "GetTask"


def test_an_absent_header_is_none():
    headers = Headers([(b"host", b"a")])
    assert headers.get("date") is None
    assert "date" not in headers


@pytest.mark.parametrize("second", [b"GetTask", b"DeleteProject"])
def test_a_header_that_comes_twice_is_never_handed_out(second):
    headers = Headers([(b"x-acs-action", b"GetTask"), (b"x-acs-action", second)])
    assert headers.get("x-acs-action") is None
    assert "x-acs-action" in headers


@pytest.mark.parametrize("value", [b"a\r\n b", b"a\nb", b"a\rb"])
def test_a_header_folded_over_lines_is_never_handed_out(value):
    assert Headers([(b"user-agent", value)]).get("user-agent") is None


@pytest.mark.parametrize("sent", ["Müller".encode(), "Müller".encode("latin-1")])
def test_text_is_read_whether_it_was_sent_as_utf8_or_latin1(sent):
    assert Headers([(b"user-agent", sent)]).get("user-agent") == "Müller"
