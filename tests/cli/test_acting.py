"""The command line on behalf of a user: the same gate as the API's."""

import json

import pytest

from vultus.catalog import Catalog
from vultus.config import Settings


@pytest.fixture
def anna(vultus, home):
    """A user who may look at one dataset."""
    vultus("people")
    statement = {"Effect": "Allow", "Action": "imm:QueryFigureClusters", "Resource": "*"}
    catalog = Catalog(Settings(home=home).database_url)
    catalog.datasets.create(catalog.projects.create("default").id, "photos")
    catalog.users.create("anna")
    catalog.policies.create("Look", json.dumps({"Version": "1", "Statement": [statement]}))
    catalog.attachments.attach("Custom", "Look", "User", "anna")
    catalog.close()
    return "anna"


def test_a_user_who_may_not_is_refused_and_leaves_a_trail(vultus, anna):
    ended = vultus("--as", anna, "journal")
    assert ended.code == 1
    assert "not authorized" in ended.err
    [entry] = vultus("trail", "--denied", "--json").json
    assert entry["Principal"].endswith(":user/anna")
    assert (entry["Source"], entry["Status"], entry["Code"]) == ("cli", 403, "NoPermission")


def test_a_user_does_what_the_policies_allow(vultus, anna):
    assert vultus("--as", anna, "people").code == 0
    entry = vultus("trail", "--last", "1", "--json").json[0]
    assert (entry["Action"], entry["Principal"].rpartition(":")[2]) == ("imm:QueryFigureClusters", "user/anna")


@pytest.mark.parametrize("words", [("keys", "list"), ("keys", "create"), ("trail",)])
def test_what_only_the_root_may_do_is_refused_to_a_user(vultus, anna, words):
    ended = vultus("--as", anna, *words)
    assert ended.code == 1
    assert "Only the root" in ended.err


def test_a_user_that_is_not_there_is_one_clear_error(vultus):
    ended = vultus("--as", "nobody", "people")
    assert ended.code == 1
    assert "nobody" in ended.err


def test_the_trail_shows_who_did_what(vultus, anna):
    vultus("--as", anna, "journal")
    shown = vultus("trail").out
    assert "user/anna" in shown
    assert "NoPermission" in shown
    assert "root" in shown
    assert "root" not in vultus("trail", "--who", "user/anna").out
