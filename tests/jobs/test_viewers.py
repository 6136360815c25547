"""Viewers look at pictures in processes of their own: whatever becomes of those, each caller is told, others served."""

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path

import msgspec
import psutil
import pytest
from PIL import Image

from vultus.config import Bucket, Faces, Media, Settings
from vultus.errors import InvalidArgument, LimitExceeded, ServerBusy, ServerStopping, ServiceUnavailable, VultusError
from vultus.index.face import indexed_face
from vultus.jobs import viewers as of_all
from vultus.jobs.pool import LOG
from vultus.jobs.viewers import Viewers
from vultus.media.images.picture import decode_picture
from vultus.storage.uri import ObjectURI

FACE = ObjectURI("album", "face.jpg")


@pytest.fixture
def settings(tmp_path: Path, models, sample_face: Path) -> Settings:
    """Settings with a bucket of one picture."""
    (tmp_path / "album").mkdir()
    (tmp_path / "home").mkdir()
    shutil.copy(sample_face, tmp_path / "album" / FACE.key)
    bucket = Bucket(projects=["*"], options={"root": str(tmp_path / "album")})
    return Settings(home=tmp_path / "home", models=str(models.folder), buckets={"album": bucket})


@pytest.fixture
def viewers(settings: Settings) -> Iterator[Viewers]:
    """One viewer."""
    viewers = Viewers(settings)
    yield viewers
    viewers.close()


def place(settings: Settings, name: str, content: bytes) -> ObjectURI:
    """Put an object into the bucket."""
    (Path(settings.buckets["album"].options["root"]) / name).write_bytes(content)
    return ObjectURI("album", name)


def freeze(viewers: Viewers) -> int:
    """Have the viewer stand still, as one does that decodes for ever; return its process id."""
    viewers.faces({"a": FACE})
    (pid,) = viewers.pids
    os.kill(pid, signal.SIGSTOP)
    return pid


def kill_soon(pid: int, how: signal.Signals) -> None:
    """End a frozen process, when somebody waits for it."""

    def kill() -> None:
        os.kill(pid, how)
        os.kill(pid, signal.SIGCONT)

    threading.Timer(0.2, kill).start()


def test_the_faces_are_those_that_indexing_finds(viewers, analyser, sample_face):
    assert viewers.pids == []
    seen = viewers.faces({"SourceURI": FACE})["SourceURI"]
    limits = Media()
    picture = decode_picture(sample_face.read_bytes(), working_side=limits.working_side, max_pixels=limits.max_pixels)
    assert seen == [indexed_face(face) for face in analyser.analyse(picture)]
    assert len(viewers.pids) == 1


def test_one_process_looks_at_one_picture_after_another(viewers):
    both = viewers.faces({"one": FACE, "other": FACE})
    (pid,) = viewers.pids
    assert both["one"] == both["other"] == viewers.faces({"again": FACE})["again"]
    assert viewers.pids == [pid]


def test_what_cannot_be_looked_at_is_told_by_the_name_that_the_caller_gave_it(settings, viewers):
    bad = {
        ObjectURI("album", "none.jpg"): "File does not exist.",
        place(settings, "a.pdf", b"%PDF-1.7\n"): "The file is of the kind document; faces are looked for in images.",
        place(settings, "a", b"\0\0\0\x18ftypmp42"): "The file is of the kind video; faces are looked for in images.",
        place(settings, "empty.jpg", b""): "The file is empty.",
        place(settings, "a.jpg", bytes(100)): "The file is not an image of a format that is read.",
    }
    for uri, message in bad.items():
        with pytest.raises(InvalidArgument) as refused:
            viewers.faces({"Source.URI1": FACE, "Source.URI2": uri})
        assert refused.value.message == f"Source.URI2: {message}"
    assert len(viewers.pids) == 1, "none of this is worth a process"


def test_nothing_larger_than_the_limits_of_media_is_decoded(settings, viewers, sample_face):
    settings.media.max_pixels = 1000
    with pytest.raises(InvalidArgument, match="at most 1000 pixels are read"):
        viewers.faces({"a": FACE})
    viewers.close()
    settings.media = Media(max_bytes=1000)
    other = Viewers(settings)
    with pytest.raises(InvalidArgument, match="more than 1000 bytes"):
        other.faces({"a": FACE})
    other.close()


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_picture_that_brings_its_viewer_down_is_refused_and_the_next_one_served(viewers, how):
    pid = freeze(viewers)
    kill_soon(pid, how)
    with pytest.raises(InvalidArgument) as refused:
        viewers.faces({"SourceURI": FACE})
    assert refused.value.message == "SourceURI: The file cannot be read: its decoder breaks down."
    assert len(viewers.faces({"a": FACE})["a"]) == 1
    assert viewers.pids != [pid]


def test_that_somebody_kills_it_is_no_fault_of_the_picture(viewers):
    kill_soon(freeze(viewers), signal.SIGKILL)
    with pytest.raises(ServerBusy):
        viewers.faces({"a": FACE})


def test_a_viewer_that_went_for_want_of_work_is_missed_by_nobody(viewers):
    viewers.faces({"a": FACE})
    gone = psutil.Process(viewers.pids[0])
    gone.terminate()  # ends it as being idle for long does
    assert gone.wait(30) in (0, None)
    assert len(viewers.faces({"a": FACE})["a"]) == 1


def test_a_picture_that_takes_too_long_is_given_up_and_its_process_with_it(viewers):
    process = psutil.Process(freeze(viewers))
    viewers._seconds = 0.3
    with pytest.raises(LimitExceeded, match=r"server\.viewing_seconds"):
        viewers.faces({"a": FACE})
    assert not process.is_running()
    viewers._seconds = 30.0
    assert len(viewers.faces({"a": FACE})["a"]) == 1


def test_a_picture_that_takes_too_much_memory_is_given_up_and_its_process_with_it(settings, viewers, sample_face):
    """A photo pasted into one of a hundred million pixels: PNG cannot be decoded reduced."""
    viewers.faces({"a": FACE})
    process = psutil.Process(viewers.pids[0])
    settings.media.max_memory = process.memory_info().rss + 2**26
    with Image.open(sample_face) as photo:
        ground = Image.new("RGB", (10_000, 10_000), "grey")
        ground.paste(photo)
    target = io.BytesIO()
    ground.save(target, "PNG", compress_level=1)
    with pytest.raises(LimitExceeded) as refused:
        viewers.faces({"a": place(settings, "large.png", target.getvalue())})
    assert refused.value.message == (
        f"Reading the file takes more than {settings.media.max_memory} bytes of memory (media.max_memory)."
    )
    assert not process.is_running()
    assert len(viewers.faces({"a": FACE})["a"]) == 1
    assert viewers.pids != [process.pid]


def test_a_caller_who_cannot_wait_for_the_models_leaves_them_to_the_next(viewers):
    viewers._seconds = 0.01
    with pytest.raises(ServerBusy):
        viewers.faces({"a": FACE})
    (pid,) = viewers.pids
    viewers._seconds = 60.0
    assert len(viewers.faces({"a": FACE})["a"]) == 1
    assert viewers.pids == [pid]


def test_of_many_callers_few_wait_and_the_others_are_told_at_once(viewers, monkeypatch):
    monkeypatch.setattr(of_all, "PATIENCE", 0.5)
    freeze(viewers)
    told = []
    viewers._seconds = 3.0

    def ask() -> None:
        began = time.monotonic()
        try:
            viewers.faces({"a": FACE})
        except (ServerBusy, LimitExceeded) as error:
            told.append((type(error), time.monotonic() - began))

    callers = [threading.Thread(target=ask) for _ in range(30)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [kind for kind, _ in told].count(LimitExceeded) == 1, "one picture at a time"
    waited = sorted(seconds for kind, seconds in told if kind is ServerBusy)
    assert len(waited) == 29
    assert sum(seconds > 0.4 for seconds in waited) == of_all.WAITING


def test_closing_breaks_off_what_is_looked_at(viewers):
    freeze(viewers)
    told = []

    def ask() -> None:
        try:
            viewers.faces({"a": FACE})
        except (ServerBusy, ServerStopping) as error:
            told.append(error)

    caller = threading.Thread(target=ask)
    caller.start()
    time.sleep(0.3)
    viewers.close()
    caller.join()
    assert len(told) == 1
    assert viewers.pids == []
    with pytest.raises(ServerStopping):
        viewers.faces({"a": FACE})


def test_a_viewer_that_is_asked_for_nothing_for_long_gives_back_its_memory(settings):
    ours, theirs = Pipe()
    code = "import sys; from vultus.jobs import viewer; viewer.IDLE = 0.5; viewer.main(*map(int, sys.argv[1:]))"
    arguments = [str(theirs.fileno()), str(os.getpid())]
    with ours, subprocess.Popen([sys.executable, "-c", code, *arguments], pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        ours.send_bytes(msgspec.msgpack.encode(settings, enc_hook=str))
        assert ours.poll(60), "it loads its models"
        assert process.wait(60) == 0


def test_no_viewer_is_left_when_they_are_closed(viewers):
    viewers.faces({"a": FACE})
    process = psutil.Process(viewers.pids[0])
    viewers.close()
    assert not process.is_running()


def test_models_that_cannot_be_had_are_no_fault_of_the_picture(settings):
    settings.faces = Faces(profile="no-such-model")
    viewers = Viewers(settings)
    with pytest.raises(Exception, match="no-such-model"):
        viewers.faces({"a": FACE})
    assert viewers.pids == []
    viewers.close()


def test_a_viewer_that_dies_before_it_has_a_picture_blames_none(settings, viewers):
    viewers._seconds = 0.01
    with pytest.raises(ServerBusy):
        viewers.faces({"a": FACE})
    (pid,) = viewers.pids
    os.kill(pid, signal.SIGSTOP)  # while it loads its models
    viewers._seconds = 30.0
    kill_soon(pid, signal.SIGSEGV)
    with pytest.raises(VultusError, match="before it had a picture") as failed:
        viewers.faces({"a": FACE})
    assert failed.value.status == 500
    assert len(viewers.faces({"a": FACE})["a"]) == 1


def test_a_viewer_that_answers_nonsense_is_ended(viewers, monkeypatch):
    viewers.faces({"a": FACE})
    process = psutil.Process(viewers.pids[0])
    monkeypatch.setattr(
        "vultus.jobs.viewer.Connection.recv_bytes", lambda *_: b"\xc1 as a decoder taken over may write"
    )
    with pytest.raises(VultusError, match="nonsense"):
        viewers.faces({"a": FACE})
    assert not process.is_running()
    monkeypatch.undo()
    assert len(viewers.faces({"a": FACE})["a"]) == 1


def test_a_bucket_out_of_reach_is_no_fault_of_the_picture(settings):
    options = {"endpoint": "http://127.0.0.1:1", "bucket": "b", "region": "r"}
    options |= {"access_key_id": "a", "secret_access_key": "b"}
    settings.buckets["far"] = Bucket(service="s3", projects=["*"], options=options)
    viewers = Viewers(settings)
    with pytest.raises(ServiceUnavailable):
        viewers.faces({"a": ObjectURI("far", "a.jpg")})
    viewers.close()


def test_no_picture_of_the_test_media_brings_a_viewer_down(settings, data):
    settings.buckets["media"] = Bucket(projects=["*"], options={"root": str(data / "media")})
    viewers = Viewers(settings)
    viewers.faces({"a": FACE})
    (pid,) = viewers.pids
    seen, refused = 0, 0
    for file in sorted((data / "media").rglob("*")):
        if file.is_file():
            try:
                viewers.faces({"a": ObjectURI("media", str(file.relative_to(data / "media")))})
                seen += 1
            except InvalidArgument:
                refused += 1
    assert min(seen, refused) > 10
    assert viewers.pids == [pid]
    assert not any("Traceback" in line for line in (settings.home / LOG).read_text().splitlines())
    viewers.close()
