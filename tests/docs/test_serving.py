"""docs/serving.md names the limits that there are, and its examples can be used."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alibabacloud_imm20200930 import models as imm
from alibabacloud_imm20200930.client import Client

from tests.conformance.clients import hang_up
from tests.serving import serving
from vultus.api import app, body, connections, protocol, server
from vultus.api.observer import Observer
from vultus.config import Limits, Server

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "serving.md").read_text("utf-8")


@pytest.mark.parametrize(
    "said",
    [
        f"`limits.project_queries_per_second`, {Limits().project_queries_per_second:g};",
        f"`server.max_connections`, {Server().max_connections},",
        f"{protocol.LONGEST_HEAD // 2**10} KB, within {connections.HEAD:g} seconds",
        f"| requests sent ahead on a connection | {protocol.AHEAD} |",
        f"`server.max_body`, {Server().max_body // 2**20} MB, within {body.PATIENCE:g} seconds",
        f"{body.HELD} of the longest kind for each process",
        f"| {app.MOST_WAITING} for each process |",
        f"| fetching an answer | {connections.ANSWER:g} seconds |",
        f"| an idle connection | {server.KEEP_ALIVE} seconds |",
        f"for up to {server.GRACE} seconds",
        f"as it has connections, and {server.OTHER_FILES} more",
    ],
)
def test_the_limits_are_those_of_the_code(said):
    assert said in " ".join(PAGE.split())


def test_the_example_of_settings_can_be_used():
    for example in re.findall(r"```toml\n(.+?)```", PAGE, re.DOTALL):
        msgspec.convert(tomllib.loads(example)["server"], Server)


def test_a_line_of_the_log_is_as_shown(caplog):
    caplog.set_level("INFO")
    observer = Observer(access_log=True)
    observer.end(observer.begin())
    [example] = re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL)
    shown = list(json.loads(example))
    assert shown == ["time", "level", "logger", "message", *caplog.records[0].fields]


def test_an_sdk_that_is_told_to_waits_and_tries_again(tmp_path):
    [example] = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)
    with serving(tmp_path, settings="[limits]\nproject_queries_per_second = 2\n") as at:
        said: dict[str, Any] = {}
        exec(example, said)
        config = said["config"]
        config.access_key_id, config.access_key_secret = at.key.key_id, at.key.secret
        config.endpoint, config.protocol = at.endpoint, "HTTP"
        client = Client(config)
        client.create_project(imm.CreateProjectRequest(project_name="p"))
        answers = [client.get_project(imm.GetProjectRequest(project_name="p")) for _ in range(4)]
        assert [each.status_code for each in answers] == [200] * 4
        hang_up()
