"""Markup of HTML, read from front to back in time that grows with its length alone, however it is broken.

Browsers' rules (https://html.spec.whatwg.org/#tokenization), as far as they matter for what is written: a tree is not
built, for to build one takes the square of the time on pages made for that.
"""

import re
from collections.abc import Iterator
from html import unescape

from vultus.media.element import End, Start

#: A tag from its name to its end; a value in quotation marks may hold what would end it.
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,63}+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|))*+)>")
ATTRIBUTE = re.compile(r"([^\s=/>\"']{1,64})(?:\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
MOST_OF_TAG = 8_192  # letters in which attributes are looked for
MOST_ATTRIBUTES = 64
RAW = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "math", "object"})  # nothing to be read
TEXTUAL = frozenset({"title", "textarea"})  # hold text in which tags mean nothing


Token = Start | End | str


def tokens(text: str) -> Iterator[Token]:
    """Read HTML: tags, and the text between them without entities. Scripts, styles and comments are left out."""
    place = 0
    while (begin := text.find("<", place)) >= 0:
        if begin > place:
            yield unescape(text[place:begin])
        if text.startswith(("<!", "<?"), begin):
            place = _after(text, "-->" if text.startswith("<!--", begin) else ">", begin + 2)
            continue
        match = TAG.match(text, begin)
        if match is None:
            if text[begin + 1 : begin + 2].isalpha() or text.startswith("</", begin):
                return  # a tag that nothing ends, up to the end of the page
            yield "<"
            place = begin + 1
            continue
        name, place = match[2].lower(), match.end()
        if match[1]:
            yield End(name)
            continue
        yield Start(name, _attributes(match[3]))
        if name in RAW or name in TEXTUAL:
            end = _closing(text, name, place)
            if name in TEXTUAL:
                yield unescape(text[place:end])
            place = end
    yield unescape(text[place:])


def _after(text: str, mark: str, place: int) -> int:
    """The place behind a mark; the end of the text where there is none."""
    found = text.find(mark, place)
    return len(text) if found < 0 else found + len(mark)


def _closing(text: str, name: str, place: int) -> int:
    found = re.compile(f"</{name}[\\s/>]", re.IGNORECASE).search(text, place)
    return found.start() if found else len(text)


def _attributes(written: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(written[:MOST_OF_TAG]):
        said.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
        if len(said) == MOST_ATTRIBUTES:
            break
    return said
