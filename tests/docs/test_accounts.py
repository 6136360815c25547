"""docs/accounts.md: its commands work as they stand there, its programs run, and its limits are those that hold."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.conformance.clients import CLIENTS, Credentials, hang_up
from tests.conformance.running import serve
from vultus.catalog import attachments, groups, policies, roles, users
from vultus.config import Settings
from vultus.ram.keys import KEYS_OF_A_USER
from vultus.ram.policy import Policy
from vultus.ram.trust import Trust

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "accounts.md").read_text("utf-8")
SOME_ACCOUNT = "1234567890123456"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
POLICY, TRUST = blocks("json")
STS, RAM = blocks("python")


@pytest.fixture
def done(vultus, tmp_path):
    """What each command of the page prints."""
    (tmp_path / "family.json").write_text(POLICY)
    printed = {}
    for command in COMMANDS:
        _, *words = shlex.split(command)
        ended = vultus(*words)
        assert ended.code == 0, f"{command}: {ended.err}"
        printed[command] = ended.out
    return printed


def test_the_commands_work_in_the_order_they_stand_in(done):
    [explained] = [out for command, out in done.items() if " explain " in command]
    assert "allowed" in explained
    assert "look-at-family" in explained


def test_the_documents_are_a_policy_and_a_trust_policy():
    assert Policy.parse(POLICY).statements
    assert SOME_ACCOUNT in json.dumps(json.loads(TRUST))
    assert Trust.parse(TRUST).statements


@pytest.fixture
def run(done, vultus, home, capsys):
    """Run a program of the page against a server that has the account of the commands."""

    def run(program, user):
        made = vultus("ram", "key", "add", user, "--json") if user else vultus("keys", "create", "--json")
        key = Credentials(made.json["AccessKeyId"], made.json["AccessKeySecret"])
        with serve(Settings(home=home)) as server:
            root = CLIENTS["official V3"](server)
            root.call("CreateProject", ProjectName="family")
            text = program.replace("127.0.0.1:8668", server.endpoint)
            text = text.replace('"LTAI..."', f'"{key.key_id}"').replace('secret="..."', f'secret="{key.secret}"')
            exec(compile(text, "docs/accounts.md", "exec"), {})
            hang_up()
        return capsys.readouterr().out

    return run


def test_a_session_begins_as_the_page_shows(run):
    assert "'ProjectName': 'family'" in run(STS, "album")


def test_the_account_is_administered_as_the_page_shows(run, vultus):
    key_id = run(RAM, "").split()[-2]
    [key] = vultus("ram", "key", "list", "printer", "--json").json
    assert key["AccessKeyId"] == key_id
    [policy] = vultus("ram", "user", "show", "printer", "--json").json["Policies"]
    assert policy["PolicyName"] == "AliyunIMMReadOnlyAccess"


@pytest.mark.parametrize(
    "row",
    [
        f"| users, groups, roles, policies | {users.LIMIT:,}, {groups.LIMIT:,}, {roles.LIMIT:,}, {policies.LIMIT:,} |",
        f"| keys of a user | {KEYS_OF_A_USER} |",
        f"| groups of a user | {groups.GROUPS_OF_A_USER} |",
        f"| policies of a user, group or role | {attachments.LIMITS['System']} of the system, "
        f"{attachments.LIMITS['Custom']} others |",
        f"| versions of a policy | {policies.VERSIONS} |",
    ],
)
def test_the_limits_are_those_that_hold(row):
    assert row in PAGE
