"""Every client has the faces of images found and compared, on a server that looks at real ones."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alibabacloud_imm20200930 import models as sdk

from tests.conformance.clients import CLIENTS, AnyClient, Refused, hang_up
from tests.conformance.running import Running, serve, settings_in
from tests.conformance.shop import Shop
from vultus.config import Bucket

FACE, AGAIN, OTHER = (f"oss://album/{name}.jpg" for name in ("obama", "obama2", "biden"))


@pytest.fixture(scope="module")
def server(tmp_path_factory, models, samples: Path) -> Iterator[Running]:
    """A server with the project ``p``, a bucket of photos, and models."""
    home = tmp_path_factory.mktemp("server")
    (home / "album").mkdir()
    for name in ("obama", "obama2", "biden"):
        shutil.copy(samples / f"{name}.jpg", home / "album")
    settings = settings_in(home)
    settings.models = str(models.folder)
    settings.buckets = {"album": Bucket(projects=["p"], options={"root": str(home / "album")})}
    with serve(settings) as running:
        Shop.open(running, "p", v1=False).call("CreateProject")
        yield running
        hang_up()


@pytest.fixture(params=CLIENTS)
def client(request, server) -> AnyClient:
    return CLIENTS[request.param](server)


def test_faces_are_found(client):
    answer = client.call("DetectImageFaces", ProjectName="p", SourceURI=FACE, CredentialConfig={"ServiceRole": "r"})
    (face,) = answer["Faces"]
    assert (face["FigureType"], face["FigureClusterId"]) == ("face", "figure-cluster-id-unavailable")
    assert min(face["Boundary"]["Width"], face["Boundary"]["Height"]) > 75
    assert float(face["FaceQuality"]) > 0.8  # one client hands on a number of many digits as text


def test_faces_are_compared(client):
    for other, least, most in ((FACE, 1.0, 1.0), (AGAIN, 0.9, 1.0), (OTHER, 0.0, 0.2)):
        answer = client.call("CompareImageFaces", ProjectName="p", Source={"URI1": FACE, "URI2": other})
        assert least <= float(answer["Similarity"]) <= most


def test_what_cannot_be_used_is_an_invalid_argument(client):
    asked = {"DetectImageFaces": {"SourceURI": "oss://album/none.jpg"}}
    asked["CompareImageFaces"] = {"Source": {"URI1": FACE, "URI2": "oss://album/none.jpg"}}
    for action, fields in asked.items():
        with pytest.raises(Refused, match="File does not exist") as raised:
            client.call(action, ProjectName="p", **fields)
        assert (raised.value.status, raised.value.code) == (400, "InvalidArgument")


def test_no_request_waits_for_those_that_look_at_pictures(server):
    shop = Shop.open(server, "p", v1=False)
    shop.call("DetectImageFaces", source_uri=FACE)
    (pid,) = server.service.viewers.pids
    os.kill(pid, signal.SIGSTOP)
    refused = []

    def ask() -> None:
        caller = Shop.open(server, "p", v1=False)
        try:
            caller.call("DetectImageFaces", source_uri=FACE)
        except Refused as error:
            refused.append((error.status, error.code))

    callers = [threading.Thread(target=ask) for _ in range(60)]
    for caller in callers:
        caller.start()
    while len(refused) < 60 - 9:  # one is looked at, and eight wait
        time.sleep(0.05)
    assert set(refused) == {(503, "ServiceUnavailable")}
    for _ in range(20):
        shop.call("GetProject")
    assert len(refused) == 60 - 9
    os.kill(pid, signal.SIGCONT)
    for caller in callers:
        caller.join()
    assert len(refused) == 60 - 9


@pytest.mark.parametrize("v1", [False, True])
def test_what_is_answered_is_what_the_classes_of_the_sdk_say(server, v1):
    shop = Shop.open(server, "p", v1=v1)
    (face,) = shop.call("DetectImageFaces", source_uri=FACE).faces
    assert (face.figure_type, face.gender) == ("face", "male")
    pair = sdk.CompareImageFacesRequestSource(uri1=FACE, uri2=AGAIN)
    assert shop.call("CompareImageFaces", source=pair).similarity > 0.9
    policy = sdk.CredentialConfig(policy="{}")
    assert shop.refusal("DetectImageFaces", source_uri=FACE, credential_config=policy)[:2] == (400, "InvalidArgument")
