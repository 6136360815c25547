"""Places that nobody may reach through us: elsewhere on the network, and outside the buckets."""

import json
import socket
from urllib.parse import urlencode

import pytest

from tests.conformance.raw import FORM, call_v3, expect, send, v3
from tests.synthetic import SyntheticAlbum


@pytest.fixture(scope="module")
def album(server):
    return SyntheticAlbum.make(server.service.catalog)


ELSEWHERE = [
    *(
        "http://127.0.0.1:{port}/a.jpg",
        "https://127.0.0.1:{port}/a.jpg",
        "gopher://127.0.0.1:{port}/_GET",
        "//127.0.0.1:{port}/",
    ),
    *(
        "ftp://127.0.0.1:{port}/a",
        "dict://127.0.0.1:{port}/",
        "s3://album/a.jpg",
        "pds://album/a.jpg",
        "OSS://album/a.jpg",
    ),
    *(
        "file:///etc/passwd",
        "/etc/passwd",
        "data:,a",
        "jar:file:///a!/b",
        "\\\\127.0.0.1\\a",
        "oss:album/a.jpg",
        "oss:///a.jpg",
    ),
    *(
        "oss://127.0.0.1:{port}/a.jpg",
        "oss://album@127.0.0.1:{port}/a.jpg",
        "oss://album:{port}/a.jpg",
        "oss://elsewhere/a.jpg",
    ),
    *("oss://album/../../etc/passwd", "oss://album/..", "oss://album/./a.jpg", "oss://album//etc/passwd", "oss://../a"),
    *(
        "oss://album/a/../../../etc/passwd",
        "oss://album",
        "oss://album/",
        "oss://album/a\x00.jpg",
        "oss://album/a\n.jpg",
    ),
    *("oss://album/" + "a" * 2000, "", " oss://album/a.jpg", "oss://al*/a.jpg", "oss://./a.jpg", "oss://..%2f/a.jpg"),
]


@pytest.fixture(scope="module")
def canary():
    """A port of this machine, on which nobody calls."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener.getsockname()[1]
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize("uri", ELSEWHERE)
def test_a_file_elsewhere_is_not_handed_in(server, album, canary, uri):
    uri = uri.format(port=canary)
    for action, given in (
        ("IndexFileMeta", {"File": {"URI": uri}}),
        ("BatchIndexFileMeta", {"Files": [{"URI": "oss://album/a.jpg"}, {"URI": uri}]}),
        ("UpdateFileMeta", {"File": {"URI": uri, "CustomId": "1"}}),
    ):
        body = urlencode({name: json.dumps(value) for name, value in given.items()} | album.where).encode()
        expect(send(server, "POST", "/", v3(server, action, {}, body) | FORM, body), 400, "InvalidArgument")
    assert call_v3(server, "GetDataset", **album.where, WithStatistics="true").json["Dataset"]["FileCount"] == 0


@pytest.mark.parametrize("uri", ELSEWHERE)
def test_nothing_is_read_from_elsewhere_for_who_names_it(server, album, canary, uri):
    uri = uri.format(port=canary)
    one = call_v3(server, "GetFileMeta", **album.where, URI=uri)
    assert one.code in ("ResourceNotFound", "InvalidArgument", "MissingURI")
    many = call_v3(server, "BatchGetFileMeta", **album.where, URIs=json.dumps([uri]))
    assert many.json.get("Files", []) == []
