"""Weights are read from PyTorch's files, and nothing in them is run."""

import pickle
import struct
from pathlib import Path

import numpy as np
import pytest

from vultus.config import ConfigError
from vultus.vision.models.torch_file import MAGIC, VERSION, read_tensors


def whole(value: int) -> bytes:
    return f"I{value}\n".encode()


def word(text: str) -> bytes:
    return f"S'{text}'\n".encode()


def sizes(*values: int) -> bytes:
    return b"(" + b"".join(map(whole, values)) + b"t"


def tensor(count: int, start: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> bytes:
    """A tensor as PyTorch pickles it, opcode by opcode: a call with the id of a store of numbers."""
    store = b"(" + word("storage") + b"ctorch\nFloatStorage\n" + word("0") + word("cpu") + whole(count) + b"NtQ"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + store + whole(start) + sizes(*shape) + sizes(*strides) + b"I00\ntR"


def torch_file(views: bytes, numbers: np.ndarray) -> bytes:
    head = b"".join(pickle.dumps(each, 2) for each in (MAGIC, VERSION, {"little_endian": True}))
    return head + views + pickle.dumps(["0"], 2) + struct.pack("<q", len(numbers)) + numbers.astype("<f4").tobytes()


def named(**tensors: bytes) -> bytes:
    return b"}(" + b"".join(word(name) + content for name, content in tensors.items()) + b"u."


NUMBERS = np.arange(12)


def test_tensors_are_read_by_name_from_where_they_begin():
    tensors = read_tensors(torch_file(named(a=tensor(12, 0, (3, 4), (4, 1)), b=tensor(12, 10, (2,), (1,))), NUMBERS))
    np.testing.assert_array_equal(tensors["a"], NUMBERS.reshape(3, 4))
    np.testing.assert_array_equal(tensors["b"], [10, 11])


def test_tensors_whose_axes_were_exchanged_are_read_as_they_are():
    tensors = read_tensors(torch_file(named(a=tensor(12, 0, (4, 3), (1, 4))), NUMBERS))
    np.testing.assert_array_equal(tensors["a"], NUMBERS.reshape(3, 4).T)


@pytest.mark.parametrize("view", [(12, 1, (3, 4), (4, 1)), (12, 0, (3, 5), (4, 1)), (12, 11, (2,), (-1,))])
def test_a_tensor_that_reaches_beyond_its_numbers_is_refused(view):
    with pytest.raises(ConfigError, match="reaches beyond"):
        read_tensors(torch_file(named(a=tensor(*view)), NUMBERS))


def test_what_a_file_would_have_run_is_not(tmp_path: Path):
    touched = tmp_path / "touched"
    attack = b"cpathlib\nPath\n(" + word(str(touched)) + b"tR."
    with pytest.raises(ConfigError, match=r"it names pathlib\.Path"):
        read_tensors(torch_file(attack, NUMBERS))
    command = b"cposix\nsystem\n(" + word(f"touch {touched}") + b"tR."
    with pytest.raises(ConfigError, match=r"it names posix\.system"):
        read_tensors(torch_file(command, NUMBERS))
    assert not touched.exists()


@pytest.mark.parametrize("cut", [0, 1, 20, 60, 150, -1])
def test_a_file_that_is_cut_short_is_refused(cut):
    content = torch_file(named(a=tensor(12, 0, (3, 4), (4, 1))), NUMBERS)
    with pytest.raises(ConfigError, match="holds no weights"):
        read_tensors(content[:cut])


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(ConfigError, match="it begins otherwise"):
        read_tensors(pickle.dumps(3) * 5)
