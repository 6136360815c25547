"""Compilation of the few loops that numpy cannot say."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The function as machine code, kept on disk where any folder for it can be written.

    Numba looks for a place beside the module, then in the user's cache folder. A read-only installation of a user
    without a home has neither, which numba takes for an error; there the function is compiled once a process.
    """
    return _compiled(function)


def compiled_sum(function: Function) -> Function:
    """``compiled``, for sums whose terms may be added in any order; several side by side go faster.

    The order is fixed when the function is compiled: the same machine gives the same sum to the last bit.
    """
    return _compiled(function, fastmath={"reassoc", "contract"})


def _compiled(function: Function, **options: Any) -> Function:
    try:
        return cast(Function, numba.njit(cache=True, nogil=True, **options)(function))
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True, **options)(function))
