"""Every field of a file, and of all that is in it, is told of some file; a real worker indexes and clusters them."""

import io
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
from msgspec.structs import asdict, fields
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from scripts.fields_docs import CANNOT, all_fields
from tests.chatting import WORDS
from tests.chatting import serving as chatting
from tests.film import film, photo
from tests.index.steps.camera import PACKET, PLACE
from tests.index.steps.test_covers import song
from tests.media.made import MADE, has_encoder
from tests.pages import ENGLISH, page, turned
from tests.papers import pdf, typed
from tests.storage.oss import HEADERS, Stored
from tests.storage.oss import serving as storing
from vultus.catalog import Catalog
from vultus.catalog.identifier import file_object_id
from vultus.config import Bucket, Insights, Settings
from vultus.jobs.guard import Guard
from vultus.jobs.handlers import build_handlers
from vultus.jobs.runs import USUAL
from vultus.jobs.worker import Worker
from vultus.model import File, InputFile, moment
from vultus.storage.birth import born

BEGAN = moment.now() - 2 * moment.SECOND  # file systems tell times of files by a coarser clock
SAID = {"oss_uri": "oss://store/notes.txt", "custom_id": "7"}
PAGE = b"<!DOCTYPE html><title>House</title><h1>House</h1><p>A <a href='https://a.org/'>road</a>.<img src='b.png'>"
KREUZBERG = {GPS.GPSLatitude: (52.0, 30.0, 0.0), GPS.GPSLongitude: (13.0, 24.0, 10.8)}


def portrait(path: Path, side: int) -> bytes:
    """A photo of somebody, as a phone takes and a program names it."""
    exif, target = Image.Exif(), io.BytesIO()
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2021:06:29 14:50:13"
    exif.get_ifd(IFD.GPSInfo).update(PLACE | KREUZBERG)
    packet = PACKET.format(made="2021-06-29T14:50:13", title="A day out").encode()
    Image.open(path).convert("RGB").resize((side, side)).rotate(90).save(target, "JPEG", exif=exif, xmp=packet)
    return target.getvalue()


def png(pixels: np.ndarray) -> bytes:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()


def cover() -> bytes:
    """A cover with a title, of which a camera tells."""
    exif, target = Image.Exif(), io.BytesIO()
    exif[Base.Make] = "Camera Works"
    Image.fromarray(page(["Songs of the Sea"], 40, 96)).save(target, "JPEG", exif=exif)
    return target.getvalue()


def german(data: bytes) -> bytes:
    """A film whose pictures are in a language."""
    target = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(target, "w", format="matroska") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        stream.metadata["language"] = "ger"
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    return target.getvalue()


def files(samples: Path) -> dict[str, bytes]:
    face = photo(samples / "obama.jpg", 320, 240)
    made = {name: make() for name, (make, encoder) in MADE.items() if has_encoder(encoder)}
    return {
        **made,
        **{f"{side}.jpg": portrait(samples / "obama.jpg", side) for side in (700, 760, 820)},
        "page.png": png(turned(page(ENGLISH[:3], 18, 110), 12)),
        "film.mp4": film([face] * 30),
        "german.mkv": german(film([face] * 10)),
        "song.mp3": song(cover(), kind="jpeg"),
        "page.html": PAGE,
        "notes.pdf": pdf(typed(("Field notes", 24, 700), ("It rained.", 11, 660))),
        "cut.png": png(np.zeros((300, 300, 3), np.uint8))[:60],
    }


@pytest.fixture(scope="module")
def records(tmp_path_factory, models, samples) -> Iterator[list[File]]:
    root = tmp_path_factory.mktemp("every-field")
    folder = root / "album"
    folder.mkdir()
    for name, data in files(samples).items():
        (folder / name).write_bytes(data)
    with storing() as oss, chatting() as model:
        oss.objects["notes.txt"] = Stored(b"123456789", HEADERS, {"key": "val"}, "private")
        settings = Settings(
            home=root,
            models=str(models.folder),
            buckets={
                "album": Bucket(options={"root": str(folder)}, projects=["p"]),
                "store": Bucket(service="oss", options=oss.options(), projects=["p"]),
            },
            insights=Insights(endpoint=model.endpoint, model="any"),
        )
        settings.faces.attributes = (*settings.faces.attributes, "attractive")
        catalog = Catalog(settings.database_url)
        catalog.migrate()
        yield indexed(settings, catalog, [f"oss://album/{file.name}" for file in folder.iterdir()])
        catalog.close()


def indexed(settings: Settings, catalog: Catalog, uris: list[str]) -> list[File]:
    catalog.account.ensure()
    project = catalog.projects.create("p", template_id="Official:AllFunction")
    dataset = catalog.datasets.create(project.id, "d")
    uris = [*uris, "oss://store/notes.txt"]
    catalog.files.submit(dataset, [InputFile(uri=uri, custom_labels={"a": "b"}, **SAID) for uri in uris])
    worker = Worker("here:1", catalog, settings.jobs, build_handlers(settings, catalog, threading.Event(), Guard()))
    while worker.step():
        pass
    task = catalog.tasks.create(dataset.project_id, dataset.id, USUAL.task_type)
    catalog.jobs.put(USUAL.kind, dataset_id=dataset.id, task=task.id, key=USUAL.key(dataset.id))
    assert worker.step()
    return [msgspec.json.decode(each, type=File) for each in catalog.files.get_many(dataset, uris)]


def told(value: Any) -> Iterator[str]:
    """The fields that say something, of a value and of all that is in it. A number says something, be it 0."""
    if isinstance(value, msgspec.Struct):
        names = {each.name: each.encode_name for each in fields(value)}
        for name, inner in asdict(value).items():
            if inner is not msgspec.UNSET and inner not in ("", [], {}, None):
                yield f"{type(value).__name__}.{names[name]}"
                yield from told(inner)
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from told(inner)


def named(records: list[File], name: str) -> File:
    [found] = [each for each in records if each.filename == name]
    return found


def remembers_birth(folder: Path) -> bool:
    """Whether the file system of the tests can tell when a file was made."""
    return born(".", os.open(folder, os.O_RDONLY), os.stat(folder)) is not None


def test_every_field_is_told_of_some_file_but_those_that_cannot_be(records, tmp_path):
    found = set(told(records)) | (set() if remembers_birth(tmp_path) else {"File.FileCreateTime"})
    wanted = {each.name for each in all_fields()} - CANNOT.keys()
    assert sorted(wanted - found) == []


def test_what_cannot_be_told_is_told_of_no_file(records):
    assert set(told(records)) & CANNOT.keys() == set()


@pytest.mark.proves(
    "File.OwnerId ProjectName DatasetName ObjectType ObjectId CreateTime UpdateTime URI OSSURI CustomId CustomLabels",
)
def test_a_record_says_whose_it_is_and_since_when(records):
    for each in records:
        owner = str(each.owner_id)
        assert re.fullmatch(r"\d{16}", owner)
        assert (each.project_name, each.dataset_name, each.object_type) == ("p", "d", "file")
        assert each.object_id == file_object_id(owner, "p", "d", str(each.uri))
        assert str(each.uri).endswith(f"/{each.filename}")
        assert (each.oss_uri, each.custom_id, each.custom_labels) == (*list(SAID.values())[:2], {"a": "b"})
        made, changed = moment.from_wire(str(each.create_time)), moment.from_wire(str(each.update_time))
        assert BEGAN <= made <= changed <= moment.now()


@pytest.mark.proves("File.FileCreateTime FileAccessTime")
def test_a_file_of_a_folder_says_when_it_was_made_and_read(records, tmp_path):
    found = named(records, "film.mp4")
    assert BEGAN <= moment.from_wire(str(found.file_access_time)) <= moment.now()
    if remembers_birth(tmp_path):
        assert BEGAN <= moment.from_wire(str(found.file_create_time)) <= moment.now()


@pytest.mark.proves("File.Orientation")
def test_a_photo_says_how_its_camera_was_held(records):
    assert named(records, "700.jpg").orientation == 6


@pytest.mark.proves("SceneElement.VideoStreamIndex", "VideoStream.Language", "AudioStream.CodecTimeBase")
def test_streams_say_which_they_are(records):
    [scene] = named(records, "film.mp4").scene_elements or []
    assert scene.video_stream_index == 0
    [stream] = named(records, "german.mkv").video_streams or []
    assert stream.language == "de"
    [sound] = named(records, "m4a.m4a").audio_streams or []
    assert sound.codec_time_base == "1/44100"


@pytest.mark.proves(
    "ImageInsight.Caption Description MultilingualContent",
    "VideoInsight.Caption Description MultilingualContent",
    "MultilingualContentEntry.Caption Description",
    "Insights.Image Video",
    "File.Insights",
)
def test_what_a_model_says_is_told_word_by_word(records):
    """In each language, and in the first of them besides."""
    words = {name: {"Caption": said["caption"], "Description": said["description"]} for name, said in WORDS.items()}
    expected = {**words["en"], "MultilingualContent": words}
    assert msgspec.to_builtins(named(records, "film.mp4").insights) == {"Video": expected}
    assert msgspec.to_builtins(named(records, "700.jpg").insights) == {"Image": expected}
