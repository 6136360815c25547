import asyncio
from collections.abc import Iterable

import pytest

from vultus.api import body as body_module
from vultus.api.body import BodyRefused, Disconnected, read_body


def read(messages: Iterable[dict[str, object]], limit: int = 10) -> bytes:
    arriving = iter(messages)

    async def receive():
        return next(arriving)

    return asyncio.run(read_body(receive, limit))


def pieces(*bodies: bytes) -> list[dict[str, object]]:
    return [{"type": "http.request", "body": body, "more_body": body is not bodies[-1]} for body in bodies]


def test_a_body_in_one_piece_is_read():
    assert read(pieces(b"0123456789")) == b"0123456789"


def test_a_body_in_chunks_is_put_together():
    assert read(pieces(b"012", b"", b"345", b"6")) == b"0123456"


def test_no_body_is_an_empty_one():
    assert read([{"type": "http.request"}]) == b""


@pytest.mark.parametrize("bodies", [(b"0123456789x",), (b"01234", b"56789", b"x"), (b"01234567890", b"1")])
def test_a_body_over_the_limit_is_refused_and_the_limit_is_named(bodies):
    with pytest.raises(BodyRefused, match="longer than 10 bytes"):
        read(pieces(*bodies))


def test_a_body_without_end_is_not_read_to_its_end():
    endless = ({"type": "http.request", "body": b"01234", "more_body": True} for _ in iter(int, 1))
    with pytest.raises(BodyRefused):
        read(endless)


@pytest.mark.parametrize("before", [[], [{"type": "http.request", "body": b"0", "more_body": True}]])
def test_a_client_that_goes_away_is_noticed(before):
    with pytest.raises(Disconnected):
        read([*before, {"type": "http.disconnect"}])


def test_a_body_that_stalls_is_given_up(monkeypatch):
    monkeypatch.setattr(body_module, "PATIENCE", 0.05)

    async def stalled():
        await asyncio.sleep(3600 if started else 0)
        started.append(True)
        return {"type": "http.request", "body": b"0", "more_body": True}

    started: list[bool] = []
    with pytest.raises(BodyRefused, match=r"within 0\.05 seconds"):
        asyncio.run(read_body(stalled, 10))
