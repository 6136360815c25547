import pytest
from msgspec import UNSET

from tests.index.steps.conftest import Made
from tests.papers import pdf, sheets, slides, typed, word, written
from vultus.media.documents.encrypted import ENCRYPTED_PACKAGE
from vultus.media.unreadable import UnreadableMedia

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PAGE = typed(("Field notes", 24, 700), ("It rained.", 11, 660), ("It rained again.", 11, 620))
FILES = {
    "a.pdf": (pdf(PAGE), ("Field notes", 1)),
    "a.docx": (word(written("Rain", "berschrift1"), pages=2), ("Field notes", 2)),
    "a.pptx": (slides("", ""), ("Field notes", 2)),
    "a.xlsx": (sheets([], One="<row><c><v>1</v></c></row>"), ("Field notes", 1)),
    "a.html": (b"<!DOCTYPE html><title>Field notes</title><p>Rain", ("Field notes", UNSET)),
    "a.md": (b"# Field notes\n\nRain\n", ("Field notes", UNSET)),
    "a.txt": (b"Rain\n", (UNSET, UNSET)),
    "a.csv": (b"a,b\n1,2\n", (UNSET, UNSET)),
    "a.json": (b'{"a": 1}', (UNSET, UNSET)),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.proves("File.Title PageCount")
def test_every_kind_of_document_tells_its_title_and_its_pages(subject_of: Made, name):
    content, told = FILES[name]
    found = subject_of(content, "document", name=name).document
    assert found.media_type == "document"
    assert (found.title, found.page_count) == told
    assert (found.elements is UNSET) == (name == "a.pptx")
    assert found.semantic_types == (UNSET if name == "a.pptx" else ["content"])


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx"])
def test_a_document_is_told_by_its_content_whatever_its_name(subject_of: Made, name):
    found = subject_of(FILES[name][0], "document", name="a.jpg").document
    assert (found.title, found.page_count) == FILES[name][1]


@pytest.mark.proves("File.Artist Language ProduceTime")
def test_who_wrote_it_and_when_and_in_which_language_is_told(subject_of: Made):
    found = subject_of(FILES["a.docx"][0], "document", name="a.docx").document
    assert (found.artist, found.language, found.produce_time) == ("Jane Roe", "en-GB", "2021-05-06T07:08:09Z")


@pytest.mark.proves(
    "File.Elements",
    "Element.ObjectId ElementType ElementContents ElementRelations",
    "ElementRelation.Type ObjectId",
)
def test_elements_go_into_the_record_as_imm_has_them(subject_of: Made):
    elements = subject_of(FILES["a.md"][0], "document", name="a.md").document.elements
    assert [(each.object_id, each.element_type, each.element_contents[0].type) for each in elements] == [
        ("1", "title", "text"),
        ("2", "narrative-text", "text"),
    ]
    assert [(each.type, each.object_id) for each in elements[1].element_relations] == [("parent", "1")]


def test_an_encrypted_document_fails_with_its_reason(subject_of: Made):
    with pytest.raises(UnreadableMedia, match="encrypted"):
        subject_of(OLE + bytes(600) + ENCRYPTED_PACKAGE, "document", name="a.docx")


def test_a_format_that_is_not_read_leaves_its_fields_out(subject_of: Made):
    found = subject_of(OLE + bytes(600), "document", name="a.doc").document
    assert found.content_type == "application/msword"
    assert found.elements is UNSET


def test_the_password_of_the_sample_is_the_reason(subject_of: Made, data):
    locked = next((data / "media").glob("pdf-samples__005*.pdf"))
    with pytest.raises(UnreadableMedia, match="encrypted"):
        subject_of(locked, "document", name="locked.pdf")
