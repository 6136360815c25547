import io

import pytest

from tests.papers import CORE, W, office, rels, word, written
from vultus.media.documents.outline import MOST_LETTERS
from vultus.media.documents.paper import Paper
from vultus.media.documents.word import read_word
from vultus.media.unreadable import UnreadableMedia


def read(data: bytes) -> Paper:
    return read_word(io.BytesIO(data))


def told(data: bytes) -> list[tuple[str, str]]:
    return [(each.element_type, each.element_contents[0].content or "") for each in read(data).outline.elements]


def test_headings_are_told_by_what_their_styles_are_based_on():
    body = (
        written("Zoo", "Titel")
        + written("Tiere", "berschrift1")
        + written("Hunde", "Mine")
        + written("Sie bellen.")
        + written("x", "Snake")
    )
    assert told(word(body)) == [
        ("title", "Zoo"),
        ("title", "Tiere"),
        ("title", "Hunde"),
        ("narrative-text", "Sie bellen."),
        ("narrative-text", "x"),
    ]
    above = [each.element_relations[0] for each in read(word(body)).outline.elements[1:4]]
    assert [(each.type, each.object_id) for each in above] == [("parent", "1"), ("parent", "2"), ("parent", "3")]


def test_what_the_document_says_of_itself_is_told():
    paper = read(word(written("a"), pages=7))
    assert (paper.title, paper.author, paper.language, paper.pages) == ("Field notes", "Jane Roe", "en-GB", 7)
    assert str(paper.written.local) == "2021-05-06 07:08:09"


def test_the_language_of_the_styles_is_told_where_the_document_says_none():
    core = CORE.replace("<dc:language>en-GB</dc:language>", "")
    assert read(word(written("a"), core=core)).language == "de-DE"


def test_a_table_has_its_rows_and_what_is_within_its_cells():
    cell = "<w:tc>{}</w:tc>".format
    inner = f"<w:tbl><w:tr>{cell(written('c'))}{cell(written('d'))}</w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr>{cell(written('a'))}{cell(written('b') + inner)}</w:tr><w:tr>{cell(written('e'))}</w:tr></w:tbl>"
    )
    assert told(word(body + written("after"))) == [("table", "a\tb c d\ne"), ("narrative-text", "after")]


def test_links_and_pictures_are_told():
    link = '<w:p><w:r><w:t>see </w:t></w:r><w:hyperlink r:id="h"><w:r><w:t>there</w:t></w:r></w:hyperlink></w:p>'
    picture = (
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="A dog"/></wp:inline></w:drawing></w:r></w:p>'
    )
    elements = read(word(link + picture)).outline.elements
    contents = [[(each.type, each.content, each.url or "") for each in one.element_contents] for one in elements]
    assert contents == [
        [("text", "see there", ""), ("link", "there", "https://example.org/a")],
        [("image", "A dog", "")],
    ]


def test_what_was_deleted_and_what_repeats_is_left_out():
    deleted = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>here</w:t></w:r></w:p>"
    boxes = f"<mc:Choice>{written('box')}</mc:Choice><mc:Fallback>{written('box')}</mc:Fallback>"
    both = f"<w:p><w:r><mc:AlternateContent>{boxes}</mc:AlternateContent></w:r></w:p>"
    assert told(word(deleted + both)) == [
        ("narrative-text", "here"),
        ("narrative-text", "box"),
    ]


def test_a_long_document_is_kept_up_to_a_bound():
    paper = read(word(written("many words " * 100) * 5_000))
    assert paper.outline.full
    assert sum(len(each.element_contents[0].content) for each in paper.outline.elements) <= MOST_LETTERS


def test_a_document_type_is_refused_before_its_entities_grow():
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(UnreadableMedia, match="document type"):
        read(word(written("a"), before=laughs))


def test_depth_is_bounded():
    with pytest.raises(UnreadableMedia, match="too deep"):
        read(word("<w:x>" * 10_000 + "</w:x>" * 10_000))


@pytest.mark.parametrize("content", ["<w:document", "not XML", f'<w:document xmlns:w="{W}"/>', "\x00\x01", ""])
def test_a_document_without_text_of_words_is_told_to_be_broken(content):
    with pytest.raises(UnreadableMedia, match="broken"):
        read(office("w.xml", {"w.xml": content}))


def test_relationships_in_a_circle_and_out_of_the_package_lead_nowhere():
    parts = {"w.xml": f'<w:document xmlns:w="{W}"><w:body>{written("a")}</w:body></w:document>'}
    parts["_rels/w.xml.rels"] = rels(s=("styles", "w.xml"), t=("styles", "../../../../etc/passwd"))
    assert told(office("w.xml", parts)) == [("narrative-text", "a")]
