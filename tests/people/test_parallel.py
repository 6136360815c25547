"""Work on all cores comes back in order, and ends when nobody asks for more."""

import threading
import time
from functools import partial

import numpy as np
import pytest

from vultus.people.parallel import in_threads


def test_results_come_in_the_order_of_the_tasks():
    def slow_at_first(number):
        time.sleep(0.02 if number == 0 else 0)
        return number

    assert list(in_threads(partial(slow_at_first, number) for number in range(30))) == list(range(30))


def test_it_runs_beside_the_caller():
    assert list(in_threads([threading.get_ident] * 3)) != [threading.get_ident()] * 3


def test_who_stops_asking_ends_the_work():
    begun = []
    for _ in in_threads(partial(begun.append, number) for number in range(10_000)):
        break
    assert len(begun) < 10_000


def test_what_a_task_raises_comes_out():
    def fail():
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        list(in_threads([fail]))


def test_matrix_products_are_right_meanwhile():
    rows = np.random.default_rng(0).normal(size=(200, 50))
    assert all(np.allclose(found, rows @ rows.T) for found in in_threads([lambda: rows @ rows.T] * 8))
