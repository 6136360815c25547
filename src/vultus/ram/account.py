"""The account that owns everything here, and the key that it begins with."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from vultus.catalog import Catalog
from vultus.config import ConfigError
from vultus.ram.cipher import Cipher
from vultus.ram.keys import Keys, NewKey
from vultus.ram.master_keys import MasterKeys
from vultus.ram.private_file import write_private

KEY_FILE = "root-key.json"


@dataclass(frozen=True, slots=True)
class Account:
    """The account.

    Attributes:
        owner_id: 16 digits.
        key_file: where the root key is kept.
        new_key: the root key, when this very start made it: it is to be shown, this once.
    """

    owner_id: str
    key_file: Path
    new_key: NewKey | None = None


class RootKey(msgspec.Struct, frozen=True, rename="pascal"):
    """The root key as its file has it."""

    access_key_id: str
    access_key_secret: str

    def __repr__(self) -> str:
        return f"RootKey(access_key_id={self.access_key_id!r})"


def ensure_account(catalog: Catalog, home: Path, master_key: str = "") -> Account:
    """Return the account; the first start makes it, with a root key that is kept in the home of Vultus.

    The key is written before it counts: a crash in between leaves a file that the next start replaces. The secrets of
    all keys are encrypted with the master key from here on.

    Args:
        catalog: migrated.
        home: folder for the key file; made for its owner only, when absent.
        master_key: the setting of that name.

    Raises:
        ConfigError: the key cannot be kept, or the master key cannot be used.
        ServiceUnavailable: the secrets of keys were encrypted with another master key.
    """
    file = home / KEY_FILE
    cipher = Cipher(MasterKeys(home, master_key))
    with catalog.transaction():
        owner_id = catalog.account.ensure()
        cipher.settle(catalog)
        keys = Keys(catalog, cipher)
        if keys.list():
            return Account(owner_id, file)
        key = keys.create()
        _write(file, RootKey(key.key_id, key.secret))
    return Account(owner_id, file, key)


def read_root_key(home: Path) -> RootKey:
    """Return the root key that the first start wrote.

    Raises:
        ConfigError: it is not there, or cannot be read.
    """
    file = home / KEY_FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=RootKey)
    except FileNotFoundError:
        raise ConfigError(f"There is no {file}; make another key with: vultus keys create.") from None
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from None
    except msgspec.DecodeError:
        raise ConfigError(f"{file} is not as Vultus wrote it; make another key with: vultus keys create.") from None


def _write(file: Path, key: RootKey) -> None:
    try:
        write_private(file, msgspec.json.format(msgspec.json.encode(key)) + b"\n", replace=True)
    except OSError as error:
        raise ConfigError(f"The root key cannot be kept in {file}: {error.strerror}.") from None
