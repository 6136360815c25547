"""Writing a network as an ONNX file: the few fields of its protocol buffers that a chain of convolutions needs.

Source: onnx.proto of the ONNX project, IR version 8, operators of version 13.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BYTES = 2  # wire type of texts, arrays and messages
FLOAT32, INTS = 1, 7  # kinds of tensors and of attributes
IR_VERSION, OPERATORS = 8, 13


@dataclass
class Graph:
    """A network that is being written: values have names, and each operator makes one of others."""

    _operators: list[bytes] = field(default_factory=list)
    _weights: list[bytes] = field(default_factory=list)

    def weight(self, values: NDArray[np.float32]) -> str:
        """Add numbers that stay, and return their name."""
        name = f"w{len(self._weights)}"
        shape = b"".join(_field(1, size) for size in values.shape)
        content = np.ascontiguousarray(values, "<f4").tobytes()
        self._weights.append(shape + _field(2, FLOAT32) + _field(8, name) + _field(9, content))
        return name

    def apply(self, operator: str, *inputs: str, same: bool = False, **attributes: list[int]) -> str:
        """Add an operator and return the name of its result.

        Args:
            operator: as ONNX calls it.
            inputs: names of values.
            same: whether edges are padded until only strides make the result smaller.
            attributes: of the operator; a single number is ``group``.
        """
        name = f"v{len(self._operators)}"
        node = b"".join(_field(1, each) for each in inputs) + _field(2, name) + _field(4, operator)
        for key, numbers in attributes.items():
            if key == "group":
                node += _field(5, _field(1, key) + _field(3, numbers[0]) + _field(20, 2))
            else:
                node += _field(5, _field(1, key) + b"".join(_field(8, each) for each in numbers) + _field(20, INTS))
        if same:
            node += _field(5, _field(1, "auto_pad") + _field(4, "SAME_UPPER") + _field(20, 3))
        self._operators.append(node)
        return name

    def written(self, entry: tuple[str, tuple[int, ...]], result: tuple[str, tuple[int, ...]]) -> bytes:
        """Return the file; its one input and its one output are given by name and shape."""
        graph = b"".join(_field(1, operator) for operator in self._operators) + _field(2, "network")
        graph += b"".join(_field(5, weight) for weight in self._weights)
        graph += _field(11, _value(*entry)) + _field(12, _value(*result))
        return _field(1, IR_VERSION) + _field(8, _field(1, "") + _field(2, OPERATORS)) + _field(7, graph)


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    sizes = b"".join(_field(1, _field(1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, FLOAT32) + _field(2, sizes)))


def _field(tag: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(tag << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(tag << 3 | BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    pieces = []
    while value > 0x7F:
        pieces.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*pieces, value])
