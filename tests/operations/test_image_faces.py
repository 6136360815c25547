"""Faces of an image are found and compared while the caller waits, and nothing is kept of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
import pytest

from tests.operations.conftest import Desk
from vultus.catalog import Catalog
from vultus.config import Bucket, Settings
from vultus.errors import PermissionDenied
from vultus.operations.call import Service
from vultus.ram.principal import Principal
from vultus.storage.storage import Storage

FACE, OTHER, NOBODY = "oss://album/face.jpg", "oss://album/other.jpg", "oss://album/nobody.jpg"
UNAVAILABLE = "figure-cluster-id-unavailable"


@pytest.fixture(scope="module")
def desk(tmp_path_factory, models, samples: Path, new_sqlite_file: Path) -> Iterator[Desk]:
    """A service with the project ``family`` and three pictures in its bucket, for all tests of this module."""
    home = tmp_path_factory.mktemp("service")
    (home / "album").mkdir()
    shutil.copy(new_sqlite_file, home / "vultus.db")
    shutil.copy(samples / "obama.jpg", home / "album" / "face.jpg")
    shutil.copy(samples / "biden.jpg", home / "album" / "other.jpg")
    cv2.imwrite(str(home / "album" / "nobody.jpg"), np.full((200, 300, 3), 128, np.uint8))
    cv2.imwrite(str(home / "album" / "two.jpg"), two_of(home / "album"))
    bucket = Bucket(projects=["family"], options={"root": str(home / "album")})
    settings = Settings(home=home, models=str(models.folder), buckets={"album": bucket})
    catalog = Catalog(settings.database_url)
    service = Service(settings, catalog, Storage(settings))
    desk = Desk(service)
    desk.call("CreateProject", ProjectName="family")
    desk.call("CreateProject", ProjectName="other")
    yield desk
    service.viewers.close()
    catalog.close()


def two_of(album: Path) -> np.ndarray:
    """Both faces in one picture, that of ``other.jpg`` half as large."""
    one, other = (cv2.imread(str(album / name)) for name in ("face.jpg", "other.jpg"))
    one, other = cv2.resize(one, (600, 800)), cv2.resize(other, (300, 400))
    page = np.zeros((800, 900, 3), np.uint8)
    page[:, :600], page[:400, 600:] = one, other
    return page


def detect(desk: Desk, uri: str = FACE):
    return desk.call("DetectImageFaces", ProjectName="family", SourceURI=uri).faces


def compare(desk: Desk, one: str = FACE, other: str = OTHER) -> float:
    return desk.call("CompareImageFaces", ProjectName="family", Source={"URI1": one, "URI2": other}).similarity


def test_faces_come_largest_first_each_described(desk):
    large, small = detect(desk, "oss://album/two.jpg")
    assert large.boundary.width * large.boundary.height > small.boundary.width * small.boundary.height
    for face in (large, small):
        assert face.figure_type == "face"
        assert 0 < face.figure_confidence <= 1
        assert 0 < face.face_quality <= 1
        assert 0 <= face.sharpness <= 1
        assert max(abs(face.head_pose.pitch), abs(face.head_pose.roll), abs(face.head_pose.yaw)) < 90
        assert face.gender == "male"


def test_a_face_of_no_dataset_has_an_id_that_names_nothing_and_no_cluster(desk):
    first, second = detect(desk)[0], detect(desk)[0]
    assert UUID(first.figure_id) != UUID(second.figure_id)
    assert first.figure_cluster_id == second.figure_cluster_id == UNAVAILABLE
    assert first.boundary == second.boundary


def test_an_image_without_faces_has_an_empty_list(desk):
    assert detect(desk, NOBODY) == []


def test_nothing_is_kept(desk):
    detect(desk)
    assert desk.call("ListDatasets", ProjectName="family").datasets == []
    desk.call("CreateDataset", ProjectName="family", DatasetName="photos")
    assert desk.call("GetProgress", "vultus", ProjectName="family", DatasetName="photos").figures == 0
    desk.call("DeleteDataset", ProjectName="family", DatasetName="photos")


def test_the_same_picture_is_wholly_similar_and_two_people_are_not(desk):
    assert compare(desk, FACE, FACE) == 1.0
    assert compare(desk, FACE, OTHER) < 0.2
    assert compare(desk, FACE, OTHER) == compare(desk, OTHER, FACE)


def test_the_largest_face_of_each_is_compared(desk):
    assert compare(desk, "oss://album/two.jpg", FACE) > 0.95
    assert compare(desk, "oss://album/two.jpg", OTHER) < 0.2


def test_two_photos_of_one_person_are_similar(desk, samples):
    shutil.copy(samples / "obama2.jpg", Path(desk.service.settings.buckets["album"].options["root"]) / "again.jpg")
    assert compare(desk, FACE, "oss://album/again.jpg") > 0.9


def test_an_image_in_which_there_is_nobody_to_compare_is_named(desk):
    pair = {"URI1": FACE, "URI2": NOBODY}
    refused = desk.refusal("CompareImageFaces", ProjectName="family", Source=pair)
    assert refused == ("InvalidArgument", "Source.URI2: No face is found in the image.")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{", "Source must be an ImagePair, as one JSON text."),
        ('["a", "b"]', "Source must be an ImagePair."),
        ('{"URI1": "oss://album/a.jpg"}', "Source must be an ImagePair; it lacks URI2."),
        ('{"URI1": "oss://album/a.jpg", "URI2": 3}', "Source must be an ImagePair; URI2 must be text."),
        (
            '{"URI1": "oss://album/face.jpg", "URI2": "/etc/passwd"}',
            "A URI begins with oss:// and names a bucket that is configured here.",
        ),
    ],
)
def test_a_source_that_is_none_is_refused_in_words(desk, source, message):
    assert desk.refusal("CompareImageFaces", ProjectName="family", Source=source) == ("InvalidArgument", message)


def test_what_is_asked_for_is_mandatory(desk):
    assert desk.refusal("DetectImageFaces", ProjectName="family")[0] == "MissingSourceURI"
    assert desk.refusal("CompareImageFaces", ProjectName="family")[0] == "MissingSource"
    assert desk.refusal("DetectImageFaces", SourceURI=FACE)[0] == "MissingProjectName"
    assert desk.refusal("DetectImageFaces", ProjectName="none", SourceURI=FACE)[0] == "ResourceNotFound"


def test_what_is_not_there_is_refused(desk):
    refused = desk.refusal("DetectImageFaces", ProjectName="family", SourceURI="oss://album/none.jpg")
    assert refused == ("InvalidArgument", "SourceURI: File does not exist.")


def test_a_project_reads_its_own_buckets_only(desk):
    message = "The bucket album is not open to the project other."
    assert desk.refusal("DetectImageFaces", ProjectName="other", SourceURI=FACE) == ("NoPermission", message)
    pair = {"URI1": FACE, "URI2": FACE}
    assert desk.refusal("CompareImageFaces", ProjectName="other", Source=pair) == ("NoPermission", message)


def test_a_user_needs_the_action_on_the_project(desk):
    denied = Principal(desk.owner, kind="User", user="anna")
    asked = {"DetectImageFaces": {"SourceURI": FACE}, "CompareImageFaces": {"Source": {"URI1": FACE, "URI2": FACE}}}
    for action, fields in asked.items():
        with pytest.raises(PermissionDenied) as refused:
            desk.call_as(denied, action, ProjectName="family", **fields)
        assert refused.value.detail.auth_action == f"imm:{action}"
        entry = desk.trail()[-1]
        assert (entry.action, entry.code) == (f"imm:{action}", "NoPermission")
        assert entry.resources == [f"acs:imm:local:{desk.owner}:project/family"]


def test_roles_of_a_caller_are_not_used_and_its_policy_is_refused(desk):
    roles = {"ServiceRole": "r", "Chain": [{"Role": "r", "RoleType": "user", "AssumeRoleFor": "1"}]}
    asked = {"ProjectName": "family", "SourceURI": FACE}
    assert len(desk.call("DetectImageFaces", **asked, CredentialConfig=roles).faces) == 1
    narrowed = roles | {"Policy": '{"Version": "1", "Statement": []}'}
    code, message = desk.refusal("DetectImageFaces", **asked, CredentialConfig=narrowed)
    assert code == "InvalidArgument"
    assert message.startswith("CredentialConfig.Policy")
    assert desk.refusal("DetectImageFaces", **asked, CredentialConfig="{")[0] == "InvalidArgument"
