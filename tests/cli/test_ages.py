"""Ages and genders, from photos to what is said of a person."""

import json
import shutil
import sqlite3

import numpy as np
import pytest

FACES = """
SELECT figures.document FROM figures
JOIN fragments ON fragments.id = figures.fragment_id JOIN clusters ON clusters.id = fragments.cluster_id
WHERE clusters.object_id = ?
"""
NOWHERE = """
[[files]]
id = "{0}"
file = "{0}.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
bytes = 1
licence = "CC0-1.0"
"""


def test_what_is_said_of_a_person_follows_from_her_faces(vultus, samples, tmp_path, home):
    shutil.copytree(samples, tmp_path / "photos")
    assert vultus("index", str(tmp_path / "photos")).code == 0
    [person] = vultus("cluster", "--json").json
    with sqlite3.connect(home / "vultus.db") as rows:
        faces = [json.loads(document) for [document] in rows.execute(FACES, [person["ObjectId"]])]
    assert len(faces) == person["FaceCount"]
    for face in faces:
        assert 0 <= face["Age"] <= 80
        assert 0 <= face["AgeSD"] < 40
        assert 0.5 <= face["GenderConfidence"] <= 1
    best = [face for face in faces if founds(face)]
    ages, weights = [face["Age"] for face in best], [face["FaceQuality"] for face in best]
    assert person["AverageAge"] == pytest.approx(np.average(ages, weights=weights), abs=0.01)
    assert (person["MinAge"], person["MaxAge"]) == (min(ages), max(ages))
    assert person["Gender"] == "male"
    assert {face["Gender"] for face in best} == {"male"}
    [cover] = [face for face in person["Cover"]["Figures"] if face["FigureClusterId"] == person["ObjectId"]]
    assert cover["Age"] in ages


def founds(face: dict) -> bool:
    """Whether a face passes the gate: over 75 pixels, every angle under 30 degrees, quality over 0.8."""
    side = min(face["Boundary"]["Width"], face["Boundary"]["Height"])
    return side > 75 and max(map(abs, face["HeadPose"].values())) < 30 and face["FaceQuality"] > 0.8


def test_photos_are_indexed_without_the_models_of_age_and_gender(vultus, samples, tmp_path, home):
    home.mkdir()
    (home / "models.toml").write_text(NOWHERE.format("age") + NOWHERE.format("gender"))
    (tmp_path / "photos").mkdir()
    shutil.copy(samples / "obama.jpg", tmp_path / "photos")
    ended = vultus("index", str(tmp_path / "photos"))
    assert ended.code == 0
    assert "Faces are described without what it tells. The model file age.onnx" in ended.err
    with sqlite3.connect(home / "vultus.db") as rows:
        [[document]] = rows.execute("SELECT document FROM figures").fetchall()
    assert not {"Age", "AgeSD", "Gender", "GenderConfidence"} & json.loads(document).keys()
    assert "FaceQuality" in json.loads(document)
