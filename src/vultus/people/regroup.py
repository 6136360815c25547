"""The partition of a library in which people have been found already: of all of it, or of what is new."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.curve import FarCurve
from vultus.people.group import group_faces
from vultus.people.incremental import working_set
from vultus.people.library import NONE, Library
from vultus.people.plan import PASSED_OVER
from vultus.people.rulings import core, rulings
from vultus.people.thresholds import GROWTH
from vultus.people.watch import Watch, silent

Labels = NDArray[np.int64]


def regroup_all(library: Library, curve: FarCurve, watch: Watch = silent) -> Labels:
    """Partition all faces from scratch; of what exists, only what a person has said something of is heeded.

    Returns:
        (n,) labels from 0.
    """
    rows = np.arange(len(library))
    bound = np.where(core(library, curve), library.cluster, NONE)
    return _grouped(library, rows, bound, curve, len(library), watch)


def regroup_new(library: Library, curve: FarCurve, watch: Watch = silent) -> Labels:
    """Partition the new faces and their neighbourhoods.

    What stands moves only where it must: the clusters are first taken apart where they no longer hold together, and
    then what is left of them, each in one piece, is grouped with the new faces more strictly, as in a library that has
    grown. So a face is seldom put where it will not stay.

    Returns:
        (n,) labels from 0, and -1 for faces that were not looked at. Faces of a cluster that was looked at have
        the label of most of it, unless they were looked at themselves.
    """
    rows = working_set(library, curve)
    labels = np.full(len(library), PASSED_OVER, np.int64)
    if not len(rows):
        return labels
    n, cluster = len(library), library.cluster[rows]
    bound = np.where(core(library, curve)[rows], cluster, NONE)
    found = _grouped(library, rows, bound, curve, n, watch)
    if (cluster != NONE).any():
        settled = np.isin(cluster, list(library.settled))
        piece = np.unique(np.stack([cluster, found]), axis=1, return_inverse=True)[1].ravel()
        loose = (cluster != NONE) & ~settled
        highest = int(cluster.max())
        bound = np.where(loose, highest + 1 + piece, bound)
        found = _grouped(library, rows, bound, curve, GROWTH * n, watch)
    labels[rows] = found
    return _spread(labels, library.cluster)


def _grouped(library: Library, rows: Labels, bound: Labels, curve: FarCurve, size: int, watch: Watch) -> Labels:
    decided = rulings(library, rows, bound)
    return group_faces(
        library.embedding[rows],
        photos=library.photo[rows],
        quality=library.quality[rows],
        must_link=decided.must_link,
        cannot_link=decided.cannot_link,
        model=curve,
        library=size,
        watch=watch,
    )


def _spread(labels: Labels, cluster: Labels) -> Labels:
    """Give the other faces of a cluster the label that most of those have that were looked at."""
    seen = (labels != PASSED_OVER) & (cluster != NONE)
    if not seen.any():
        return labels
    (key, label), count = np.unique(np.stack([cluster[seen], labels[seen]]), axis=1, return_counts=True)
    order = np.lexsort((label, -count, key))
    keys, first = np.unique(key[order], return_index=True)
    most = label[order][first]
    place = np.minimum(np.searchsorted(keys, cluster), len(keys) - 1)
    other = (labels == PASSED_OVER) & (keys[place] == cluster)
    return np.where(other, most[place], labels)
