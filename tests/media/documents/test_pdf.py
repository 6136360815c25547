import time

import pytest

from tests.papers import pdf, typed
from vultus.media.documents.pdf import read_pdf
from vultus.media.unreadable import UnreadableMedia

BODY = [("The quick brown fox jumps over the lazy", 11, 650), ("dog, and runs away.", 11, 637)]
PIXEL = (
    "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    "\nstream\n0\nendstream"
)


def told(data: bytes) -> list[tuple[str, str]]:
    return [(each.element_type, each.element_contents[0].content or "") for each in read_pdf(data).outline.elements]


def test_titles_are_told_by_their_size_and_paragraphs_by_the_space_between_them():
    page = typed(("Foxes", 24, 720), ("Habits", 16, 690), *BODY, ("It came back.", 11, 600), ("At night.", 11, 587))
    assert told(pdf(page)) == [
        ("title", "Foxes"),
        ("title", "Habits"),
        ("narrative-text", "The quick brown fox jumps over the lazy dog, and runs away."),
        ("narrative-text", "It came back. At night."),
    ]
    elements = read_pdf(pdf(page)).outline.elements
    assert [(each.type, each.object_id) for each in elements[1].element_relations] == [
        ("parent", "1"),
        ("child", "3"),
        ("child", "4"),
    ]


def test_a_size_that_is_set_by_a_matrix_counts():
    page = "BT /F1 1 Tf 24 0 0 24 72 720 Tm (Foxes) Tj ET\n" + typed(*BODY)
    assert told(pdf(page))[0] == ("title", "Foxes")


def test_a_second_column_is_a_paragraph_of_its_own():
    page = typed(*BODY) + "\nBT /F1 11 Tf 320 650 Td (Next column here) Tj ET"
    assert [text for _, text in told(pdf(page))][-1] == "Next column here"


def test_images_are_told_where_they_are():
    page = typed(*BODY) + "\nq 100 0 0 100 72 300 cm /I1 Do Q"
    assert [kind for kind, _ in told(pdf(page, objects=[PIXEL]))] == ["narrative-text", "image"]


def test_what_the_document_says_of_itself_is_told():
    info = "/Title (Field notes) /Author (Jane Roe) /CreationDate (D:20220403180542+02'00')"
    paper = read_pdf(pdf(typed(*BODY), typed(*BODY), info=info, catalog="/Lang (en-GB)"))
    assert (paper.title, paper.author, paper.language, paper.pages) == ("Field notes", "Jane Roe", "en-GB", 2)
    assert paper.written.written(paper.written.offset) == "2022-04-03T18:05:42+02:00"


def test_a_title_of_broken_letters_is_read_as_far_as_it_goes():
    assert read_pdf(pdf(typed(*BODY), info="/Title <FEFF0041D8000042>")).title == "A\ufffdB"
    assert read_pdf(pdf(typed(*BODY), info=f"/Title ({'a' * 100_000})")).title == ""


def test_the_samples_are_read(data):
    folder = data / "media"
    pages = {}
    for file in sorted(folder.glob("pdf-samples__*.pdf")):
        if "password" not in file.name:
            paper = read_pdf(file.read_bytes())
            pages[file.name[13:16]] = paper.pages
            assert any(
                "without a meaning" in text or "Lorem ipsum dolor sit amet" in text
                for _, text in told(file.read_bytes())
            )
    assert pages == {"001": 1, "002": 1, "003": 1, "004": 4, "006": 4}


def test_a_password_is_the_reason_why_a_document_is_not_read(data):
    locked = next((data / "media").glob("pdf-samples__005*.pdf"))
    with pytest.raises(UnreadableMedia, match="encrypted"):
        read_pdf(locked.read_bytes())


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"%PDF-" + bytes(10_000)])
def test_what_only_begins_like_a_pdf_is_told_to_be_broken(content):
    with pytest.raises(UnreadableMedia, match="broken"):
        read_pdf(content)


CYCLE = "<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 3 >>"
LIES = "<< /Type /Pages /Kids [10 0 R] /Count 900000 >>"


def test_page_trees_in_a_circle_end():
    begun = time.monotonic()
    with pytest.raises(UnreadableMedia, match="broken"):
        read_pdf(pdf("", tree=CYCLE))
    assert time.monotonic() - begun < 10


def test_a_page_tree_that_lies_ends():
    begun = time.monotonic()
    paper = read_pdf(pdf(typed(*BODY), tree=LIES))
    assert time.monotonic() - begun < 10
    assert [each.element_type for each in paper.outline.elements] == ["narrative-text"]
    assert paper.pages == 1


def test_forms_that_draw_each_other_end():
    form = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /I1 100 0 R >> >> /Length 6 >>"
    page = typed(*BODY) + "\n/I1 Do"
    assert told(pdf(page, objects=[f"{form}\nstream\n/I1 Do\nendstream"]))[0][0] == "narrative-text"


def test_a_page_of_a_million_letters_is_read_in_time():
    begun = time.monotonic()
    read = told(pdf("BT /F1 9 Tf 1 1 Td " + "(abcdefghij) Tj " * 100_000 + "ET"))
    assert time.monotonic() - begun < 30
    assert sum(len(text) for _, text in read) <= 100_000
