"""TLS: the certificate and key of the server."""

import logging
import os
import ssl
from pathlib import Path

from vultus.config import ConfigError, Server

log = logging.getLogger(__name__)


class TLS:
    """What connections are encrypted with.

    Args:
        certificate: PEM file with the server's certificate, then those between it and the root.
        key: PEM file with its key.

    Attributes:
        context: for connections; it stays the same when the files are read again.

    Raises:
        ConfigError: the files cannot be used.
    """

    def __init__(self, certificate: Path, key: Path) -> None:
        self._certificate = certificate
        self._key = key
        self.context = self._load()

    def reload(self) -> None:
        """Read the files again: new connections get what they hold now.

        Where they cannot be used, that is logged, and what was there before goes on.
        """
        try:
            self._load()  # into a context of its own first, which shows what is wrong without harm
            self.context.load_cert_chain(self._certificate, self._key, _no_passphrase)
        except (ConfigError, OSError) as error:
            log.error("The certificate stays as it was: %s", error)
        else:
            log.info("The certificate was read again.")

    def _load(self) -> ssl.SSLContext:
        for what, file in (("certificate", self._certificate), ("key", self._key)):
            try:
                file.open("rb").close()
            except OSError as error:
                raise ConfigError(f"The TLS {what} {file} cannot be read: {error.strerror}.") from None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self._certificate, self._key, _no_passphrase)
        except ConfigError:
            raise
        except ssl.SSLError as error:
            raise ConfigError(self._explanation(error)) from None
        return context

    def _explanation(self, error: ssl.SSLError) -> str:
        if error.reason == "KEY_VALUES_MISMATCH":
            return f"The TLS key {self._key} does not belong to the certificate {self._certificate}."
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(self._certificate)
        except ssl.SSLError:
            return f"The TLS certificate {self._certificate} is not a certificate in PEM form."
        return f"The TLS key {self._key} is not a private key in PEM form."


def load_tls(settings: Server) -> TLS | None:
    """Return what the settings name; None where they name nothing.

    Raises:
        ConfigError: only one of the two files is named, or they cannot be used.
    """
    if not settings.tls_cert and not settings.tls_key:
        return None
    if not settings.tls_cert or not settings.tls_key:
        missing, there = ("tls_cert", "tls_key") if not settings.tls_cert else ("tls_key", "tls_cert")
        raise ConfigError(f"TLS needs a certificate and its key: server.{there} is set, server.{missing} is not.")
    return TLS(Path(os.path.expanduser(settings.tls_cert)), Path(os.path.expanduser(settings.tls_key)))


def _no_passphrase() -> str:
    raise ConfigError("The TLS key is encrypted; Vultus cannot ask for its passphrase: give it a key without one.")
