import io
import struct
import time
import zipfile

import pytest

from tests.papers import archive, office, sheets, slides, word, written
from vultus.media.documents.package import MOST_DIRECTORY, SMALL, opened
from vultus.media.documents.sheets import read_sheets
from vultus.media.documents.slides import read_slides
from vultus.media.documents.word import read_word
from vultus.media.unreadable import UnreadableMedia


def refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableMedia, match=why):
        read_word(io.BytesIO(data))


def outcome(data: bytes) -> str:
    try:
        read_word(io.BytesIO(data))
    except UnreadableMedia as error:
        return error.message
    return "The document is read."


def test_a_part_that_unpacks_to_far_more_than_it_has_is_not_unpacked():
    begun = time.monotonic()
    refused(word(written("a"), before=" " * (3 * SMALL)), "unpacks to far more")
    assert time.monotonic() - begun < 5


def test_a_header_that_lies_of_its_size_is_not_believed():
    data = bytearray(word(written("word " * 100_000)))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        true = packed.getinfo("word/document.xml").file_size
    at = data.rindex(b"word/document.xml") - 46 + 24  # where the directory keeps the size
    assert struct.unpack_from("<I", data, at)[0] == true
    struct.pack_into("<I", data, at, 1000)
    refused(bytes(data), "broken")


def test_a_long_list_of_parts_is_not_read():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for number in range(MOST_DIRECTORY // 2000 + 100):
            packed.writestr(f"{number:>02000}", "")
    begun = time.monotonic()
    refused(file.getvalue(), "too many parts")
    assert time.monotonic() - begun < 1


def test_an_encrypted_part_is_told_to_be_encrypted():
    data = bytearray(word(written("a")))
    data[data.rindex(b"word/document.xml") - 46 + 8] |= 1
    refused(bytes(data), "encrypted")


def test_packing_that_office_does_not_know_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("_rels/.rels", "<a/>")
    refused(file.getvalue(), "Office does not know")


@pytest.mark.parametrize("keep", [0, 10, 100, 500])
def test_a_document_that_is_cut_short_is_told_to_be_broken(keep):
    refused(word(written("a"))[:keep], "broken")


def test_every_broken_byte_is_borne():
    data = word(written("a"))
    for at in range(0, len(data), 7):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        assert outcome(bytes(broken)).startswith("The document ")


def test_parts_together_unpack_to_no_more_than_a_bound():
    with opened(io.BytesIO(archive({"a.xml": "<a>" + "b" * 1000 + "</a>"}))) as package:
        assert "b" * 1000 in list(package.events("a.xml"))
        package.spent(200 * SMALL)
        assert list(package.events("a.xml")) == []


def test_an_archive_that_is_no_document_is_told_to_be_broken():
    refused(archive({"a.txt": "a"}), "broken")
    refused(office("none.xml", {}), "broken")


@pytest.mark.parametrize(
    ("read", "around", "piece"),
    [
        (read_word, word, "<w:tbl><w:tr/></w:tbl>"),
        (read_word, lambda rows: word(f"<w:tbl>{rows}</w:tbl>"), "<w:tr/>"),
        (read_word, lambda cells: word(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"), "<w:tc/>"),
        (read_word, lambda links: word(f"<w:p>{links}</w:p>"), '<w:hyperlink r:id="h"><w:t>a</w:t></w:hyperlink>'),
        (read_slides, lambda rows: slides(f"<a:tbl>{rows}</a:tbl>"), "<a:tr/>"),
        (read_slides, lambda lines: slides(f"<p:sp>{lines}</p:sp>"), "<a:p/>"),
        (read_sheets, lambda rows: sheets([], One=rows), "<row/>"),
        (read_sheets, lambda cells: sheets([], One=f"<row>{cells}</row>"), "<c/>"),
    ],
)
def test_the_time_that_a_part_takes_grows_with_its_length_alone(read, around, piece):
    begun = time.monotonic()
    read(io.BytesIO(around(piece * (2**21 // len(piece)))))
    assert time.monotonic() - begun < 30
