"""Telling what a face wears: the heads, and the layer of a network that they look at."""

import numpy as np
from numpy.typing import NDArray

from vultus.config import ConfigError
from vultus.vision.attributes.heads import Evidence, Heads
from vultus.vision.faces.embed import FaceEmbedder
from vultus.vision.models.store import ModelStore
from vultus.vision.pyramid import Pixels

HEADS = "wearing"


class WornDescriber:
    """Tells what the heads make of a face, on one thread."""

    def __init__(self, store: ModelStore, profile: str) -> None:
        """Load the heads, and their network where faces are embedded by another.

        Args:
            store: gives the files.
            profile: id of the model by which faces are embedded.

        Raises:
            ModelUnavailable: a file is not here and cannot be fetched.
        """
        model = store.models.heads_model(HEADS)
        network = store.models.embedder(model.network)
        self._heads = Heads(store.path(model.file))
        embedded = network.file in store.models.file_ids(profile)
        self._network = None if embedded else FaceEmbedder(network, store.path(network.file))

    def evidence(self, chip: Pixels, layer: NDArray[np.float32] | None) -> Evidence:
        """Return what the heads make of a face.

        Args:
            chip: (112, 112, 3) RGB, aligned.
            layer: of the embedding of that chip.

        Raises:
            ConfigError: a file is not what ``models.toml`` says.
        """
        seen = self._network.embed(chip).layer if self._network else layer
        if seen is None:
            raise ConfigError("The network of the heads names no layer in models.toml.")
        return self._heads.evidence(seen)
