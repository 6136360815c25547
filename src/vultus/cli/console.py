"""What is printed where: answers to standard output, the rest to standard error."""

import unicodedata

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Without emoji: the ARN acs:ram::1:role/a would be printed with the picture of a ram in it.
out = Console(emoji=False)
err = Console(stderr=True, emoji=False)

WIDE = 100  # characters of a terminal that has room for the whole id of a person
ROOMY = 120  # characters of one that has room for long names side by side

_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # what terminals act on, or cannot print
_JOINERS = frozenset("\u200c\u200d")  # of the same category, but Persian names and emoji are written with them


def plain(text: str) -> str:
    r"""Return a text from outside with what a terminal would obey rather than show written out: ESC as ``\x1b``."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    obeyed = unicodedata.category(character) in _OBEYED and character not in _JOINERS
    return ascii(character)[1:-1] if obeyed else character


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: ``1 face``, ``2,000 faces``."""
    return f"{number:,} {one if number == 1 else many}"


def progress_bar(unit: str) -> Progress:
    """A bar with count, rate, time left, and what takes long; on standard error, and only where that is a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} " + unit + "/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[about]}", markup=False),
        console=err,
        disable=not err.is_terminal,
    )
