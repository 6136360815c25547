import msgspec

from vultus.media.documents.outline import MOST_ELEMENTS, MOST_LETTERS, MOST_OF_ONE, SHARING, Link, Outline

RECORD = 2**20  # bytes of the elements of a document in letters of a byte each


def letters(outline: Outline) -> int:
    return sum(len(content.content or "") for each in outline.elements for content in each.element_contents)


def relations(outline: Outline, place: int) -> set[tuple[str, str]]:
    found = outline.elements[place].element_relations
    return {(each.type, each.object_id) for each in found} if found else set()


def test_what_follows_a_title_stands_under_it_and_says_so():
    outline = Outline()
    outline.title("Animals", 1)
    outline.title("Dogs", 2)
    outline.paragraph("They bark.")
    outline.title("Plants", 1)
    outline.paragraph("They do not.")
    assert relations(outline, 0) == {("child", "2")}
    assert relations(outline, 1) == {("parent", "1"), ("child", "3")}
    assert relations(outline, 2) == {("parent", "2")}
    assert relations(outline, 3) == {("child", "5")}
    assert relations(outline, 4) == {("parent", "4")}


def test_every_element_has_a_number_of_its_own():
    outline = Outline()
    for _ in range(50):
        outline.title("one")
        outline.paragraph("two")
        outline.image("three")
    assert len({each.object_id for each in outline.elements}) == 150


def test_a_long_text_is_told_in_several_elements_up_to_a_bound():
    outline = Outline()
    outline.paragraph("word " * MOST_LETTERS)
    assert outline.full
    assert MOST_LETTERS * 0.99 < letters(outline) <= MOST_LETTERS
    assert max(len(each.element_contents[0].content) for each in outline.elements) <= MOST_OF_ONE


def test_a_long_book_of_short_paragraphs_is_kept_to_its_end():
    outline = Outline()
    for number in range(20_000):
        outline.paragraph(f"paragraph {number}")
    assert not outline.full
    assert len(outline.elements) < MOST_ELEMENTS
    assert outline.elements[-1].element_contents[0].content.endswith("paragraph 19999")
    assert outline.elements[SHARING - 1].element_contents[0].content.startswith(f"paragraph {SHARING - 1}")


def test_no_flood_of_anything_gets_past_the_bounds():
    outline = Outline()
    for _ in range(5 * MOST_ELEMENTS):
        outline.image("a", "https://example.org/" + "a" * 1000)
        outline.title("b" * 10_000)
        outline.table([["c" * 100_000] * 100])
        outline.paragraph("d", [Link("e", "https://example.org/")] * 1000)
    assert len(outline.elements) <= MOST_ELEMENTS
    assert letters(outline) <= MOST_LETTERS
    assert len(msgspec.json.encode(outline.elements)) < RECORD


def test_a_flood_of_links_makes_no_larger_record():
    outline = Outline()
    for _ in range(2 * MOST_ELEMENTS):
        outline.paragraph("d", [Link("e", "https://example.org/" + "f" * 1900)] * 1000)
    assert len(msgspec.json.encode(outline.elements)) < RECORD


def test_a_table_keeps_rows_and_cells_apart_and_comes_in_pieces():
    outline = Outline()
    outline.table([["name", "age"], ["Ann\nLee", "7"], [], ["", ""]])
    assert outline.elements[0].element_contents[0].content == "name\tage\nAnn Lee\t7"
    outline.table([["x" * 100] for _ in range(200)])
    assert {each.element_type for each in outline.elements} == {"table"}
    assert sum(each.element_contents[0].content.count("x") for each in outline.elements[1:]) == 20_000


def test_only_links_that_lead_out_are_kept():
    outline = Outline()
    kept = [Link("home", "https://example.org/"), Link("write", "mailto:a@example.org")]
    unsafe = ["javascript:alert(1)", "data:text/html,x", "#here", "other.html", "http://[", "https://a/" + "b" * 5000]
    outline.paragraph("text", [*kept, *(Link("no", url) for url in unsafe)])
    contents = outline.elements[0].element_contents
    assert [(each.type, each.content, each.url or "") for each in contents] == [
        ("text", "text", ""),
        ("link", "home", "https://example.org/"),
        ("link", "write", "mailto:a@example.org"),
    ]


def test_text_is_kept_without_what_would_scramble_it():
    outline = Outline()
    outline.paragraph("a\0b\u202ec\x1b[31m\ud800d")
    assert outline.elements[0].element_contents[0].content == "abc[31md"
