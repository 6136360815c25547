"""Names and reasons from outside are shown as they are: they are no markup, and no terminal obeys them."""

import unicodedata

import pytest

from vultus.cli import console
from vultus.cli.console import plain
from vultus.ram.trail import Entry, Trail

RED = "\x1b[31m"
TEMPLATE = "[bold]mine"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna [1]", "Anna [1]"),
        (f"{RED}red", r"\x1b[31mred"),
        ("two\nlines", r"two\nlines"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\x9b31m", r"\x9b31m"),
        ("\udcff", r"\udcff"),
        ("山田\u3000太郎", "山田\u3000太郎"),
        ("نمی\u200cشود 👨\u200d👩", "نمی\u200cشود 👨\u200d👩"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text, shown):
    assert plain(text) == shown


@pytest.fixture
def shown(vultus, monkeypatch):
    """Run a command; see that all it printed is harmless, and return it."""

    def run(*words: str) -> str:
        ended = vultus(*words)
        printed = ended.out + ended.err
        obeyed = {c for c in printed if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"}
        assert not obeyed, words
        return printed

    return run


def test_files_with_odd_names_are_named_as_they_are(shown, tmp_path, sample_face):
    folder = tmp_path / "[red]my photos"
    folder.mkdir()
    names = ["[bold]one.jpg", "[a]back\\.jpg", "\u202egpj.jpg"]
    for name in names:
        (folder / name).write_bytes(sample_face.read_bytes())
    (folder / "[dim]broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    (tmp_path / "vultus.toml").write_text(f'[templates]\n"{TEMPLATE}" = ["faces"]\n')
    told = shown("index", str(folder))
    assert f"4 files in {folder}: 3 indexed, 1 failed" in told
    assert "/[dim]broken.jpg: [InvalidArgument]" in told
    for word in ("[bold]one.jpg", "[a]back\\.jpg", "\\u202egpj.jpg"):
        assert word in shown("faces")
    assert "readable, begins with [a]back\\.jpg" in shown("doctor")
    explained = shown("index", str(folder), "--explain", "--template", TEMPLATE)
    assert f"{TEMPLATE}, step by step" in explained
    assert "[dim]broken.jpg: " in explained


def test_faces_that_found_nobody_are_told_by_names_as_they_are(shown, tmp_path, sample_face):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "[bold]one\u202e.jpg").write_bytes(sample_face.read_bytes())
    shown("index", "photos")
    assert "  [bold]one\\u202e.jpg: " in shown("cluster")


def test_people_with_odd_names_are_named_as_they_are(shown, samples):
    shown("index", str(samples))
    shown("cluster")
    [person] = [line.split("│")[1].strip() for line in shown("people").splitlines() if "Cluster-" in line]
    assert "Done" in shown("name", person, "[bold]Anna[/] [red]")
    for command in (["people"], ["show", person], ["journal"], ["cluster"], ["cluster", "--full"]):
        assert "[bold]Anna[/] [red]" in shown(*command)
    shown("name", person, f"{RED}Berta\u202e")
    for command in (["people"], ["show", person], ["journal"]):
        assert r"\x1b[31mBerta\u202e" in shown(*command)


def test_the_trail_of_strangers_is_shown_as_it_is(shown, home):
    shown("keys", "list")  # makes the home
    trail = Trail(home)
    entry = Entry(action=f"imm:[bold]{RED}x", access_key_id="[red]key", source="api", source_address="[::1]")
    entry.resources = ["acs:imm:local:1:project/[dim]p"]
    trail.write(entry)
    trail.close()
    for columns in (200, 80):
        console.out.width = columns
        told = shown("trail")
        for word in (r"imm:[bold]\x1b[31mx", "[red]key", "api [::1]", "project/[dim]p"):
            assert word in told


def test_an_error_repeats_what_was_asked_for_as_it_is(shown, capsys, monkeypatch):
    from vultus.cli.app import main

    monkeypatch.setattr("sys.argv", ["vultus", "compare", f"[bold]{RED}one.jpg", "two.jpg"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err == "Error: There is no file [bold]\\x1b[31mone.jpg.\n"
