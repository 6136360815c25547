from ctypes import c_long
from multiprocessing.sharedctypes import RawArray

from vultus.api.shares import ABSENT, Shares


def test_the_one_with_the_fewest_connections_has_its_turn():
    counts = RawArray(c_long, [ABSENT] * 3)
    one, other = Shares(counts, 0), Shares(counts, 2)
    assert one.is_our_turn(0)
    assert other.is_our_turn(0)
    assert not one.is_our_turn(1)
    assert other.is_our_turn(1)
    assert one.is_our_turn(1)


def test_nobody_waits_for_a_process_that_is_not_there():
    counts = RawArray(c_long, [ABSENT] * 2)
    one = Shares(counts, 0)
    assert one.is_our_turn(1000)
    Shares(counts, 1)
    assert not one.is_our_turn(1000)
