"""A server that speaks OSS's protocol: objects of one bucket, with headers, tags and ACLs, for who signs for them.

It checks signatures, versions 1 and 4, by its own reading of the protocol; OpenDAL and OSS's SDK, which know nothing
of it, have to agree with it. It can also be used as a proxy, and is OSS itself then, whatever the region.
"""

import base64
import hashlib
import hmac
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, BUCKET = "key", "secret", "album"
SIGNED = frozenset({"acl", "tagging", "security-token"})  # parameters that are part of what is signed

#: What OSS has on an object, all of it.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Disposition": "attachment",
    "Content-Encoding": "UTF-8",
    "Content-Language": "zh-CN",
    "Expires": "2120-01-01T12:00:00.000Z",
    "x-oss-server-side-encryption-customer-algorithm": "SM4",
    "x-oss-server-side-encryption": "AES256",
    "x-oss-server-side-data-encryption": "SM4",
    "x-oss-server-side-encryption-key-id": "9468da86",
    "x-oss-storage-class": "Standard",
    "x-oss-object-type": "Normal",
    "x-oss-version-id": "CAEQNhiBgMDJgZCA0BYi",
    "x-oss-delete-marker": "true",
    "x-oss-last-access-time": "Thu, 14 Oct 2021 11:49:05 GMT",
    "x-oss-meta-key": "val",
}


@dataclass
class Stored:
    """An object."""

    data: bytes
    headers: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    acl: str = "default"


@dataclass
class OSS:
    """The bucket.

    Attributes:
        objects: by key.
        refused: what the caller's rights do not reach: "acl", "tagging", "HEAD".
        status: of every answer, if set.
        elsewhere: where answers send the caller, if set.
        asked: method and parameter of each request.
        signatures: how many requests were signed in each way: "OSS", "OSS4-HMAC-SHA256" or, in the address, "".
    """

    endpoint: str
    objects: dict[str, Stored] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    status: int = 0
    elsewhere: str = ""
    asked: list[str] = field(default_factory=list)
    signatures: Counter[str] = field(default_factory=Counter)

    def options(self, **more: str) -> dict[str, str]:
        """What OpenDAL is to be told."""
        keys = {"access_key_id": KEY, "access_key_secret": SECRET}
        style = {"addressing_style": "path", "presign_addressing_style": "path"}
        return {"bucket": BUCKET, "endpoint": self.endpoint, **keys, **style, **more}


@contextmanager
def serving() -> Iterator[OSS]:
    """An OSS on the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.oss = OSS(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.oss
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 5  # seconds; connections that clients keep end with the server

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        bucket, _, key = unquote(parts.path).removeprefix("/").partition("/")
        if parts.netloc:
            bucket, key = parts.netloc.partition(".")[0], unquote(parts.path).removeprefix("/")
        about = next(iter(query.keys() & {"acl", "tagging"}), self.command)
        self.oss.asked.append(about)
        self.oss.signatures[self.headers.get("Authorization", "").partition(" ")[0]] += 1
        stored = self.oss.objects.get(key)
        if self.oss.status:
            self._refuse(self.oss.status, "Trouble")
        elif not self._is_signed(f"/{bucket}/{key}", query):
            self._refuse(403, "SignatureDoesNotMatch")
        elif about in self.oss.refused:
            self._refuse(403, "AccessDenied")
        elif bucket != BUCKET:
            self._refuse(404, "NoSuchBucket")
        elif stored is None:
            self._refuse(404, "NoSuchKey")
        else:
            getattr(self, f"_give_{about.lower()}")(stored)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    @property
    def oss(self) -> OSS:
        return self.server.oss

    def _is_signed(self, resource: str, query: dict[str, str]) -> bool:
        if self.headers.get("Authorization", "").startswith("OSS4-HMAC-SHA256 "):
            return self._has_signature_4(resource, query)
        return self._has_signature_1(resource, query)

    def _has_signature_4(self, resource: str, query: dict[str, str]) -> bool:
        given = dict(part.strip().split("=", 1) for part in self.headers["Authorization"].split(" ", 1)[1].split(","))
        key, _, scope = given["Credential"].partition("/")
        own = {name.lower(): value.strip() for name, value in self.headers.items()}
        signed = sorted(name for name in own if name.startswith("x-oss-") or name in ("content-type", "content-md5"))
        asked = "&".join(f"{quote(name)}={quote(query[name])}" if query[name] else name for name in sorted(query))
        lines = [self.command, quote(resource), asked, *(f"{name}:{own[name]}" for name in signed), "", ""]
        canonical = "\n".join([*lines, own["x-oss-content-sha256"]])
        text = ["OSS4-HMAC-SHA256", own["x-oss-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()]
        secret = f"aliyun_v4{SECRET}".encode()
        for part in scope.split("/"):
            secret = hmac.digest(secret, part.encode(), "sha256")
        signature = hmac.digest(secret, "\n".join(text).encode(), "sha256").hex()
        return key == KEY and hmac.compare_digest(signature, given["Signature"])

    def _has_signature_1(self, resource: str, query: dict[str, str]) -> bool:
        if "Signature" in query:
            key, signature, date = query["OSSAccessKeyId"], query["Signature"], query["Expires"]
            if int(date) < time.time():
                return False
        else:
            kind, _, given = self.headers.get("Authorization", "").partition(" ")
            key, _, signature = given.partition(":")
            date = self.headers.get("Date", "")
            if kind != "OSS":
                return False
        own = {name.lower(): value for name, value in self.headers.items() if name.lower().startswith("x-oss-")}
        signed = [f"{name}={query[name]}" if query[name] else name for name in sorted(query.keys() & SIGNED)]
        lines = [self.command, self.headers.get("Content-MD5", ""), self.headers.get("Content-Type", ""), date]
        lines += [f"{name}:{own[name]}" for name in sorted(own)]
        lines += [resource + ("?" + "&".join(signed) if signed else "")]
        digest = hmac.new(SECRET.encode(), "\n".join(lines).encode(), hashlib.sha1).digest()
        return key == KEY and hmac.compare_digest(base64.b64encode(digest).decode(), signature)

    def _give_head(self, stored: Stored) -> None:
        headers = {
            "ETag": f'"{hashlib.md5(stored.data).hexdigest().upper()}"',
            "Last-Modified": formatdate(usegmt=True),
        }
        headers |= {"Content-Length": str(len(stored.data)), **stored.headers}
        if stored.tags and "tagging" not in self.oss.refused:
            headers["x-oss-tagging-count"] = str(len(stored.tags))
        if self.headers.get("Origin"):
            headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD"}
        self._answer(200, headers, b"")

    def _give_get(self, stored: Stored) -> None:
        first, last = 0, len(stored.data) - 1
        if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            first, last = int(asked[1]), min(int(asked[2] or last), last)
        part = stored.data[first : last + 1]
        headers = {"Content-Range": f"bytes {first}-{last}/{len(stored.data)}", "Content-Length": str(len(part))}
        self._answer(206 if asked else 200, headers, part)

    def _give_acl(self, stored: Stored) -> None:
        owner = "<Owner><ID>1</ID><DisplayName>1</DisplayName></Owner>"
        grant = f"<AccessControlList><Grant>{stored.acl}</Grant></AccessControlList>"
        self._xml(200, f"<AccessControlPolicy>{owner}{grant}</AccessControlPolicy>")

    def _give_tagging(self, stored: Stored) -> None:
        tags = (f"<Tag><Key>{escape(key)}</Key><Value>{escape(stored.tags[key])}</Value></Tag>" for key in stored.tags)
        self._xml(200, f"<Tagging><TagSet>{''.join(tags)}</TagSet></Tagging>")

    def _refuse(self, status: int, code: str) -> None:
        self._xml(status, f"<Error><Code>{code}</Code><Message>No.</Message></Error>")

    def _xml(self, status: int, text: str) -> None:
        body = f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
        self._answer(status, {"Content-Type": "application/xml", "Content-Length": str(len(body))}, body)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        self.send_header("x-oss-request-id", "1")
        if self.oss.elsewhere:
            self.send_header("Location", self.oss.elsewhere + self.path)
        for name, value in headers.items():
            self.send_header(name, value.encode().decode("latin-1"))  # OSS sends UTF-8
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
