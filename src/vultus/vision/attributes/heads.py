"""The heads: what a layer of the embedding network, looked at in another way, says of what a face wears."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError

Values = NDArray[np.float32]


class Evidence(NamedTuple):
    """Logarithms of odds, calibrated: 0 where it may as well be as not be.

    Attributes:
        mask: that mouth and nose are under a mask.
        eyewear: that there is anything before the eyes.
        dark: if so, that these are sunglasses.
        hat: that the head is covered.
        beard: that there is a beard or a moustache.
    """

    mask: float
    eyewear: float
    dark: float
    hat: float
    beard: float


class Heads:
    """Five linear maps of one layer, of a few thousand numbers each (``scripts/train_heads.py``)."""

    def __init__(self, file: Path) -> None:
        try:
            with file.open("rb") as content:
                self._weights: Values = np.lib.format.read_array(content, allow_pickle=False).astype(np.float32)
        except ValueError as error:
            raise ConfigError(f"{file} holds no heads: {error}") from error

    def evidence(self, layer: Values) -> Evidence:
        """Return what the heads say.

        Args:
            layer: (2, c, h, w) of a chip and of its mirror.

        Raises:
            ConfigError: the heads were not learned from that layer.
        """
        seen = folded(layer)
        if self._weights.shape != (len(Evidence._fields), len(seen) + 1):
            raise ConfigError(f"The heads have shape {self._weights.shape}, and the layer gives {len(seen)} numbers.")
        return Evidence(*(float(value) for value in self._weights[:, :-1] @ seen + self._weights[:, -1]))


def folded(layer: Values) -> Values:
    """Return what a layer says of a face whichever way it is mirrored: what one half shows, the other may show as well.

    Args:
        layer: (2, c, h, w) of a chip and of its mirror.

    Returns:
        (c * h * (w + 1) // 2,) numbers.
    """
    both = layer[0] + layer[1]
    whole: Values = (both + both[:, :, ::-1]) / 4
    return whole[:, :, : (layer.shape[3] + 1) // 2].ravel()
