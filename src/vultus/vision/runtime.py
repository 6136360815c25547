"""What runs the networks, one thread each: a process per core does more than threads do."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError

Values = NDArray[np.float32]


class OnnxNetwork:
    """A network in an ONNX file, run by onnxruntime."""

    def __init__(self, path: Path) -> None:
        import onnxruntime  # takes a tenth of a second, which commands without pictures need not wait

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # remembers a plan for every size of picture it has met
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(
                path.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises a dozen classes of its own
            raise ConfigError(f"{path} is no network that onnxruntime can run: {error}") from error
        entry = self._session.get_inputs()[0]
        self._input = entry.name
        self._fixed = entry.shape[0] if isinstance(entry.shape[0], int) else None

    def run(self, batch: Values) -> Sequence[Values]:
        """Return the outputs of the network for a batch of inputs, in the pieces that the network takes."""
        size = self._fixed or len(batch)
        outputs = [
            self._session.run(None, {self._input: batch[start : start + size]}) for start in range(0, len(batch), size)
        ]
        return outputs[0] if len(outputs) == 1 else [np.concatenate(pieces) for pieces in zip(*outputs, strict=True)]


class OpenCVNetwork:
    """A network in an ONNX file, run by OpenCV: half the time of onnxruntime where there are many PReLUs."""

    def __init__(self, path: Path) -> None:
        cv2.setNumThreads(1)
        try:
            self._network: Any = cv2.dnn.readNetFromONNX(np.frombuffer(path.read_bytes(), np.uint8))
        except cv2.error as error:
            raise ConfigError(f"{path} is no network that OpenCV can run: {error}") from error

    def run(self, batch: Values) -> Sequence[Values]:
        """Return the output of the network for a batch of inputs, one by one."""
        return [np.concatenate([self._single(batch[row : row + 1]) for row in range(len(batch))])]

    def _single(self, entry: Values) -> Values:
        self._network.setInput(entry)
        output: Values = self._network.forward()
        return output.copy()  # the next input would overwrite it


class LiteNetwork:
    """A network in a .tflite file, run by LiteRT; its batch is fixed."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            with _hushed():
                self._interpreter: Any = Interpreter(model_content=path.read_bytes(), num_threads=1)
                self._interpreter.allocate_tensors()
        except Exception as error:
            raise ConfigError(f"{path} is no network that LiteRT can run: {error}") from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]

    def run(self, batch: Values) -> Sequence[Values]:
        """Return the outputs of the network for a batch of inputs."""
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(output) for output in self._outputs]


@contextmanager
def _hushed() -> Iterator[None]:
    """Standard error closed for a moment: LiteRT greets there, past Python, and cannot be told not to."""
    try:
        kept = os.dup(2)
    except OSError:  # a service may have none
        yield
        return
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silence)
