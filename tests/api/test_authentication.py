import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from vultus.api.authentication import WINDOW, Authenticator
from vultus.api.signature import Signed
from vultus.catalog import Catalog
from vultus.errors import (
    ExpiredTimestamp,
    InactiveAccessKey,
    InvalidSecurityToken,
    MalformedSecurityToken,
    MissingSecurityToken,
    NonceUsed,
    SignatureDoesNotMatch,
    UnknownAccessKey,
)
from vultus.ram.account import ensure_account
from vultus.ram.cipher import Cipher
from vultus.ram.gate_file import GateFile
from vultus.ram.keyring import KeyRing
from vultus.ram.keys import NewKey
from vultus.ram.master_keys import MasterKeys
from vultus.ram.nonces import Nonces
from vultus.ram.session_tokens import SessionTokens


@pytest.fixture
def catalog(tmp_path) -> Iterator[Catalog]:
    made = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def nonces(tmp_path) -> Iterator[Nonces]:
    file = GateFile(tmp_path / "gate.db")
    yield Nonces(file)
    file.close()


def costly() -> list[str]:
    raise AssertionError("The string to sign was made for nothing.")


def claim(key_id: str, age: float = 0, security_token: str = "") -> Signed:
    def sign(secret: str, pieces: object) -> str:
        return ""

    now = time.time() - age
    return Signed(key_id, "GetTask", "2020-09-30", now, "nonce", security_token, costly, "signature", sign)


@pytest.fixture
def new_ring(tmp_path, catalog) -> Callable[[], KeyRing]:
    """Makes a key ring that knows nothing yet."""
    keys = MasterKeys(tmp_path)
    return lambda: KeyRing(catalog, Cipher(keys), SessionTokens(keys))


@pytest.fixture
def key(tmp_path, catalog) -> NewKey:
    made = ensure_account(catalog, tmp_path).new_key
    assert made is not None
    return made


def test_nothing_is_encoded_for_a_request_that_cannot_be_proven(catalog, key, new_ring, nonces):
    authenticator = Authenticator(new_ring(), nonces)
    with pytest.raises(ExpiredTimestamp):
        authenticator.authenticate(claim(key.key_id, age=WINDOW + 60))
    with pytest.raises(UnknownAccessKey):
        authenticator.authenticate(claim("LTAInobody"))
    with pytest.raises(InvalidSecurityToken):
        authenticator.authenticate(claim(key.key_id, security_token="token"))
    with pytest.raises(MissingSecurityToken):
        authenticator.authenticate(claim("STS.nobody"))
    with pytest.raises(MalformedSecurityToken):
        authenticator.authenticate(claim("STS.nobody", security_token="token"))
    catalog.keys.set_status(key.key_id, "Inactive")
    with pytest.raises(InactiveAccessKey):
        Authenticator(new_ring(), nonces).authenticate(claim(key.key_id))


def test_a_session_signs_with_its_key_and_token(tmp_path, catalog, key, new_ring, nonces):
    ring = new_ring()
    session = SessionTokens(MasterKeys(tmp_path)).issue(catalog.roles.create("reader", "{}"), "anna", 900)

    def sign(secret: str, pieces: object) -> str:
        return f"signed with {secret}"

    claims = session.claims
    signed = replace(
        claim(claims.key_id, security_token=session.token),
        string_to_sign=list,
        signature=f"signed with {claims.secret}",
        sign=sign,
    )
    principal = Authenticator(ring, nonces).authenticate(signed)
    assert (principal.kind, principal.user, principal.key_id) == ("Role", "reader/anna", claims.key_id)
    with pytest.raises(NonceUsed):
        Authenticator(ring, nonces).authenticate(signed)
    with pytest.raises(SignatureDoesNotMatch):
        Authenticator(ring, nonces).authenticate(replace(signed, signature="signed with another"))
    ring.close()
    assert catalog.keys.get(key.key_id).last_used_time is None


def test_the_use_of_a_lasting_key_is_noted_once_it_is_proven(catalog, key, new_ring, nonces):
    ring = new_ring()
    signed = replace(claim(key.key_id), string_to_sign=list, signature="forged")
    with pytest.raises(SignatureDoesNotMatch):
        Authenticator(ring, nonces).authenticate(signed)
    ring.close()
    assert catalog.keys.get(key.key_id).last_used_time is None
    ring = new_ring()
    Authenticator(ring, nonces).authenticate(replace(signed, signature=""))
    ring.close()
    assert catalog.keys.get(key.key_id).last_used_time is not None
