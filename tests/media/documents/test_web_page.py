import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.media.documents.markup import tokens
from vultus.media.documents.web_page import read_web_page


def told(page: str) -> list[tuple[str, str]]:
    elements = read_web_page(page.encode()).outline.elements
    return [(each.element_type, each.element_contents[0].content or "") for each in elements]


def test_a_page_is_told_by_headings_paragraphs_tables_and_images():
    page = (
        "<!DOCTYPE html><html lang=fr><head><title>Le &eacute;t&eacute;</title><meta name=author content='J. Roe'>"
        "<meta property='article:published_time' content='2020-01-02T03:04:05+01:00'>"
        "<style>p { color: red }</style><script>if (a < b) document.write('<p>no</p>')</script></head>"
        "<body><!-- not <p>this</p> --><h1>One</h1><p>First <b>bold</b>\n line.<p>Second<br>third"
        "<h2>Two</h2><ul><li>a<li>b</ul><table><tr><th>k<th>v<tr><td>x<td>y <p>z</table>"
        '<img src="https://example.org/p.png" alt="A > dog"><pre>a\n  b</pre>'
    )
    assert told(page) == [
        ("title", "One"),
        ("narrative-text", "First bold line."),
        ("narrative-text", "Second"),
        ("narrative-text", "third"),
        ("title", "Two"),
        ("narrative-text", "a"),
        ("narrative-text", "b"),
        ("table", "k\tv\nx\ty z"),
        ("image", "A > dog"),
        ("narrative-text", "a\n  b"),
    ]
    paper = read_web_page(page.encode())
    assert (paper.title, paper.language, paper.author) == ("Le \u00e9t\u00e9", "fr", "J. Roe")
    assert paper.written.written(paper.written.offset) == "2020-01-02T03:04:05+01:00"


@pytest.mark.proves("ElementContent.Type Content URL")
def test_links_are_told_with_the_paragraph_they_are_in():
    contents = read_web_page(b"<p>see <a href='https://example.org/?a=1&amp;b=2'>there</a>").outline.elements[0]
    assert [(each.type, each.content, each.url or "") for each in contents.element_contents] == [
        ("text", "see there", ""),
        ("link", "there", "https://example.org/?a=1&b=2"),
    ]


def test_a_page_in_an_older_code_is_read_as_it_says():
    page = "<html><meta charset=shift_jis><p>\u6771\u4eac"
    assert read_web_page(page.encode("shift_jis")).outline.elements[0].element_contents[0].content == "\u6771\u4eac"


def test_a_stray_quotation_mark_or_angle_swallows_nothing():
    assert told("<p title=don't>a < b</p><p>c") == [("narrative-text", "a < b"), ("narrative-text", "c")]


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b>", "<!--", "<a href='", '<a b="', "<table>", "<p>&amp;", "<", "</", "<p a=", "<script>", "&#x",
     "<title>", "<td>", "<tr><td>a", "<a href=https://a>", "<h1>", "<a " + "b=c " * 99, "<x a='b'", "= ", "<p =' >",
     "<!", "<img>"],
)  # fmt: skip
def test_the_time_that_a_page_takes_grows_with_its_length_alone(piece):
    begun = time.monotonic()
    read_web_page((piece * (2**19 // len(piece))).encode())
    assert time.monotonic() - begun < 20


@given(st.text(alphabet="<>/!-=\"' abp&;#x\n", max_size=200))
def test_nothing_that_looks_like_markup_is_too_much(text):
    assert all(each.name if not isinstance(each, str) else True for each in tokens(text))
    read_web_page(text.encode())
