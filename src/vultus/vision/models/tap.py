"""A network in an ONNX file that also gives what one of its layers says."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.models.model import Layer

Values = NDArray[np.float32]
FLOAT = b"\x08\x01"  # TensorProto.Type: elem_type 1
SHAPE, SIZE, KIND, NAME, TYPE, OUTPUT, GRAPH = 2, 1, 1, 1, 2, 12, 7  # fields of onnx.proto


class TappedNetwork:
    """A network of which OpenCV gives the output and a layer on the way there, at the cost of the output alone."""

    def __init__(self, path: Path, layer: Layer) -> None:
        cv2.setNumThreads(1)
        content = path.read_bytes() + _also(layer)
        try:
            self._network: Any = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
        except cv2.error as error:
            raise ConfigError(f"{path} is no network with a layer {layer.name} that OpenCV can run: {error}") from error
        self._layer = layer
        self._names = self._network.getUnconnectedOutLayersNames()

    def run(self, batch: Values) -> Sequence[Values]:
        """Return the output of the network, and that of the layer, for a batch of inputs, one by one.

        Raises:
            ConfigError: the network has no such layer.
        """
        single = [self._single(batch[row : row + 1]) for row in range(len(batch))]
        return [np.concatenate(parts) for parts in zip(*single, strict=True)]

    def _single(self, entry: Values) -> list[Values]:
        self._network.setInput(entry)
        output, layer = self._network.forward(self._names)
        if layer is None or layer.shape != (1, *self._layer.shape):  # OpenCV gives None where there is no such layer
            raise ConfigError(f"The network has no layer {self._layer.name} of shape {self._layer.shape}.")
        return [output.copy(), layer.copy()]


def _also(layer: Layer) -> bytes:
    """What makes a layer an output when it is appended to the file.

    Two messages of protocol buffers one after the other are read as one: fields that repeat add up. So this is a model
    with a graph with one output, and nothing else.
    """
    shape = b"".join(_field(SIZE, _field(KIND, size)) for size in (1, *layer.shape))
    kind = _field(1, FLOAT + _field(SHAPE, shape))
    return _field(GRAPH, _field(OUTPUT, _field(NAME, layer.name.encode()) + _field(TYPE, kind)))


def _field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return _whole(number << 3) + _whole(value)
    return _whole(number << 3 | 2) + _whole(len(value)) + value


def _whole(value: int) -> bytes:
    """A whole number, seven bits a byte, the lowest first."""
    low = bytes([value & 127])
    return low if value < 128 else bytes([value & 127 | 128]) + _whole(value >> 7)
