import io
import time

import pytest

from tests.papers import archive, office, sheets
from vultus.media.documents.outline import MOST_LETTERS
from vultus.media.documents.sheets import read_sheets
from vultus.media.unreadable import UnreadableMedia


def test_every_sheet_is_a_title_and_a_table():
    rows = (
        '<row><c t="s"><v>1</v></c><c><v>7</v></c><c t="b"><v>1</v></c></row>'
        '<row><c t="inlineStr"><is><t>here</t></is></c><c t="str"><f>A1</f><v>came to</v></c>'
        '<c t="s"><v>99</v></c></row>'
    )
    data = sheets(["Ann", "Bob & Co"], People=rows, hidden="<row><c><v>5</v></c></row>", Empty="")
    paper = read_sheets(io.BytesIO(data))
    assert [(each.element_type, each.element_contents[0].content) for each in paper.outline.elements] == [
        ("title", "People"),
        ("table", "Bob & Co\t7\tTRUE\nhere\tcame to"),
        ("title", "Empty"),
    ]
    assert paper.pages == 3


def test_days_are_told_as_dates_and_numbers_as_they_are():
    values = [("1", "43832"), ("2", "43832.5"), ("1", "1"), ("2", "0.25"), ("0", "43832"), ("3", "43832"), ("4", "7")]
    odd = [("1", "-1"), ("1", "1e300"), ("1", "nan"), ("99", "43832"), ("1", "soon")]
    rows = "".join(f'<row><c s="{style}"><v>{value}</v></c></row>' for style, value in [*values, *odd])
    table = read_sheets(io.BytesIO(sheets([], Days=rows))).outline.elements[1].element_contents[0].content
    dates = ["2020-01-02", "2020-01-02 12:00:00", "1900-01-01", "06:00:00", "43832", "43832", "7"]
    assert table.split("\n") == [*dates, *(value for _, value in odd)]


def test_a_long_sheet_is_read_no_further_than_is_kept():
    row = '<row><c t="s"><v>0</v></c></row>'
    begun = time.monotonic()
    paper = read_sheets(io.BytesIO(sheets(["word " * 1000 + str(hash(row))], Long=row * 200_000)))
    assert time.monotonic() - begun < 20
    assert sum(len(each.element_contents[0].content) for each in paper.outline.elements) <= MOST_LETTERS


@pytest.mark.parametrize("data", [b"", archive({}), office("a.xml", {"a.xml": "<a/>"})])
def test_what_is_no_workbook_is_told_to_be_broken(data):
    with pytest.raises(UnreadableMedia, match="broken"):
        read_sheets(io.BytesIO(data))
