"""What runs the networks, one thread each: a process per core does more than threads do."""

import os
import zipfile
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
    """A network in an ONNX file, run by onnxruntime.

    Attributes:
        notes: what its makers wrote into the file, by name.
    """

    def __init__(self, source: Path | bytes) -> None:
        """Load a network from a file, or from the content of one."""
        import onnxruntime  # takes a tenth of a second, which commands without pictures need not wait

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # remembers a plan for every size of picture it has met
        options.log_severity_level = 3
        content = source if isinstance(source, bytes) else source.read_bytes()
        try:
            self._session: Any = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a dozen classes of its own
            name = "What was made" if isinstance(source, bytes) else source
            raise ConfigError(f"{name} is no network that onnxruntime can run: {error}") from error
        entry = self._session.get_inputs()[0]
        self._input = entry.name
        self.notes: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
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

    def __init__(self, path: Path, member: str = "") -> None:
        """Load a network.

        Args:
            path: of the file.
            member: where the file is an archive of several networks: the name of the one inside.

        Raises:
            ConfigError: LiteRT cannot run it.
        """
        from ai_edge_litert.interpreter import Interpreter

        try:
            with _hushed():
                self._interpreter: Any = Interpreter(model_content=_content(path, member), num_threads=1)
                self._interpreter.allocate_tensors()
        except Exception as error:
            raise ConfigError(f"{path} is no network that LiteRT can run: {error}") from error
        entry = self._interpreter.get_input_details()[0]
        self._input, self._fixed = entry["index"], int(entry["shape"][0])
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]

    def run(self, batch: Values) -> Sequence[Values]:
        """Return the outputs of the network for a batch of inputs, in the pieces that the network takes."""
        outputs = [self._piece(batch[start : start + self._fixed]) for start in range(0, len(batch), self._fixed)]
        return outputs[0] if len(outputs) == 1 else [np.concatenate(pieces) for pieces in zip(*outputs, strict=True)]

    def _piece(self, batch: Values) -> list[Values]:
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(output) for output in self._outputs]


def _content(path: Path, member: str) -> bytes:
    if not member:
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(member)


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
