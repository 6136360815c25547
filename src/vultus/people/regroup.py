"""The partition of a library in which people have been found already: of all of it, or of what is new."""

import numpy as np
from numpy.typing import NDArray

from vultus.people.commonness import SAMPLE, commonness
from vultus.people.company import Company
from vultus.people.curve import FarCurve
from vultus.people.group import group_faces
from vultus.people.incremental import working_set
from vultus.people.library import NONE, Library
from vultus.people.plan import PASSED_OVER
from vultus.people.rulings import core, rulings
from vultus.people.thresholds import GROWTH, HOLD
from vultus.people.watch import Watch, silent

Labels = NDArray[np.int64]
Flags = NDArray[np.bool_]


def regroup_all(library: Library, curve: FarCurve, watch: Watch = silent) -> Labels:
    """Partition all faces from scratch; of what exists, only what a person has said something of is heeded.

    Returns:
        (n,) labels from 0.
    """
    rows = np.arange(len(library))
    bound = np.where(core(library, curve), library.cluster, NONE)
    return _grouped(library, rows, bound, curve, len(library), watch)


def regroup_new(library: Library, curve: FarCurve, founding_faces: int, watch: Watch = silent) -> Labels:
    """Partition the new faces and their neighbourhoods, so that what stands seldom has to move.

    The faces are grouped twice. What the first partition, a lenient one, tears out of a cluster is a piece of its own;
    the second one keeps all pieces whole and is as strict as in a library that has grown, because a face that is put
    somewhere should stay there. Faces that only the second one parts from a cluster and that would found another wait:
    they would be the second half of a person.

    Args:
        library: the faces, where they are, and what was said of them.
        curve: of the model of the embeddings.
        founding_faces: faces able to found that a new cluster takes.
        watch: told how far the work is.

    Returns:
        (n,) labels from 0, and -1 for faces that were not looked at. The other faces of a cluster have the label that
        most of those have that were.
    """
    rows = working_set(library, curve)
    labels = np.full(len(library), PASSED_OVER, np.int64)
    if not len(rows):
        return labels
    n, cluster = len(library), library.cluster[rows]
    company = Company(_rise(library, rows, curve))
    bound = np.where(core(library, curve)[rows], cluster, NONE)
    size = int(n / HOLD) if (cluster != NONE).any() else n
    labels[rows] = found = _grouped(library, rows, bound, curve, size, watch, company)
    if (cluster != NONE).any():
        pieces = np.where(_loose(library, rows), _pieces(cluster, found), bound)
        strict = _grouped(library, rows, pieces, curve, GROWTH * n, watch, company)
        would_found = np.bincount(strict, library.founding[rows]) >= founding_faces
        waiting = _halves(strict, found, cluster != NONE, would_found)
        labels[rows] = np.where(waiting, PASSED_OVER, strict)
    return _spread(labels, library.cluster)


def _rise(library: Library, rows: Labels, curve: FarCurve) -> NDArray[np.float32] | None:
    """How much more than clear faces those looked at resemble other people; None where the library cannot tell.

    It can where it has as many people as faces are compared with at most, a lone face being one; of fewer, those that
    are looked at tell more.
    """
    lone = library.cluster.max(initial=NONE) + 1 + np.arange(len(library))
    people, label = np.unique(np.where(library.cluster == NONE, lone, library.cluster), return_inverse=True)
    if len(rows) == len(library) or len(people) < SAMPLE:
        return None
    return commonness(library.embedding, label.astype(np.int64), curve, of=rows)


def _loose(library: Library, rows: Labels) -> Flags:
    """Faces of clusters of which nobody has said anything."""
    cluster = library.cluster[rows]
    loose: Flags = (cluster != NONE) & ~np.isin(cluster, list(library.settled))
    return loose


def _pieces(cluster: Labels, found: Labels) -> Labels:
    """A number for what each group holds of each cluster, beyond those of the clusters."""
    piece: Labels = np.unique(np.stack([cluster, found]), axis=1, return_inverse=True)[1].ravel()
    return piece + int(cluster.max(initial=NONE)) + 1


def _halves(strict: Labels, found: Labels, placed: Flags, would_found: Flags) -> Flags:
    """Faces of groups that would found a cluster, but were mostly grouped with one that is there at first.

    Args:
        strict: (m,) groups of the second partition.
        found: (m,) groups of the first.
        placed: (m,) faces that are in a cluster.
        would_found: for each group of the second partition, whether it has enough faces to found a cluster.
    """
    group, usual, count = _usual(strict, found)
    mostly = np.isin(usual, found[placed]) & (2 * count > np.bincount(strict)[group])
    halves = group[would_found[group] & mostly & ~np.isin(group, strict[placed])]
    of_halves: Flags = np.isin(strict, halves)
    return of_halves


def _grouped(
    library: Library,
    rows: Labels,
    bound: Labels,
    curve: FarCurve,
    size: int,
    watch: Watch,
    company: Company | None = None,
) -> Labels:
    decided = rulings(library, rows, bound)
    return group_faces(
        library.embedding[rows],
        photos=library.photo[rows],
        quality=library.quality[rows],
        must_link=decided.must_link,
        cannot_link=decided.cannot_link,
        model=curve,
        library=size,
        company=company,
        watch=watch,
    )


def _spread(labels: Labels, cluster: Labels) -> Labels:
    """Give the other faces of a cluster the label that most of those have that were looked at."""
    seen = (labels != PASSED_OVER) & (cluster != NONE)
    if not seen.any():
        return labels
    keys, most, _ = _usual(cluster[seen], labels[seen])
    place = np.minimum(np.searchsorted(keys, cluster), len(keys) - 1)
    other = (labels == PASSED_OVER) & (keys[place] == cluster)
    return np.where(other, most[place], labels)


def _usual(keys: Labels, values: Labels) -> tuple[Labels, Labels, Labels]:
    """Each key once, ascending, with the value that it has most often, and how often."""
    (key, value), count = np.unique(np.stack([keys, values]), axis=1, return_counts=True)
    order = np.lexsort((value, -count, key))
    found, first = np.unique(key[order], return_index=True)
    return found, value[order][first], count[order][first]
