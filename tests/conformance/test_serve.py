"""``vultus serve`` does the whole main job for a program with the official SDK, unaided."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from alibabacloud_imm20200930 import models as imm
from alibabacloud_imm20200930.client import Client
from alibabacloud_tea_openapi.models import Config

T = TypeVar("T")
WHERE = {"project_name": "family", "dataset_name": "album"}


@pytest.fixture
def endpoint(tmp_path, models, samples) -> Iterator[str]:
    """A server process over a bucket with the sample photos."""
    bucket = tmp_path / "bucket"
    shutil.copytree(samples, bucket)
    (tmp_path / "vultus.toml").write_text(
        f'[buckets.photos]\nprojects = ["family"]\n[buckets.photos.options]\nroot = "{bucket}"\n'
    )
    environment = os.environ | {"VULTUS_HOME": str(tmp_path / "home"), "VULTUS_MODELS": str(models.folder)}
    command = [sys.executable, "-c", "from vultus.cli import main; main()", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        told = ""
        while not (found := re.search(r"http://(127\.0\.0\.1:\d+)", told)):
            line = server.stderr.readline()
            assert line, f"the server did not start:\n{told}"
            told += line
        yield found.group(1)
        server.send_signal(signal.SIGINT)
        assert "Stopped." in server.stderr.read()
    assert server.returncode == 0


def client_of(endpoint: str, home: Path) -> Client:
    key = json.loads((home / "root-key.json").read_text())
    return Client(
        Config(
            access_key_id=key["AccessKeyId"],
            access_key_secret=key["AccessKeySecret"],
            endpoint=endpoint,
            protocol="HTTP",
        )
    )


def wait_for(look: Callable[[], T | None], seconds: float = 120.0) -> T:
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        assert time.monotonic() < deadline, "the server did not finish"
        time.sleep(0.2)
    return found


def test_photos_in_people_out_through_the_official_sdk(endpoint, tmp_path, samples):
    client = client_of(endpoint, tmp_path / "home")
    client.create_project(imm.CreateProjectRequest(project_name="family"))
    client.create_dataset(imm.CreateDatasetRequest(**WHERE))
    uris = [f"oss://photos/{photo.name}" for photo in sorted(samples.iterdir())]
    client.index_file_meta(imm.IndexFileMetaRequest(**WHERE, file=imm.InputFile(uri=uris[0])))
    files = [imm.InputFile(uri=uri) for uri in uris[1:]]
    client.batch_index_file_meta(imm.BatchIndexFileMetaRequest(**WHERE, files=files))
    wait_for(lambda: all_indexed(client, uris))
    task = client.create_figure_clustering_task(imm.CreateFigureClusteringTaskRequest(**WHERE)).body.task_id
    wait_for(lambda: ended(client, task))
    listed = client.query_figure_clusters(imm.QueryFigureClustersRequest(**WHERE)).body.figure_clusters
    ids = [cluster.object_id for cluster in listed]
    [person] = client.batch_get_figure_cluster(
        imm.BatchGetFigureClusterRequest(**WHERE, object_ids=ids)
    ).body.figure_clusters
    assert person.face_count >= 3
    assert person.image_count == person.face_count
    assert person.cover.uri in uris
    assert person.cover.figures[0].figure_cluster_id == person.object_id
    assert person.cover.figures[0].boundary.width > 75
    assert person.cover.image_width > 0


def all_indexed(client: Client, uris: list[str]) -> bool | None:
    got = client.batch_get_file_meta(imm.BatchGetFileMetaRequest(**WHERE, uris=uris)).body.files
    assert [file.uri for file in got] == uris
    states = {file.object_status for file in got}
    assert "Failed" not in states
    return True if states == {"Indexed"} else None


def ended(client: Client, task: str) -> bool | None:
    request = imm.GetTaskRequest(project_name="family", task_id=task, task_type="FaceClustering")
    state = client.get_task(request).body
    assert state.status != "Failed", state.message
    return True if state.status == "Succeeded" else None
