"""Encryption: documents that only a password opens."""

from vultus.media.unreadable import UnreadableMedia

#: The stream that Office puts an encrypted document into, as names are written in an OLE file: [MS-OFFCRYPTO] 1.3.2.
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def locked() -> UnreadableMedia:
    """Return what is raised for a document that a password protects."""
    return UnreadableMedia("The document is encrypted: it is read only with a password.")
