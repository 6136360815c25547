import pytest

from vultus.api import connections as module
from vultus.api.connections import ANSWER, HEAD, Connections


class Waiting:
    """A connection that waits for something."""

    def __init__(self, phase="idle"):
        self.seen, self.since = ("head", 0), 0.0
        self.now = (phase, 1)
        self.aborted = False

    def phase(self):
        return self.now

    def abort(self):
        self.aborted = True


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def opened(connections, clock, *phases):
    """Connections that wait for these, opened a second after another."""
    made = [Waiting(phase) for phase in phases]
    for each in made:
        clock.now += 1
        assert connections.has_room()
        connections.add(each)
    return made


def test_there_is_room_up_to_the_limit(clock):
    connections = Connections(3)
    made = opened(connections, clock, "work", "work", "work")
    assert not connections.has_room()
    connections.discard(made[1])
    assert connections.has_room()
    assert not any(each.aborted for each in made)


@pytest.mark.parametrize("phase", ["idle", "head"])
def test_the_one_that_waits_longest_for_its_client_makes_room(clock, phase):
    connections = Connections(4)
    made = opened(connections, clock, "work", phase, phase, "work")
    assert connections.has_room()
    assert [each.aborted for each in made] == [False, True, False, False]
    assert (len(connections), connections.ended["room"]) == (3, 1)


def test_nobody_whose_request_is_under_way_makes_room(clock):
    connections = Connections(3)
    made = opened(connections, clock, "work", "body", "answer")
    assert not connections.has_room()
    assert not any(each.aborted for each in made)


@pytest.mark.parametrize("phase", ["body", "answer"])
def test_who_neither_sends_a_body_nor_fetches_an_answer_makes_room(clock, phase):
    connections = Connections(3)
    made = opened(connections, clock, "work", phase, "work")
    connections.sweep()
    assert connections.has_room()
    assert [each.aborted for each in made] == [False, True, False]


@pytest.mark.parametrize(("phase", "limit"), [("head", HEAD), ("answer", ANSWER)])
def test_who_keeps_us_waiting_too_long_is_cut_off(clock, phase, limit):
    connections = Connections(10)
    [slow] = opened(connections, clock, phase)
    connections.sweep()
    clock.now += limit
    connections.sweep()
    assert not slow.aborted
    clock.now += 1
    connections.sweep()
    assert slow.aborted
    assert (len(connections), connections.ended[phase]) == (0, 1)


def test_who_gets_on_is_not_cut_off(clock):
    connections = Connections(10)
    [busy] = opened(connections, clock, "head")
    for number in range(100):
        busy.now = ("head", number)
        clock.now += HEAD
        connections.sweep()
    assert not busy.aborted


@pytest.mark.parametrize("phase", ["idle", "work"])
def test_who_waits_for_us_or_for_nothing_is_not_cut_off(clock, phase):
    connections = Connections(10)
    [waiting] = opened(connections, clock, phase)
    for _ in range(10):
        clock.now += 600
        connections.sweep()
    assert not waiting.aborted
