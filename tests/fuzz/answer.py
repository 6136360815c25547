"""What every answer must be, whatever was asked."""

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from vultus.api.answers import LONGEST_MESSAGE
from vultus.api.catalogue import catalogue

REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
ERROR = ["RequestId", "HostId", "Code", "Message", "Recommend"]
#: What may be said to somebody who asks for what cannot be had; the server itself has no reason to fail.
FAILURES = [
    (each.status, re.compile(re.sub(r"\\\{\w+\\\}", r".+", re.escape(each.code))))
    for each in catalogue()
    if each.status < 500 or each.code == "UnsupportedOperation"
]
#: What no caller should see of how the server is made.
INSIDE = re.compile(r"Traceback|msgspec|sqlite|sqlalchemy|RecursionError|object at 0x|\.py\b|site-packages")


@dataclass(frozen=True)
class Answer:
    """An answer.

    Attributes:
        status: of HTTP.
        headers: by lower-case name.
        body: as it came; None where the method asked for none (HEAD).
    """

    status: int
    headers: dict[str, str]
    body: bytes | None

    def check(self) -> None:
        """Fail unless this is an answer as IMM gives them."""
        assert REQUEST_ID.fullmatch(self.headers["x-acs-request-id"])
        if self.body is None:
            assert self.status == 200 or any(status == self.status for status, _ in FAILURES)
            return
        assert int(self.headers["content-length"]) == len(self.body)
        if self.body.startswith(b'{\n "openapi"'):
            return
        fields = self.fields()
        assert fields["RequestId"] == self.headers["x-acs-request-id"]
        if self.status == 200:
            return
        assert list(fields)[:5] == ERROR
        assert fields.keys() <= {*ERROR, "AccessDeniedDetail"}
        assert any(status == self.status and code.fullmatch(fields["Code"]) for status, code in FAILURES), fields
        assert 0 < len(fields["Message"]) <= LONGEST_MESSAGE + 3
        assert not INSIDE.search(fields["Message"]), fields["Message"]

    def fields(self) -> dict[str, Any]:
        """The fields of the body; of XML, as text."""
        assert self.body is not None
        if self.headers["content-type"] == "text/xml;charset=utf-8":
            root = ElementTree.fromstring(self.body)
            assert root.tag == "Error" if self.status != 200 else root.tag.endswith("Response")
            return {child.tag: child.text or "" for child in root}
        assert self.headers["content-type"] == "application/json;charset=utf-8"
        fields = json.loads(self.body)
        assert isinstance(fields, dict)
        return fields
