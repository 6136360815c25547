import time

import pytest

from vultus.media.documents.markdown import read_markdown


def told(text: str) -> list[tuple[str, str]]:
    elements = read_markdown(text.encode()).outline.elements
    return [(each.element_type, each.element_contents[0].content or "") for each in elements]


def test_markdown_is_told_without_its_marks():
    text = (
        "# One *more* time\n\nFirst **bold** `code`\nline, [here][1].\n\n- a\n- b\n\n"
        "| k | v |\n|---|---|\n| x | y |\n\n## Two\n\n![A dog](https://example.org/d.png)\n\n"
        "```\na = 1\n```\n\n<p>raw</p>\n\n[1]: https://example.org/\n"
    )
    assert told(text) == [
        ("title", "One more time"),
        ("narrative-text", "First bold code\nline, here."),
        ("narrative-text", "a"),
        ("narrative-text", "b"),
        ("table", "k\tv\nx\ty"),
        ("title", "Two"),
        ("image", "A dog"),
        ("narrative-text", "a = 1"),
        ("narrative-text", "raw"),
    ]
    link = read_markdown(text.encode()).outline.elements[1].element_contents[1]
    assert (link.type, link.content, link.url) == ("link", "here", "https://example.org/")


def test_what_stands_ahead_of_the_text_is_what_it_says_of_itself():
    paper = read_markdown(b'---\ntitle: "Field notes"\nauthor: Jane Roe\nlang: de\ntags: [a]\n---\n# Heading\n')
    assert (paper.title, paper.author, paper.language) == ("Field notes", "Jane Roe", "de")
    assert paper.outline.heading == "Heading"


@pytest.mark.parametrize(
    "piece", ["> ", "- ", "[", "![", "*a_ ", "`", "[a]: b\n", "# ", "|", "a|b\n-|-\n", "<a ", "&", "\\",
     "1. ", "    ", "\n", "[a](", "---\n"]
)  # fmt: skip
def test_marks_without_end_take_no_time_without_end(piece):
    begun = time.monotonic()
    read_markdown((piece * (2**17 // len(piece))).encode())
    assert time.monotonic() - begun < 40
