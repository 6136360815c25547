"""What people see while photos and videos go in."""

import io
import re
import shutil

from rich.console import Console

from tests.film import film, moved, photo
from vultus.cli import console
from vultus.cli.index import SHOWN
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


def test_the_steps_and_what_they_cost_are_told_and_nothing_is_indexed(vultus, tmp_path, sample_face, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(sample_face, folder / "one.jpg")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    told = vultus("index", str(folder), "--explain", "--template", "Official:FaceManagement")
    assert told.code == 0
    rows = [line.split("│")[1:-1] for line in told.out.splitlines() if line.startswith("│")]
    names = [row[1].strip() for row in rows if row[0].strip()]
    assert names.index("object_meta") < names.index("image") < names.index("faces")
    cost = {row[1].strip(): row[-1].strip() for row in rows if row[0].strip()}
    assert float(cost["faces"]) > 0
    assert cost["frames"] == ""
    assert "broken.jpg: " in told.out
    assert "There is no project default" in vultus("faces").err, "nothing was made"


def test_a_template_that_is_chosen_stays(vultus, tmp_path, sample_face):
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(sample_face, folder / "one.jpg")
    assert "holds 1 file, 0 faces" in vultus("index", str(folder), "--template", "Official:OSSBasicMeta").out
    assert "holds 1 file, 0 faces" in vultus("index", str(folder)).out
    assert "holds 1 file, 1 face " in vultus("index", str(folder), "--template", "Official:FaceManagement").out
    wrong = vultus("index", str(folder), "--template", "Official:Wit")
    assert wrong.code != 0
    assert "Official:Wit is not known" in wrong.err


def test_what_was_done_to_the_files_of_a_folder_is_told_apart_from_what_the_dataset_holds(
    vultus, tmp_path, sample_face
):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, names in ((first, "ab"), (second, "cde")):
        folder.mkdir()
        for name in names:
            shutil.copy(sample_face, folder / f"{name}.jpg")
    (second / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    assert f"2 files in {first}: 2 indexed; this took" in vultus("index", str(first)).out
    told = vultus("index", str(second))
    assert f"4 files in {second}: 3 indexed, 1 failed; this took" in told.out
    assert "The dataset photos holds 6 files (1 of them failed), 5 faces and 0 people." in told.out
    assert "1 file could not be read:" in told.err
    (second / "c.jpg").write_bytes(sample_face.read_bytes() + b"changed")
    shutil.copy(sample_face, second / "new.jpg")
    again = vultus("index", str(second), "--json").json
    assert [again[name] for name in ("Files", "Indexed", "Unchanged", "Failed")] == [5, 2, 2, 1]
    assert again["Dataset"] == {"Files": 7, "Failed": 1, "Faces": 6, "People": 0}
    (second / "broken.jpg").unlink()
    assert f"5 files in {second}" not in vultus("index", str(second)).out
    whole = vultus("index", str(second))
    assert (whole.code, f"4 files in {second}: 4 unchanged" in whole.out) == (0, True)


def test_of_many_failures_the_first_are_told_and_all_are_counted(vultus, tmp_path):
    for number in range(SHOWN + 2):
        (tmp_path / f"{number}.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    told = vultus("index", str(tmp_path))
    assert f"{SHOWN + 2} files could not be read:" in told.err
    assert "  and 2 more" in told.err
    summary = vultus("index", str(tmp_path), "--json").json
    assert (summary["Failed"], len(summary["Failures"])) == (SHOWN + 2, SHOWN)


def test_what_another_template_finds_is_no_unchanged_file(vultus, tmp_path, sample_face):
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(sample_face, folder / "one.jpg")
    counts = []
    for template in ("Official:OSSBasicMeta", "Official:FaceManagement", "Official:FaceManagement"):
        told = vultus("index", str(folder), "--template", template, "--json").json
        counts.append((told["Indexed"], told["Unchanged"]))
    assert counts == [(1, 0), (1, 0), (0, 1)]


def test_a_folder_is_not_blamed_for_the_files_of_another(vultus, tmp_path, sample_face):
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
    shutil.copy(sample_face, tmp_path / "good" / "one.jpg")
    (tmp_path / "bad" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    assert vultus("index", str(tmp_path / "bad")).code == 3
    good = vultus("index", str(tmp_path / "good"))
    assert (good.code, "broken.jpg" in good.err) == (0, False)
    assert "is a file; name the folder" in vultus("index", str(tmp_path / "good" / "one.jpg")).err
    assert vultus("index", "~nobody knows/good").err == "There is no folder ~nobody knows/good."
