from vultus.media.documents.plain_text import read_csv, read_text


def told(paper):
    return [(each.element_type, each.element_contents[0].content) for each in paper.outline.elements]


def test_empty_lines_separate_paragraphs():
    assert told(read_text(b"one\r\nline\r\n \r\n\r\ntwo\n")) == [
        ("narrative-text", "one\nline"),
        ("narrative-text", "two"),
    ]


def test_a_table_is_told_with_its_cells_however_they_are_separated():
    assert told(read_csv(b'name,said\nAnn,"a, b"\n')) == [("table", "name\tsaid\nAnn\ta, b")]
    assert told(read_csv("name;Gr\u00f6\u00dfe\nAnn;1,5\n".encode("cp1252"))) == [
        ("table", "name\tGr\u00f6\u00dfe\nAnn\t1,5")
    ]


def test_a_table_that_nothing_closes_is_text():
    assert told(read_csv(b'a,"' + b"b" * 200_000))[0][0] == "narrative-text"
