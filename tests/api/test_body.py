import asyncio
from collections.abc import Iterable

import pytest

from vultus.api import body as body_module
from vultus.api.body import AT_ONCE, HELD, SMALL_BODY, Bodies, BodyRefused, Disconnected
from vultus.errors import ServerBusy


def read(messages: Iterable[dict[str, object]], limit: int = 10) -> bytes:
    arriving = iter(messages)

    async def receive():
        return next(arriving)

    return asyncio.run(Bodies(limit).read(receive))


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
        asyncio.run(Bodies(10).read(stalled))


LONG = 4 * SMALL_BODY


async def send(bodies: Bodies, *parts: bytes) -> bytes:
    """Read a body that comes in so many pieces."""
    arriving = iter(pieces(*parts))

    async def receive():
        return next(arriving)

    return await bodies.read(receive)


def test_all_bodies_together_take_no_more_room_than_there_is():
    async def flood() -> None:
        bodies = Bodies(LONG)
        held = [await send(bodies, b"a" * SMALL_BODY, b"a" * (LONG - SMALL_BODY)) for _ in range(HELD)]
        for _ in range(2):
            with pytest.raises(ServerBusy):
                await send(bodies, b"a" * SMALL_BODY, b"b")
        assert await send(bodies, b"small") == b"small"
        async with bodies.turn(held.pop()):
            pass
        assert len(await send(bodies, b"a" * LONG)) == LONG
        with pytest.raises(ServerBusy):
            await send(bodies, b"a" * SMALL_BODY, b"b")

    asyncio.run(flood())


def test_a_body_that_is_not_read_to_its_end_takes_no_room():
    async def give_up() -> None:
        bodies = Bodies(LONG)
        for _ in range(2 * HELD):
            with pytest.raises(BodyRefused):
                await send(bodies, b"a" * LONG, b"a")
        assert len(await send(bodies, b"a" * LONG)) == LONG

    asyncio.run(give_up())


def test_few_large_bodies_are_worked_on_at_a_time():
    async def work() -> int:
        bodies, working, most = Bodies(LONG), 0, 0

        async def one() -> None:
            nonlocal working, most
            async with bodies.turn(await send(bodies, b"a" * LONG)):
                working += 1
                most = max(most, working)
                await asyncio.sleep(0)
                working -= 1

        await asyncio.gather(*(one() for _ in range(20)))
        return most

    assert asyncio.run(work()) == AT_ONCE
