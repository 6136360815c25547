"""Libraries for tests of what a run does with them."""

import numpy as np

from vultus.people.library import NONE, Library


def library_of(cluster, *, embedding=None, **said):
    """A library of faces that may all found, in photos of their own, with random embeddings unless some are given."""
    n = len(cluster)
    if embedding is None:
        embedding = np.random.default_rng(n).normal(size=(n, 16))
        embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    cluster = np.array(cluster, np.int64)
    usual = {
        "photo": np.arange(n),
        "quality": np.full(n, 0.9, np.float32),
        "founding": np.ones(n, np.bool_),
        "new": cluster == NONE,
        "pinned": np.zeros(n, np.bool_),
    }
    return Library(embedding=np.asarray(embedding, np.float32), cluster=cluster, **{**usual, **said})
