"""Weights in a file of PyTorch's, read without PyTorch, and without running what a stranger wrote into it."""

import io
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001  # of the form that PyTorch wrote before version 1.6
KINDS = {"FloatStorage": "<f4", "LongStorage": "<i8"}

Array = NDArray[Any]


class _View(NamedTuple):
    """A tensor: a part of a store of numbers."""

    kind: str
    store: str
    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]  # numbers from one to the next along each axis


class _Reader(pickle.Unpickler):
    """Reads dictionaries of tensors and nothing else: what a pickle may call is listed here."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _view
        if module == "torch" and name in KINDS:
            return name
        raise pickle.UnpicklingError(f"it names {module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        return pid


def _view(store: tuple[Any, ...], start: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> _View:
    return _View(str(store[1]), str(store[2]), start, shape, strides)


def read_tensors(content: bytes) -> dict[str, Array]:
    """Return the tensors of a file by their names.

    Raises:
        ConfigError: it is no such file.
    """
    file = io.BytesIO(content)
    try:
        if _Reader(file).load() != MAGIC or _Reader(file).load() != VERSION:
            raise ValueError("it begins otherwise")
        _Reader(file).load()  # sizes of numbers where it was written
        views: Mapping[str, _View] = _Reader(file).load()
        stores = _stores(file, {view.store: view.kind for view in views.values()})
        return {name: _tensor(stores[view.store], view) for name, view in views.items()}
    except Exception as error:  # a pickle that is damaged raises whatever comes of it
        raise ConfigError(f"The file holds no weights of PyTorch's: {error}.") from error


def _tensor(store: Array, view: _View) -> Array:
    reach = view.start + sum((size - 1) * step for size, step in zip(view.shape, view.strides, strict=True))
    if min(view.start, *view.shape, *view.strides, 1) < 0 or reach >= len(store):
        raise ValueError("a tensor reaches beyond its numbers")
    steps = [step * store.itemsize for step in view.strides]
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(store[view.start :], view.shape, steps))


def _stores(file: BinaryIO, kinds: Mapping[str, str]) -> dict[str, Array]:
    stores = {}
    for key in _Reader(file).load():
        kind = np.dtype(KINDS[kinds[key]])
        count = int.from_bytes(file.read(8), "little")
        stores[key] = np.frombuffer(file.read(count * kind.itemsize), kind, count)
    return stores
