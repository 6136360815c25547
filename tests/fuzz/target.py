"""What is fuzzed, seen from outside."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from tests.conformance.clients import Credentials
from tests.conformance.raw import Reply, send, v1

ROOT = Path(__file__).resolve().parents[2]

#: Requests that are sent in all; half of them made from the description, half of bytes.
REQUESTS = int(os.environ.get("VULTUS_FUZZ_REQUESTS", "2000"))
#: Few requests are the same ones each time, so that nobody's change fails by chance; many are new ones.
ALWAYS_THE_SAME = "VULTUS_FUZZ_REQUESTS" not in os.environ
#: Bytes by which the server may grow. What it keeps of requests is bounded: pages of the database, keys, statements.
GROWTH = 24 * 2**20


@dataclass
class Target:
    """A server that is fuzzed.

    Attributes:
        endpoint: host and port.
        key: the root key.
        user: the key of a user who may read.
        known: values of parameters that mean something there, by wire name.
        requests: that were sent.
    """

    endpoint: str
    key: Credentials
    user: Credentials
    known: dict[str, list[str]]
    process: psutil.Process
    requests: int = 0
    began_with: int = 0

    def __post_init__(self) -> None:
        self.began_with = self._size()

    @property
    def grown(self) -> int:
        """Bytes by which its memory has grown since it was warm."""
        return self._size() - self.began_with

    def _size(self) -> int:
        size: int = self.process.memory_info().rss
        return size


@dataclass(frozen=True)
class _Caller:
    endpoint: str
    key: Any


def start(home: Path) -> "tuple[subprocess.Popen[str], Target]":
    """Start a server; return its process and what can be seen of it."""
    command = [sys.executable, "-m", "tests.fuzz.server", str(home)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    endpoint, root = told["endpoint"], Credentials(told["key_id"], told["secret"])
    caller = _Caller(endpoint, root)
    _warm(caller)
    return process, Target(endpoint, root, _user(caller), _known(told), psutil.Process(process.pid))


def _warm(root: _Caller) -> None:
    """Have the server load what it loads at its first use only, which is most of what it holds."""
    where = {"ProjectName": "p", "DatasetName": "photos", "Version": "2026-11-22"}
    for action in ("ListFigureClusterSuggestions", "SplitFigureCluster"):
        _call(root, action, **where, ObjectId="Cluster-none")
    send(root, "GET", "/openapi.json")


def _user(root: _Caller) -> Credentials:
    """Make a user who may read what is IMM's, and another one beside; return a key of the first."""
    for name in ("reader", "other"):
        _ram(root, "CreateUser", UserName=name)
    key = _ram(root, "CreateAccessKey", UserName="reader")["AccessKey"]
    _ram(root, "AttachPolicyToUser", UserName="reader", PolicyName="AliyunIMMReadOnlyAccess", PolicyType="System")
    return Credentials(key["AccessKeyId"], key["AccessKeySecret"])


def _ram(root: _Caller, action: str, **parameters: str) -> dict[str, Any]:
    reply = _call(root, action, Version="2015-05-01", **parameters)
    assert reply.status == 200, reply.body
    return reply.json


def _call(root: _Caller, action: str, **parameters: str) -> Reply:
    return send(root, "GET", f"/?{urlencode(v1(root, 'GET', {'Action': action, **parameters}))}")


def _known(told: dict[str, Any]) -> dict[str, list[str]]:
    people, first = told["people"], told["people"][0]
    uris = [f"oss://album/anna-{number}.jpg" for number in range(3)]
    return {
        "ProjectName": ["p"],
        "DatasetName": ["photos"],
        "ObjectId": people,
        "ObjectIds": [json.dumps(people)],
        "To": [first],
        "From": people[1:],
        "FigureClusterId": people,
        "URI": uris,
        "URIs": [json.dumps(uris)],
        "File": [json.dumps({"URI": uris[0], "CustomId": "1"})],
        "FigureCluster": [json.dumps({"ObjectId": first, "Name": "Anna"})],
        "TaskType": ["FaceClustering", "FigureClustersMerging"],
        "UserName": ["other"],
        "GroupName": ["group"],
        "RoleName": ["role"],
        "PolicyName": ["policy", "AliyunIMMFullAccess"],
        "PolicyType": ["Custom", "System"],
        "PolicyDocument": ['{"Version":"1","Statement":[{"Effect":"Allow","Action":"imm:*","Resource":"*"}]}'],
    }
