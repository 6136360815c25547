"""Every file of the test media is indexed by all steps, or fails for what is wrong with it."""

import threading

import msgspec
import pytest

from vultus.catalog import Catalog
from vultus.config import Bucket, Settings
from vultus.jobs.guard import Guard
from vultus.jobs.handlers import build_handlers
from vultus.jobs.worker import Worker
from vultus.model import File, InputFile

DAMAGED_SOUND = "[InvalidArgument] The sound is cut short or damaged: its container cannot be read."
CUT_IMAGE = "[InvalidArgument] The {} file is cut short: its picture is not complete."
LOCKED = "pdf-samples__005-libreoffice-writer-password__libreoffice-writer-password.pdf"
#: What is wrong with files of the test media. The two sounds ffprobe gives up, too.
WRONG = {
    "mediafile__test__rsrc__full.wma": DAMAGED_SOUND,
    "mediafile__test__rsrc__image.wma": DAMAGED_SOUND,
    LOCKED: "[InvalidArgument] The document is encrypted: it is read only with a password.",
    "pillow__Tests__images__broken.png": "[InvalidArgument] The PNG file is damaged: its picture cannot be decoded.",
    "pillow__Tests__images__truncated_image.png": CUT_IMAGE.format("PNG"),
    "pillow__Tests__images__truncated_jpeg.jpg": CUT_IMAGE.format("JPEG"),
}
AREZZO = "exif-samples__jpg__gps__DSCN"


@pytest.fixture(scope="module")
def files(tmp_path_factory, models, data) -> dict[str, File]:
    """What a worker makes of the test media, by name."""
    home, folder = tmp_path_factory.mktemp("test-media"), data / "media"
    bucket = Bucket(options={"root": str(folder)}, projects=["p"])
    settings = Settings(home=home, models=str(models.folder), buckets={"media": bucket})
    catalog = Catalog(settings.database_url)
    catalog.migrate()
    catalog.account.ensure()
    project = catalog.projects.create("p", template_id="Official:AllFunction")
    dataset = catalog.datasets.create(project.id, "d")
    uris = [f"oss://media/{file.name}" for file in sorted(folder.iterdir())]
    catalog.files.submit(dataset, [InputFile(uri=uri) for uri in uris])
    worker = Worker("here:1", catalog, settings.jobs, build_handlers(settings, catalog, threading.Event(), Guard()))
    while worker.step():
        pass
    found = [msgspec.json.decode(each, type=File) for each in catalog.files.get_many(dataset, uris)]
    catalog.close()
    return {str(each.filename): each for each in found}


def test_all_are_indexed_but_those_with_which_something_is_wrong(files, data):
    assert sorted(files) == sorted(file.name for file in (data / "media").iterdir())
    assert {name: file.reason for name, file in files.items() if file.object_status != "Indexed"} == WRONG


def test_photos_with_a_place_are_in_the_right_town(files):
    towns = {name: (file.addresses or [])[-1].city for name, file in files.items() if name.startswith(AREZZO)}
    assert len(towns) == 9
    assert set(towns.values()) == {"Arezzo"}
