import io

import pytest

from tests.papers import archive, office, shape, slides
from vultus.media.documents.slides import read_slides
from vultus.media.unreadable import UnreadableMedia


def test_slides_are_read_in_the_order_in_which_they_are_shown():
    first = shape("Welcome", "ctrTitle") + shape("to all\nof you") + shape("7", "sldNum")
    table = (
        "<a:tbl><a:tr><a:tc><a:p><a:r><a:t>a</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>b</a:t></a:r></a:p></a:tc>"
    )
    second = (
        f"{shape('Figures', 'title')}<p:graphicFrame>{table}</a:tr></a:tbl></p:graphicFrame>"
        '<p:pic><p:nvPicPr><p:cNvPr id="9" name="x" descr="A chart"/></p:nvPicPr></p:pic>'
    )
    paper = read_slides(io.BytesIO(slides(first, second)))
    assert [(each.element_type, each.element_contents[0].content) for each in paper.outline.elements] == [
        ("title", "Welcome"),
        ("narrative-text", "to all\nof you"),
        ("title", "Figures"),
        ("table", "a\tb"),
        ("image", "A chart"),
    ]
    assert (paper.pages, paper.title, paper.language) == (2, "Field notes", "fr-FR")


def test_a_presentation_without_text_has_its_slides_counted():
    assert read_slides(io.BytesIO(slides("", "", ""))).pages == 3


@pytest.mark.parametrize("data", [b"", archive({}), office("a.xml", {"a.xml": "<a/>"})])
def test_what_is_no_presentation_is_told_to_be_broken(data):
    with pytest.raises(UnreadableMedia, match="broken"):
        read_slides(io.BytesIO(data))
