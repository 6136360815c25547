"""How our structs meet the wire: PascalCase names, absent fields left out."""

from typing import Any, dataclass_transform

import msgspec

#: Words that IMM writes in its own way; plain PascalCase would give Uri, Oss and AgeSd.
ACRONYMS = {
    "acl": "ACL",
    "crc64": "CRC64",
    "etag": "ETag",
    "exif": "EXIF",
    "mns": "MNS",
    "mq": "MQ",
    "ocr": "OCR",
    "oss": "OSS",
    "sd": "SD",
    "uri": "URI",
    "uri1": "URI1",
    "uri2": "URI2",
    "uris": "URIs",
    "url": "URL",
}


def wire_name(name: str) -> str:
    """Return the wire name of a snake_case name: ``oss_crc64`` gives ``OSSCRC64``.

    >>> wire_name("meta_lock_version")
    'MetaLockVersion'
    """
    return "".join(ACRONYMS.get(word, word.capitalize()) for word in name.split("_"))


class _KeywordsOnly(msgspec.StructMeta):
    """Makes every subclass take keywords only: in msgspec, each class would have to say so for its own fields."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        return super().__new__(cls, name, bases, namespace, **{"kw_only": True, **options})


@dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class Wire(msgspec.Struct, metaclass=_KeywordsOnly, rename=wire_name):
    """A struct of the API. A field that is ``UNSET`` is left out of the answer."""


Unset = msgspec.UnsetType
Text = str | msgspec.UnsetType
Whole = int | msgspec.UnsetType
Real = float | msgspec.UnsetType
Map = dict[str, Any] | msgspec.UnsetType
