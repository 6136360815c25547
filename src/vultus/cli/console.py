"""What is printed where: answers to standard output, the rest to standard error."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Without emoji: the ARN acs:ram::1:role/a would be printed with the picture of a ram in it.
out = Console(emoji=False)
err = Console(stderr=True, emoji=False)


def progress_bar(unit: str) -> Progress:
    """A bar with count, rate, time left, and what takes long; on standard error, and only where that is a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} " + unit + "/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[about]}"),
        console=err,
        disable=not err.is_terminal,
    )
