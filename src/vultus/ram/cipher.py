"""The secrets of access keys, encrypted for the database."""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag

from vultus.catalog import Catalog
from vultus.config import ConfigError
from vultus.errors import ServiceUnavailable
from vultus.ram.master_keys import VARIABLE, MasterKey, MasterKeys

VERSION = "v1"
NONCE = 12  # bytes


class Cipher:
    """Encrypts and decrypts secrets; used from several threads.

    An encrypted secret is ``v1:FINGERPRINT:BASE64`` of nonce and ciphertext. It is bound to its key id: put into
    another key's row, it does not decrypt.

    Args:
        keys: the master keys.
    """

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys

    def seal(self, key_id: str, secret: str) -> str:
        """Encrypt the secret of an access key.

        What is stored is to be encrypted within the transaction that stores it, the account locked, so that no
        rotation of the master key comes in between.

        Raises:
            ConfigError: there is no master key, or it cannot be used.
        """
        key, nonce = self._keys.first(), secrets.token_bytes(NONCE)
        sealed = nonce + key.secrets.encrypt(nonce, secret.encode(), _bound_to(key_id))
        return _prefix(key) + base64.b64encode(sealed).decode()

    def open(self, key_id: str, sealed: str) -> str:
        """Decrypt the secret of an access key.

        Raises:
            ConfigError: the file with the master key cannot be used.
            ServiceUnavailable: it was encrypted with a master key that is not here, or changed since.
        """
        version, _, rest = sealed.partition(":")
        fingerprint, _, text = rest.partition(":")
        try:
            if version != VERSION:
                raise ValueError
            key = self._keys.find(bytes.fromhex(fingerprint))
            content = base64.b64decode(text, validate=True)
            if key is None:
                raise ServiceUnavailable(_elsewhere(fingerprint))
            return key.secrets.decrypt(content[:NONCE], content[NONCE:], _bound_to(key_id)).decode()
        except (InvalidTag, ValueError, binascii.Error):
            raise ServiceUnavailable(f"The secret of the access key {key_id} was changed in the database.") from None

    def settle(self, catalog: Catalog) -> None:
        """See to it that every secret in the database is encrypted with the first master key.

        The first start makes the key. What an older version of Vultus left in the clear, and what another master key
        encrypted that is here as well, is encrypted anew.

        Raises:
            ConfigError: there is no master key here, but secrets that one encrypted; or it cannot be kept.
            ServiceUnavailable: a secret was encrypted with another master key.
        """
        with catalog.transaction():
            keys = self._keys.all()
            rest = catalog.keys.secrets(apart_from=_prefix(keys[0]) if keys else "")
            if keys and not rest:
                return
            catalog.account.lock()
            if not keys:
                self._make(catalog)
            self._seal_anew(catalog)

    def rotate(self, catalog: Catalog) -> None:
        """Make a new master key, encrypt every secret with it, and forget the old one. All sessions end.

        Whenever it is cut short, every secret can still be decrypted: the new key is in the file before the first
        secret is encrypted with it, and the old one leaves the file when no secret needs it any more. To finish it,
        rotate again.

        Raises:
            ConfigError: the keys are the setting's, or the file cannot be used.
        """
        with catalog.transaction():
            catalog.account.lock()
            self._keys.put_first()
            self._seal_anew(catalog)
        with catalog.transaction():
            catalog.account.lock()
            if not catalog.keys.secrets(apart_from=_prefix(self._keys.first())):
                self._keys.drop_others()

    def _make(self, catalog: Catalog) -> None:
        for sealed in catalog.keys.secrets().values():
            if _is_sealed(sealed):
                raise ConfigError(
                    f"There is no {self._keys.file}, and the database has secrets that are encrypted with a master key."
                    f" Bring the file back, or give its key as {VARIABLE}: several machines with one database share it."
                )
        self._keys.make()

    def _seal_anew(self, catalog: Catalog) -> None:
        rest = catalog.keys.secrets(apart_from=_prefix(self._keys.first()))
        catalog.keys.replace_secrets({key_id: self._again(key_id, secret) for key_id, secret in rest.items()})

    def _again(self, key_id: str, secret: str) -> str:
        return self.seal(key_id, self.open(key_id, secret) if _is_sealed(secret) else secret)


def _is_sealed(secret: str) -> bool:
    return ":" in secret  # secrets have letters and digits


def _prefix(key: MasterKey) -> str:
    return f"{VERSION}:{key.fingerprint.hex()}:"


def _bound_to(key_id: str) -> bytes:
    return f"vultus secret of {key_id}".encode()


def _elsewhere(fingerprint: str) -> str:
    return (
        f"Secrets in the database are encrypted with another master key ({fingerprint}) than the ones that are here."
        f" Give it as {VARIABLE}: several machines with one database share it that way."
    )
