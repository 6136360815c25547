"""What people see while photos and videos go in."""

import io
import re

from rich.console import Console

from tests.film import film, moved, photo
from vultus.cli import console
from vultus.cli.work import Step, follow

SECONDS = 90  # of film: several times a second's work


def terminal(monkeypatch) -> io.StringIO:
    """A terminal on which standard error is shown."""
    shown = io.StringIO()
    monkeypatch.setattr(console, "err", Console(file=shown, force_terminal=True, width=160))
    return shown


def test_the_bar_moves_within_a_long_video(vultus, tmp_path, samples, monkeypatch):
    folder = tmp_path / "films"
    folder.mkdir()
    face = photo(samples / "obama.jpg", 300, 360)
    (folder / "[long] film.mp4").write_bytes(film((moved(face, n, 960, 540) for n in range(2 * SECONDS)), rate=2))
    shown = terminal(monkeypatch)
    assert vultus("index", str(folder)).code == 0
    told = [int(percent) for percent in re.findall(r"\[long\] film\.mp4 (\d+) %", shown.getvalue())]
    assert len(set(told)) > 1
    assert told == sorted(told)
    assert "0/1" in shown.getvalue()
    assert "1/1" in shown.getvalue()


def test_what_is_done_at_once_shows_no_percentage(monkeypatch):
    steps = iter([Step(0.0), Step(1.5, "film.mkv 50 %"), Step(2.0)])
    shown = terminal(monkeypatch)
    follow("Indexing", "files", 2, lambda: next(steps))
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.getvalue())
    assert "1/2" in text
    assert "film.mkv 50 %" in text
    assert "%" not in text.rpartition("2/2")[2]
