"""Kernels compile wherever they are installed."""

import numpy as np

from vultus.people.kernel import compiled, compiled_sum


def test_a_function_that_cannot_be_kept_on_disk_is_compiled_all_the_same():
    scope: dict = {}
    exec("def double(x):\n    return 2 * x", scope)  # no file, as good as no folder to write to
    assert compiled(scope["double"])(21) == 42


def test_a_sum_is_compiled_too():
    scope: dict = {}
    exec("def total(rows):\n    s = 0.0\n    for x in rows:\n        s += x\n    return s", scope)
    assert compiled_sum(scope["total"])(np.arange(1000.0)) == 499_500
