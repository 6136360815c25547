"""Documents on their whole way: from an object to its record."""

import msgspec
import pytest

from tests.index.test_pipeline import Album
from tests.papers import pdf, slides, typed, word, written
from vultus.index.template import official_templates
from vultus.media.documents.encrypted import ENCRYPTED_PACKAGE


@pytest.fixture
def album(tmp_path, analyser):
    album = Album(tmp_path, analyser, "Official:AllFunction")
    yield album
    album.catalog.close()


def test_a_document_becomes_a_record_that_tells_its_text(album):
    (album.root / "a.docx").write_bytes(word(written("Tiere", "berschrift1") + written("Hunde bellen."), pages=3))
    (album.root / "a.pdf").write_bytes(pdf(typed(("Hunde bellen.", 11, 600))))
    (album.root / "a.pptx").write_bytes(slides("", ""))
    told = [album.index(name) for name in ("a.docx", "a.pdf", "a.pptx")]
    assert [(file.object_status, file.media_type, file.page_count) for file in told] == [
        ("Indexed", "document", 3),
        ("Indexed", "document", 1),
        ("Indexed", "document", 2),
    ]
    assert [each.element_contents[0].content for each in told[0].elements] == ["Tiere", "Hunde bellen."]
    assert told[1].elements[0].element_contents[0].content == "Hunde bellen."
    assert album.looked == 0


def test_an_encrypted_document_fails_with_its_reason(album):
    (album.root / "a.docx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + ENCRYPTED_PACKAGE)
    file = album.index("a.docx")
    assert (file.object_status, file.media_type) == ("Failed", msgspec.UNSET)
    assert file.reason == "[InvalidArgument] The document is encrypted: it is read only with a password."


def test_every_document_of_the_test_media_is_read_or_fails_with_a_true_reason(album, data):
    told = {}
    for source in sorted((data / "media").glob("pdf-samples__*.pdf")):
        (album.root / source.name).write_bytes(source.read_bytes())
        file = album.index(source.name)
        told[source.name[13:16]] = (file.object_status, file.page_count or 0, "encrypted" in (file.reason or ""))
    assert told == {
        **dict.fromkeys(("001", "002", "003"), ("Indexed", 1, False)),
        "004": ("Indexed", 4, False),
        "005": ("Failed", 0, True),
        "006": ("Indexed", 4, False),
    }


def test_documents_are_read_where_everything_is():
    reading = {name for name, steps in official_templates().items() if "document" in steps}
    assert reading == {"Official:AllFunction"}
