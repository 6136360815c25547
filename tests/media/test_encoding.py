import pytest

from vultus.media.encoding import text_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Stra\u00dfe \u6771\u4eac", "utf-8"),
        ("Stra\u00dfe \u6771\u4eac", "utf-8-sig"),
        ("Stra\u00dfe \u6771\u4eac", "utf-16"),
        ("M\u00fcller, caf\u00e9 \u20ac 5", "cp1252"),
        ("\u6211\u7684\u5bb6\u5728\u4e1c\u5317, mine", "gb18030"),
    ],
)
def test_text_without_a_word_on_its_code_is_read(text, code):
    assert text_of(text.encode(code)) == text


def test_what_a_document_says_of_its_code_counts_where_it_is_not_utf_8():
    assert text_of("\u041c\u0438\u0440".encode("koi8-r"), "KOI8-R") == "\u041c\u0438\u0440"
    assert text_of("\u041c\u0438\u0440".encode(), "koi8-r") == "\u041c\u0438\u0440"


@pytest.mark.parametrize("named", ["punycode", "idna", "zip", "rot13", "unicode_escape", "x" * 40, "iso-8859-99"])
def test_what_is_no_code_of_text_is_not_decoded_with(named):
    assert text_of(b"caf\xe9 -abc", named) == "caf\u00e9 -abc"


def test_a_letter_that_is_cut_off_is_left_out():
    assert text_of("\u6771".encode()[:2]) == ""
