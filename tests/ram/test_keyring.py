import json

import pytest

from vultus.errors import ExpiredSecurityToken, InvalidSecurityToken, MalformedSecurityToken, ServiceUnavailable
from vultus.ram import keyring
from vultus.ram.account import ensure_account
from vultus.ram.cipher import Cipher
from vultus.ram.keyring import KeyRing
from vultus.ram.keys import Keys
from vultus.ram.master_keys import MasterKeys
from vultus.ram.principal import Principal

READ = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "imm:Get*", "Resource": "*"}]})


@pytest.fixture
def account(catalog, home):
    return ensure_account(catalog, home)


@pytest.fixture
def clock(monkeypatch):
    """Goes on when it is told to."""

    class Clock:
        now = 1000.0

        def pass_belief(self):
            self.now += keyring.BELIEVED + 0.01

    clock = Clock()
    monkeypatch.setattr(keyring.time, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def reader(catalog, account):
    """A role that may read."""
    catalog.policies.create("read", READ)
    role = catalog.roles.create("reader", "{}")
    catalog.attachments.attach("Custom", "read", "Role", "reader")
    return role


def test_a_key_tells_its_secret_and_whose_it_is(ring, account):
    key = ring.find(account.new_key.key_id)
    assert (key.secret, key.active) == (account.new_key.secret, True)
    assert key.principal == Principal(account.owner_id, account.new_key.key_id)


@pytest.mark.parametrize("key_id", ["", "LTAInobody", "a\x00b", "é", "x" * 1000])
def test_an_unknown_key_is_nobodys(ring, account, key_id):
    assert ring.find(key_id) is None


def test_a_new_key_is_known_at_once(ring, catalog, cipher, account):
    key = Keys(catalog, cipher).create()
    assert ring.find(key.key_id).secret == key.secret


def test_a_key_that_was_switched_off_elsewhere_is_believed_for_a_second_and_no_longer(ring, catalog, account, clock):
    key_id = account.new_key.key_id
    assert ring.find(key_id).active
    catalog.keys.set_status(key_id, "Inactive")
    assert ring.find(key_id).active
    clock.pass_belief()
    assert not ring.find(key_id).active
    catalog.keys.delete(key_id)
    clock.pass_belief()
    assert ring.find(key_id) is None


def test_a_users_key_comes_with_what_the_user_may_do(ring, catalog, cipher, account, clock):
    user = catalog.users.create("anna")
    key_id = Keys(catalog, cipher, user).create().key_id
    assert ring.find(key_id).principal == Principal(account.owner_id, key_id, "anna", "User", user.user_id)
    catalog.policies.create("read", READ)
    catalog.attachments.attach("Custom", "read", "User", "anna")
    clock.pass_belief()
    [policy] = ring.find(key_id).principal.policies
    assert (policy.kind, policy.name) == ("Custom", "read")
    catalog.attachments.detach("Custom", "read", "User", "anna")
    catalog.users.update("anna", "bert")
    clock.pass_belief()
    principal = ring.find(key_id).principal
    assert (principal.user, principal.id, principal.policies) == ("bert", user.user_id, ())


def test_a_session_comes_with_what_its_role_may_do(ring, tokens, account, reader):
    session = tokens.issue(reader, "anna", 900)
    key = ring.find_session(session.claims.key_id, session.token)
    principal = key.principal
    assert (key.secret, key.active) == (session.claims.secret, True)
    assert (principal.owner_id, principal.key_id) == (account.owner_id, session.claims.key_id)
    assert (principal.kind, principal.user, principal.id) == ("Role", "reader/anna", f"{reader.role_id}:anna")
    assert [policy.name for policy in principal.policies] == ["read"]
    assert principal.session_policy is None


def test_a_session_may_be_confined(ring, tokens, reader):
    session = tokens.issue(reader, "anna", 900, READ)
    policy = ring.find_session(session.claims.key_id, session.token).principal.session_policy
    assert policy.kind == "Session"
    assert policy.statements[0].actions == ("imm:Get*",)


def test_a_session_may_what_its_role_may_by_now(ring, catalog, tokens, reader, clock):
    session = tokens.issue(reader, "anna", 900)
    assert ring.find_session(session.claims.key_id, session.token).principal.policies
    catalog.attachments.detach("Custom", "read", "Role", "reader")
    clock.pass_belief()
    assert ring.find_session(session.claims.key_id, session.token).principal.policies == ()


def test_a_session_ends_with_its_role_even_if_another_takes_its_name(ring, catalog, tokens, reader, clock):
    session = tokens.issue(reader, "anna", 900)
    assert ring.find_session(session.claims.key_id, session.token)
    catalog.attachments.detach("Custom", "read", "Role", "reader")
    catalog.roles.delete("reader")
    catalog.roles.create("reader", "{}")
    catalog.attachments.attach("Custom", "read", "Role", "reader")
    clock.pass_belief()
    with pytest.raises(ExpiredSecurityToken, match="role of this session does not exist any more"):
        ring.find_session(session.claims.key_id, session.token)


def test_a_session_is_known_by_key_and_token_together(ring, tokens, reader):
    session, other = tokens.issue(reader, "anna", 900), tokens.issue(reader, "anna", 900)
    with pytest.raises(InvalidSecurityToken):
        ring.find_session(session.claims.key_id, other.token)
    with pytest.raises(MalformedSecurityToken):
        ring.find_session(session.claims.key_id, session.token[:-8])
    assert ring.find(session.claims.key_id) is None


def test_the_use_of_a_key_is_written_down_at_the_end(catalog, cipher, tokens, account):
    ring = KeyRing(catalog, cipher, tokens)
    ring.note_use(account.new_key.key_id)
    ring.close()
    assert catalog.keys.get(account.new_key.key_id).last_used_time is not None


def test_a_master_key_that_is_not_there_is_said_and_not_shown(catalog, tokens, account, tmp_path):
    elsewhere = MasterKeys(tmp_path / "elsewhere")
    elsewhere.make()
    ring = KeyRing(catalog, Cipher(elsewhere), tokens)
    with pytest.raises(ServiceUnavailable, match="another master key"):
        ring.find(account.new_key.key_id)
