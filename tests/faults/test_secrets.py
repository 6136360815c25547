"""Neither logs nor the trail hold what would let somebody in: after calls of all kinds, also when the server fails."""

import re
import sqlite3
import urllib.parse
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conformance.raw import Reply, send, v1, v3
from tests.serving import RootKey, Serving, serving

RAM, STS, IMM = "2015-05-01", "2015-04-01", "2020-09-30"
PHRASE = "aPhraseThatOnlyQueriesHold"  # stands for all else that is in queries


@dataclass
class Caller:
    """Calls with one key, and remembers what nobody else may learn."""

    endpoint: str
    key: RootKey
    token: str = ""
    secrets: set[str] = field(default_factory=set)

    def call(self, action: str, version: str = IMM, **parameters: str) -> list[Reply]:
        """Call an operation, with each of the two signatures."""
        tokens = {"x_acs_security_token": self.token} if self.token else {}
        headers = v3(self, action, parameters, x_acs_version=version, **tokens)
        public = {"SecurityToken": self.token} if self.token else {}
        form = v1(self, "POST", {"Action": action, "Version": version, **public, **parameters})
        self.secrets |= {headers["authorization"].partition("Signature=")[2], form["Signature"]}
        self.secrets |= {urllib.parse.quote_plus(form["Signature"]), self.key.secret, self.token} - {""}
        return [
            send(self, "POST", f"/?{urllib.parse.urlencode(parameters)}", headers),
            send(self, "POST", "/", body=urllib.parse.urlencode(form).encode()),
        ]


TRUST = """{"Version": "1", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::%s:root"]}}
]}"""
ASSUMING = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}'


def call_in_every_way(root: Caller) -> set[str]:
    """Make calls of all kinds; return what must not be found in a log."""
    account = root.call("GetCallerIdentity", STS)[0].json["AccountId"]
    root.call("CreateProject", ProjectName="p", Description=PHRASE)
    root.call("GetProject", ProjectName="p", Wrong=PHRASE)
    root.call("MakeCoffee", Milk=PHRASE)
    root.call("CreateUser", RAM, UserName="anna", Comments=PHRASE)
    root.call("CreateUser", RAM, UserName="bert")
    root.call("CreatePolicy", RAM, PolicyName="assuming", PolicyDocument=ASSUMING)
    root.call("AttachPolicyToUser", RAM, PolicyName="assuming", PolicyType="Custom", UserName="anna")
    root.call("CreateRole", RAM, RoleName="guest", AssumeRolePolicyDocument=TRUST % account)
    anna = Caller(root.endpoint, key_of(root.call("CreateAccessKey", RAM, UserName="anna")[0].json["AccessKey"]))
    assert {reply.status for reply in anna.call("GetProject", ProjectName="p")} == {403}
    [assumed, _] = anna.call("AssumeRole", STS, RoleArn=f"acs:ram::{account}:role/guest", RoleSessionName="session")
    session = Caller(root.endpoint, key_of(assumed.json["Credentials"]), assumed.json["Credentials"]["SecurityToken"])
    assert {reply.status for reply in session.call("GetCallerIdentity", STS)} == {200}
    others = [
        Caller(root.endpoint, RootKey(root.key.key_id, "a" * 30)),
        Caller(root.endpoint, root.key, "CAISnotatoken" * 5),
        Caller(root.endpoint, RootKey(session.key.key_id, session.key.secret), "CAISnotatokeneither" * 5),
        Caller(root.endpoint, RootKey("LTAInobodys", "b" * 30)),
    ]
    for other in others:
        assert 200 not in {reply.status for reply in other.call("ListProjects", Prefix=PHRASE)}
    send(root, "GET", f"/?AccessKeyId={root.key.key_id}&Signature=notasignature&SecurityToken=notatoken&a={PHRASE}")
    send(root, "BREW", f"/{PHRASE}", {"authorization": "ACS3-HMAC-SHA256 Signature=notasignature"})
    secrets = {"notasignature", "notatoken", PHRASE}
    return secrets.union(*(each.secrets for each in (anna, session, *others)))


def key_of(told: dict[str, str]) -> RootKey:
    return RootKey(told["AccessKeyId"], told["AccessKeySecret"])


def break_tables(server: Serving) -> None:
    """Have the database fail in ways that nobody has foreseen, while secrets are written."""
    with closing(sqlite3.connect(server.home / "vultus.db")) as database, database:
        database.execute("CREATE TRIGGER b BEFORE INSERT ON access_keys BEGIN SELECT RAISE(ABORT, 'broken'); END")
        database.execute("ALTER TABLE projects RENAME TO lost")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("processes", ["1", "2"])
def test_no_log_holds_what_would_let_somebody_in(tmp_path, form, processes):
    options = ["--access-log", "--log-format", form, "--processes", processes]
    with serving(tmp_path, *options) as server:
        root = Caller(server.endpoint, server.key)
        secrets = call_in_every_way(root)
        break_tables(server)
        assert {reply.status for reply in root.call("CreateAccessKey", RAM, UserName="bert")} == {500}
        assert {reply.status for reply in root.call("CreateProject", ProjectName="q", Description=PHRASE)} == {500}
        assert server.end() == 0
    secrets |= root.secrets | master_keys(server.home)
    logs = {server.errors: server.said}
    logs |= {file: file.read_text() for file in (server.home / "trail").iterdir()}
    assert server.said.count("Traceback") >= 4
    assert server.said.count("vultus.access") >= 20
    assert len(logs) == 2
    for file, text in logs.items():
        found = {secret for secret in secrets if secret in text}
        assert found == set(), file
        assert not re.search(r"[?&](Signature|AccessKeyId|Action)=", text), file


def master_keys(home: Path) -> set[str]:
    """What secrets are encrypted with."""
    return {word for word in (home / "master-key").read_text().split() if len(word) > 20}
