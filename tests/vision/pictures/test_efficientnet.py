"""The network that is put together from weights is the one that they were trained in."""

import numpy as np

from vultus.vision.models.onnx_file import Graph
from vultus.vision.models.runtime import OnnxNetwork
from vultus.vision.pictures.efficientnet import EPSILON, network_of

SIDE = 32


def weights(random: np.random.Generator) -> dict[str, np.ndarray]:
    """Three blocks: the first does not widen, the second halves, the third adds what came in."""
    tensors: dict[str, np.ndarray] = {}

    def conv(name: str, norm: str, *shape: int) -> None:
        tensors[name + ".weight"] = random.normal(0, 0.5, shape).astype(np.float32)
        for part, low, high in (("weight", 0.5, 2), ("bias", -1, 1), ("running_mean", -1, 1), ("running_var", 0.1, 3)):
            tensors[f"{norm}.{part}"] = random.uniform(low, high, shape[0]).astype(np.float32)

    conv("_conv_stem", "_bn0", 4, 3, 3, 3)
    conv("_blocks.0._depthwise_conv", "_blocks.0._bn1", 4, 1, 3, 3)
    conv("_blocks.0._project_conv", "_blocks.0._bn2", 5, 4, 1, 1)
    for block, came in ((1, 5), (2, 6)):
        conv(f"_blocks.{block}._expand_conv", f"_blocks.{block}._bn0", 8, came, 1, 1)
        conv(f"_blocks.{block}._depthwise_conv", f"_blocks.{block}._bn1", 8, 1, 5, 5)
        conv(f"_blocks.{block}._project_conv", f"_blocks.{block}._bn2", 6, 8, 1, 1)
    conv("_conv_head", "_bn1", 7, 6, 1, 1)
    return tensors


def convolve(values: np.ndarray, kernel: np.ndarray, stride: int, depthwise: bool) -> np.ndarray:
    """As TensorFlow does with "same" padding: what cannot be halved between both sides goes to the right and below."""
    side, size = values.shape[1], kernel.shape[2]
    result = -(-side // stride)
    missing = max((result - 1) * stride + size - side, 0)
    pads = (missing // 2, missing - missing // 2)
    padded = np.pad(values, ((0, 0), pads, pads))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    if depthwise:
        return np.einsum("chwij,cij->chw", windows, kernel[:, 0])
    return np.einsum("chwij,ocij->ohw", windows, kernel)


def expected(tensors: dict[str, np.ndarray], picture: np.ndarray) -> np.ndarray:
    def step(values: np.ndarray, name: str, norm: str, stride: int = 1, clip: bool = True) -> np.ndarray:
        made = convolve(values, tensors[name + ".weight"], stride, name.endswith("depthwise_conv"))
        mean, variance, gain, bias = (
            tensors[f"{norm}.{part}"][:, None, None] for part in ("running_mean", "running_var", "weight", "bias")
        )
        made = (made - mean) / np.sqrt(variance + EPSILON) * gain + bias
        return np.clip(made, 0, 6) if clip else made

    values = step(picture, "_conv_stem", "_bn0", 2)
    values = step(values, "_blocks.0._depthwise_conv", "_blocks.0._bn1")
    values = step(values, "_blocks.0._project_conv", "_blocks.0._bn2", clip=False)
    for block in (1, 2):
        came, name = values, f"_blocks.{block}."
        values = step(values, name + "_expand_conv", name + "_bn0")
        values = step(values, name + "_depthwise_conv", name + "_bn1", 2 if block == 1 else 1)
        values = step(values, name + "_project_conv", name + "_bn2", clip=False)
        values = values + came if block == 2 else values
    return step(values, "_conv_head", "_bn1")


def test_it_computes_what_its_weights_say():
    random = np.random.default_rng(11)
    tensors = weights(random)
    picture = random.normal(0, 1, (3, SIDE, SIDE)).astype(np.float32)
    network = OnnxNetwork(network_of(tensors, SIDE, halving={1}))
    np.testing.assert_allclose(network.run(picture[np.newaxis])[0][0], expected(tensors, picture), atol=1e-4)


def test_a_graph_that_is_written_is_one_that_onnxruntime_runs():
    graph = Graph()
    doubled = graph.apply("Add", "numbers", "numbers")
    shifted = graph.apply("Add", doubled, graph.weight(np.array([1, 2, 300], np.float32)))
    network = OnnxNetwork(graph.written(("numbers", (1, 3)), (shifted, (1, 3))))
    np.testing.assert_array_equal(network.run(np.array([[1, 2, 3]], np.float32))[0], [[3, 6, 306]])
