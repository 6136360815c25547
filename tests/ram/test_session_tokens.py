import base64
import re

import pytest

from vultus.catalog.roles import RoleRow
from vultus.errors import ExpiredSecurityToken, InvalidSecurityToken, MalformedSecurityToken
from vultus.model import moment
from vultus.ram.master_keys import MasterKeys
from vultus.ram.session_tokens import LONGEST, SessionTokens

ROLE = RoleRow(7, "1" * 18, "reader", "", "{}", 3600, 0, 0)
OWNER = "acs:ram::1234567890123456:user/anna"


@pytest.fixture
def session(tokens):
    return tokens.issue(ROLE, "anna", 900, '{"Version":"1"}', OWNER)


def test_a_token_says_what_the_session_is(tokens, session):
    claims = tokens.open(session.token, session.claims.key_id)
    assert claims == session.claims
    assert (claims.role_id, claims.session_name, claims.policy) == ("1" * 18, "anna", '{"Version":"1"}')
    assert claims.assumed_by == OWNER
    assert 899 * moment.SECOND < claims.expires - moment.now() <= 900 * moment.SECOND


def test_a_key_of_a_session_is_known_by_its_form(session):
    assert re.fullmatch(r"STS\.[0-9A-Za-z]{24}", session.claims.key_id)
    assert re.fullmatch(r"[0-9A-Za-z]{44}", session.claims.secret)


def test_a_token_tells_nothing_to_who_has_no_master_key(session):
    content = base64.b64decode(session.token)
    for told in ("anna", "1" * 18, session.claims.secret, session.claims.key_id, "Version"):
        assert told.encode() not in content
    assert session.claims.secret not in f"{session} {session!r} {session.claims} {session.claims!r}"


def test_no_two_sessions_are_alike(tokens):
    made = [tokens.issue(ROLE, "anna", 900) for _ in range(50)]
    for each in (lambda s: s.token, lambda s: s.claims.key_id, lambda s: s.claims.secret):
        assert len({each(session) for session in made}) == 50


def test_a_token_belongs_to_its_key(tokens, session):
    other = tokens.issue(ROLE, "anna", 900)
    with pytest.raises(InvalidSecurityToken) as refused:
        tokens.open(session.token, other.claims.key_id)
    assert refused.value.code == "InvalidSecurityToken.MismatchWithAccessKey"


def test_a_session_ends(tokens, session, monkeypatch):
    end = session.claims.expires
    monkeypatch.setattr(moment, "now", lambda: end - 1)
    assert tokens.open(session.token, session.claims.key_id)
    monkeypatch.setattr(moment, "now", lambda: end)
    with pytest.raises(ExpiredSecurityToken) as refused:
        tokens.open(session.token, session.claims.key_id)
    assert refused.value.code == "InvalidSecurityToken.Expired"


def test_a_token_that_was_changed_anywhere_is_refused(tokens, session):
    content = base64.b64decode(session.token)
    for place in range(len(content)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        with pytest.raises(MalformedSecurityToken) as refused:
            tokens.open(base64.b64encode(changed).decode(), session.claims.key_id)
    assert refused.value.code == "InvalidSecurityToken.Malformed"


@pytest.mark.parametrize("token", ["", "token", "é", "AQ==", "A" * 64, "A" * (LONGEST + 4), "\x00", "====", " "])
def test_what_is_no_token_is_refused(tokens, token):
    with pytest.raises(MalformedSecurityToken):
        tokens.open(token, "STS.nobody")


def test_a_token_that_was_cut_is_refused(tokens, session):
    content = base64.b64decode(session.token)
    for length in range(len(content)):
        with pytest.raises(MalformedSecurityToken):
            tokens.open(base64.b64encode(content[:length]).decode(), session.claims.key_id)


def test_every_machine_with_the_master_key_opens_it(session, home):
    assert SessionTokens(MasterKeys(home)).open(session.token, session.claims.key_id) == session.claims


def test_another_master_key_does_not(session, tmp_path):
    elsewhere = MasterKeys(tmp_path / "elsewhere")
    elsewhere.make()
    with pytest.raises(MalformedSecurityToken):
        SessionTokens(elsewhere).open(session.token, session.claims.key_id)


def test_sessions_end_when_the_master_key_goes(tokens, master_keys, session):
    master_keys.put_first()
    assert tokens.open(session.token, session.claims.key_id)
    master_keys.drop_others()
    assert master_keys.all()
    with pytest.raises(MalformedSecurityToken):
        tokens.open(session.token, session.claims.key_id)


def test_the_longest_session_policy_fits(tokens):
    session = tokens.issue(ROLE, "a" * 64, 43200, "é" * 2048, "x" * 200)
    assert len(session.token) < LONGEST
    assert tokens.open(session.token, session.claims.key_id).policy == "é" * 2048
