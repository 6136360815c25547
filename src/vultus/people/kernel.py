"""Compilation of the few loops that numpy cannot say."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The function as machine code, kept on disk where any folder for it can be written.

    Numba looks for a place beside the module, then in the user's cache folder. A read-only installation of a user
    without a home has neither, which numba takes for an error; there the function is compiled once a process.
    """
    try:
        return cast(Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True)(function))
