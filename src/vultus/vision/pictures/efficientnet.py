"""EfficientNet-Lite: the network that tells what a picture shows, put together from its weights.

Source: Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, 2019; the Lite ones leave
out squeezing and excitation, and clip at six.
"""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from vultus.vision.models.onnx_file import Graph

EPSILON = 1e-3  # of batch normalisation, as they were trained

Tensors = Mapping[str, NDArray[np.float32]]


def network_of(tensors: Tensors, side: int, halving: Collection[int]) -> bytes:
    """Return an ONNX file that turns (1, 3, side, side) values into (1, features, cells, cells).

    Args:
        tensors: its weights, by their names in PyTorch.
        side: of the input, pixels.
        halving: numbers of the blocks that give half as many rows and columns.
    """
    graph = Graph()
    blocks = sum(name.endswith("_project_conv.weight") for name in tensors)
    bounds = graph.weight(np.array(0, np.float32)), graph.weight(np.array(6, np.float32))

    def convolved(value: str, weights: str, norm: str, *, stride: int = 1, clipped: bool = True) -> str:
        kernel, bias = _folded(tensors, weights, norm)
        group = len(kernel) if weights.endswith("_depthwise_conv") else 1
        made = graph.apply(
            "Conv", value, graph.weight(kernel), graph.weight(bias), same=True, group=[group], strides=[stride] * 2
        )
        return graph.apply("Clip", made, *bounds) if clipped else made

    value = convolved("picture", "_conv_stem", "_bn0", stride=2)
    for number in range(blocks):
        block = f"_blocks.{number}."
        wide = convolved(value, block + "_expand_conv", block + "_bn0") if number else value
        wide = convolved(wide, block + "_depthwise_conv", block + "_bn1", stride=2 if number in halving else 1)
        made = convolved(wide, block + "_project_conv", block + "_bn2", clipped=False)
        repeats = number not in halving and _channels(tensors, number) == _channels(tensors, number - 1)
        value = graph.apply("Add", made, value) if repeats else made
    value = convolved(value, "_conv_head", "_bn1")
    features, cells = len(tensors["_conv_head.weight"]), side
    for _ in range(1 + len(halving)):
        cells = -(-cells // 2)
    return graph.written(("picture", (1, 3, side, side)), (value, (1, features, cells, cells)))


def _channels(tensors: Tensors, block: int) -> int:
    return len(tensors[f"_blocks.{block}._project_conv.weight"]) if block >= 0 else 0


def _folded(tensors: Tensors, weights: str, norm: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The kernels of a convolution, and what is added, with the normalisation after it taken in."""
    gain = tensors[norm + ".weight"] / np.sqrt(tensors[norm + ".running_var"] + np.float32(EPSILON))
    kernel = tensors[weights + ".weight"] * gain[:, np.newaxis, np.newaxis, np.newaxis]
    return kernel, tensors[norm + ".bias"] - tensors[norm + ".running_mean"] * gain
