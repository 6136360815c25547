"""Kernels compile wherever they are installed."""

from vultus.people.kernel import compiled


def test_a_function_that_cannot_be_kept_on_disk_is_compiled_all_the_same():
    scope: dict = {}
    exec("def double(x):\n    return 2 * x", scope)  # no file, as good as no folder to write to
    assert compiled(scope["double"])(21) == 42
