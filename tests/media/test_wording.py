"""Text of strangers is made fit to be kept."""

import pytest

from vultus.media.wording import line_of, lines_of


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A Song", "A Song"),
        (" A\tSong\r\n again ", "A Song again"),
        ("A\0\x07\x1b[31mSong", "A[31mSong"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("half\ud800", "half"),
        ("爱的歌", "爱的歌"),
        ("\0\0", ""),
    ],
)
def test_a_line_holds_nothing_but_text(text, line):
    assert line_of(text, 100) == line


def test_lines_keep_their_breaks():
    assert lines_of("one\r\ntwo\rthree\n\nfour\0\n", 100) == "one\ntwo\nthree\n\nfour"


def test_text_is_no_longer_than_it_may_be():
    assert line_of("word " * 10**6, 12) == "word word wo"
    assert lines_of("a\n" * 10**6, 9) == "a\na\na\na\na"
