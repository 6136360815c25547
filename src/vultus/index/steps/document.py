"""Documents: what is written in them."""

from msgspec import UNSET

from vultus.index.step import step
from vultus.index.steps.semantics import CONTENT
from vultus.index.subject import Subject
from vultus.media.documents.document import read_document
from vultus.media.language import language_tag
from vultus.media.provenance.clock import moment_of
from vultus.media.wording import line_of

MOST_LETTERS = 1000  # of a title or a name


@step(
    media={"document"},
    needs={"media_type", "content_type"},
    gives={"page_count", "title", "artist", "language", "produce_time", "elements", "semantic_types"},
)
def document(subject: Subject) -> None:
    """Read a document: its text by titles, paragraphs, tables and images, and what it says of itself."""
    found = subject.document
    paper = read_document(subject.file, str(found.content_type))
    if paper is None:
        return
    found.title = line_of(paper.title, MOST_LETTERS) or paper.outline.heading or UNSET
    found.artist = line_of(paper.author, MOST_LETTERS) or UNSET
    found.language = language_tag(paper.language)
    if paper.written is not None:
        found.produce_time = moment_of(paper.written, None, subject.settings.media.timezone)
    if paper.pages is not None:
        found.page_count = paper.pages
    if paper.outline.elements:
        found.elements, found.semantic_types = paper.outline.elements, [CONTENT]
