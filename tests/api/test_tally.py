import msgspec

from vultus.api.tally import BOUNDS, Tally


def counted(*calls: tuple[str, str, float]) -> Tally:
    tally = Tally(active=1, connections=2, ended={"room": 3}, received=10, sent=20)
    for operation, code, seconds in calls:
        tally.count(operation, code)
        tally.time(operation, seconds)
    return tally


def test_a_time_is_counted_under_the_first_bound_that_it_does_not_exceed():
    times = counted(("A", "OK", 0.0), ("A", "OK", BOUNDS[0]), ("A", "OK", 0.0006), ("A", "OK", 1000.0)).times["A"]
    assert (times.counts[0], times.counts[1], times.counts[-1]) == (2, 1, 1)
    assert sum(times.counts) == 4
    assert len(times.counts) == len(BOUNDS) + 1


def test_tallies_of_processes_add_up():
    total = Tally()
    total.add(counted(("A", "OK", 1.0), ("B", "OK", 1.0)))
    total.add(counted(("A", "OK", 2.0), ("A", "InternalError", 3.0)))
    assert total.calls == {("A", "OK"): 2, ("B", "OK"): 1, ("A", "InternalError"): 1}
    assert (total.times["A"].seconds, sum(total.times["A"].counts)) == (6.0, 3)
    assert (total.active, total.connections, total.ended) == (2, 4, {"room": 6})
    assert (total.received, total.sent) == (20, 40)


def test_adding_changes_nothing_of_what_is_added():
    one = counted(("A", "OK", 1.0))
    total = Tally()
    total.add(one)
    total.add(one)
    assert one.calls == {("A", "OK"): 1}
    assert sum(one.times["A"].counts) == 1


def test_a_tally_can_be_told_to_another_process():
    tally = counted(("A", "OK", 1.0), ("B", "InternalError", 1.0))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(tally), type=Tally) == tally
