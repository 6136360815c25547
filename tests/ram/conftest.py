from pathlib import Path

import pytest

from vultus.catalog import Catalog
from vultus.ram.cipher import Cipher
from vultus.ram.keyring import KeyRing
from vultus.ram.master_keys import MasterKeys
from vultus.ram.session_tokens import SessionTokens


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the master key and the root key are kept; not there yet."""
    return tmp_path / "home"


@pytest.fixture
def master_keys(home: Path) -> MasterKeys:
    """Those of the home, with a first one."""
    keys = MasterKeys(home)
    keys.make()
    return keys


@pytest.fixture
def cipher(master_keys: MasterKeys) -> Cipher:
    return Cipher(master_keys)


@pytest.fixture
def tokens(master_keys: MasterKeys) -> SessionTokens:
    return SessionTokens(master_keys)


@pytest.fixture
def ring(catalog: Catalog, cipher: Cipher, tokens: SessionTokens):
    ring = KeyRing(catalog, cipher, tokens)
    yield ring
    ring.close()
