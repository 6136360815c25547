"""The engine: embeddings in, people out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from vultus.people.canonical import canonical_nodes
from vultus.people.cells import side_by_side
from vultus.people.commonness import commonness
from vultus.people.company import Company, burdened
from vultus.people.constraints import Constraints, Pairs, checked_pairs
from vultus.people.contradictions import contradictions
from vultus.people.curve import FarCurve
from vultus.people.evidence import usual_share
from vultus.people.merge import merge_clusters
from vultus.people.neighbours import Neighbours
from vultus.people.partition import Labels, first_appearance, map_equation
from vultus.people.rivals import rivalry
from vultus.people.thresholds import (
    CONTEXT,
    EXACT_TO,
    FLOOR,
    MEAN_FACES,
    MERGE_FIRST,
    POOR_FACE,
    SAME_PHOTO,
    SAME_PHOTO_LEAST,
    SMALLEST_LIBRARY,
    UNLIKE,
)
from vultus.people.watch import Watch, silent

ROUNDING = 1e-3  # similarity that what is found in single precision may be off
ROUNDS = 4  # in which groups with contradictions are partitioned anew
BLOCK = 16_384  # faces whose edges are in memory at a time


@dataclass(frozen=True, slots=True)
class _Faces:
    """n faces, checked."""

    embedding: NDArray[np.float32]  # (n, d), unit length
    photo: Labels  # (n,) from 0
    quality: NDArray[np.float64]  # (n,) 0 to 1


def group_faces(
    embeddings: ArrayLike,
    *,
    photos: Sequence[Any] | NDArray[Any] | None = None,
    quality: ArrayLike | None = None,
    must_link: Iterable[tuple[int, int]] | NDArray[Any] = (),
    cannot_link: Iterable[tuple[int, int]] | NDArray[Any] = (),
    model: str | FarCurve = "mobilefacenet-192",
    library: int | None = None,
    company: Company | None = None,
    watch: Watch = silent,
) -> Labels:
    """Group faces into people.

    Equal faces give equal groups whatever the order of the rows, and the same call gives the same answer.

    Args:
        embeddings: (n, d) rows, one a face; brought to unit length here.
        photos: (n,) the photo each face is in; two faces of one photo are seldom one person. Without it every face
            is in a photo of its own.
        quality: (n,) fitness for recognition, 0 to 1; a poor face counts less. Without it all count alike.
        must_link: pairs of rows that are one person; an (m, 2) array is taken as it is.
        cannot_link: pairs of rows that are two people.
        model: embedding model, which names the similarity curve; or the curve itself, of a model of one's own.
        library: faces of the whole library where these are a part of it: lookalikes by chance come from all of it.
        company: of the same rows, where they are grouped several times.
        watch: told how far the work is; breaks it off by raising an exception.

    Returns:
        (n,) labels from 0 in order of first appearance; a face that is like no other has a label of its own.

    Raises:
        ValueError: the input has the wrong shape, holds what is no number, or contradicts itself.
    """
    curve = FarCurve.of(model) if isinstance(model, str) else model
    faces = _checked(embeddings, photos, quality)
    n = len(faces.embedding)
    must, cannot = checked_pairs(must_link, n, "must_link"), checked_pairs(cannot_link, n, "cannot_link")
    Constraints.of(n, must, cannot)
    if n == 0:
        return np.empty(0, np.int64)
    node = canonical_nodes(faces.embedding, faces.photo, faces.quality, must, cannot)
    faces = _distinct(faces, node)
    if len(faces.embedding) > EXACT_TO:
        faces, node = _side_by_side(faces, node)
    constraints = Constraints.of(len(faces.embedding), node[must], node[cannot])
    whole = max(len(faces.embedding), library or 0)
    company = company or Company(again=False)
    return first_appearance(_partition(faces, node, company, constraints, curve, whole, watch)[node])


def _side_by_side(faces: _Faces, node: Labels) -> tuple[_Faces, Labels]:
    """Like faces beside each other, which is several times faster where they do not fit into the caches."""
    order = side_by_side(faces.embedding)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return _Faces(faces.embedding[order], faces.photo[order], faces.quality[order]), place[node]


def _partition(
    faces: _Faces,
    node: Labels,
    company: Company,
    constraints: Constraints,
    curve: FarCurve,
    library: int,
    watch: Watch,
) -> Labels:
    neighbours, rise = company.neighbours(faces.embedding, node, watch), company.rise(node)
    size = max(library, SMALLEST_LIBRARY)
    least = curve.threshold(size)

    def edges(burden: NDArray[np.float64]) -> Any:
        return _edges(faces, burdened(neighbours, burden), burden, company, curve, size, watch)

    def linked(evidence: Any, threshold: float, together: Labels | None) -> Labels:
        return map_equation(_graph(evidence, threshold), constraints.apart, together, watch)

    def merged(label: Labels, faces_each: int = 1, more: float = 0) -> Labels:
        return merge_clusters(
            label, faces.embedding, burdened(neighbours, burden), curve, photo=faces.photo, burden=burden,
            apart=constraints.apart, library=library, least=faces_each, more=more, watch=watch,
        )  # fmt: skip

    burden = POOR_FACE * curve.span * (1 - faces.quality)
    if rise is None:
        evidence = edges(burden)
        rise = commonness(faces.embedding, linked(evidence, least, constraints.together), curve)
        if rise.any():
            burden = burden + rise
            evidence = edges(burden)
    else:
        burden = burden + rise
        evidence = edges(burden)
    together = constraints.together
    if curve.crowd(size) == 1:
        together = merged(linked(evidence, curve.sure(size), together), MEAN_FACES, MERGE_FIRST * curve.span)
    label = merged(linked(evidence, least, together))
    for _ in range(ROUNDS):
        unlike = curve.similarity_at(UNLIKE)
        two = contradictions(label, faces.photo, faces.embedding, constraints.together, unlike)
        if not len(two):
            break
        constraints = replace(constraints, apart=np.concatenate([constraints.apart, two]))
        label = merged(linked(evidence, least, _kept(label, two, constraints.together)))
    return label


def _kept(label: Labels, two: Pairs, together: Labels) -> Labels:
    """The groups that nothing contradicts, each whole; of the others, what people said is one person."""
    contradicted = np.isin(label, label[two[:, 0]])
    return first_appearance(np.where(contradicted, len(label) + together, label))


def _edges(
    faces: _Faces,
    neighbours: Neighbours,
    burden: NDArray[np.float64],
    company: Company,
    curve: FarCurve,
    library: int,
    watch: Watch,
) -> Any:
    """(n, n) coo, symmetric: the evidence of the edges that reach the threshold of the library."""
    n = len(neighbours.index)
    gain, least, crowd = CONTEXT * curve.span, curve.threshold(library), curve.crowd(library)
    usual = usual_share(crowd)
    hopeless = least - gain * (1 - usual) - ROUNDING  # even with all neighbours shared
    shared = company.shared(neighbours, burden, curve.similarity_at(FLOOR), hopeless, watch, crowd)
    alike = max(least, curve.similarity_at(SAME_PHOTO_LEAST))
    crowded = len(np.unique(faces.photo)) < n
    degree, col, strength, rivalled = [np.zeros(1, np.int64)], [], [], []
    for rows in _blocks(n):
        index = neighbours.index[rows]
        evidence = neighbours.similarity[rows] + gain * (shared[rows] - usual)
        evidence -= SAME_PHOTO * curve.span * (faces.photo[index] == faces.photo[rows, None])
        strong = evidence >= least
        degree.append(strong.sum(axis=1))
        col.append(index[strong])
        strength.append(evidence[strong])
        if crowded:
            rivalled.append(rivalry(neighbours, rows, faces.embedding, faces.photo, alike)[strong])
    where = (np.concatenate(col), np.cumsum(np.concatenate(degree)))
    edges = _symmetric(np.concatenate(strength), *where)
    if crowded:
        edges = edges - _symmetric(np.concatenate(rivalled), *where)
    return edges.tocoo()


def _graph(evidence: Any, threshold: float) -> Any:
    """(n, n) csr of the edges whose evidence reaches the threshold."""
    weight = np.where(evidence.data >= threshold, evidence.data, 0)
    graph = sparse.csr_matrix((weight, (evidence.row, evidence.col)), shape=evidence.shape)
    graph.eliminate_zeros()
    return graph


def _symmetric(value: NDArray[np.float32], col: NDArray[Any], start: NDArray[np.int64]) -> Any:
    """The larger of what the two ends of an edge say."""
    n = len(start) - 1
    ahead = sparse.csr_matrix((value, col, start), shape=(n, n), copy=True)  # the next one has the same edges
    ahead.sort_indices()
    ahead.eliminate_zeros()
    return ahead.maximum(ahead.T)


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, n)) for start in range(0, n, BLOCK))


def _distinct(faces: _Faces, node: Labels) -> _Faces:
    """The faces of the nodes; of copies the best quality and the first photo count."""
    first = np.unique(node, return_index=True)[1]
    photo = faces.photo[first].copy()
    np.minimum.at(photo, node, faces.photo)
    quality = np.zeros(len(first))
    np.maximum.at(quality, node, faces.quality)
    return _Faces(faces.embedding[first], photo, quality)


def _checked(embeddings: ArrayLike, photos: Any, quality: ArrayLike | None) -> _Faces:
    embedding = _unit_rows(embeddings)
    n = len(embedding)
    if photos is None:
        photo = np.arange(n)
    else:
        photo = np.unique(_column(photos, n, "photos"), return_inverse=True)[1].astype(np.int64)
    fitness = np.ones(n) if quality is None else _numbers(_column(quality, n, "quality"), "quality")
    if fitness.size and (fitness.min() < 0 or fitness.max() > 1):
        raise ValueError("quality has to lie between 0 and 1.")
    return _Faces(embedding, photo, fitness)


def _unit_rows(embeddings: ArrayLike) -> NDArray[np.float32]:
    array = np.asarray(embeddings)
    if array.size == 0 and array.ndim <= 2:
        return np.empty((0, 1), np.float32)
    if array.ndim != 2:
        raise ValueError(f"embeddings has to be a table of one row a face, not of shape {array.shape}.")
    unit = np.empty(array.shape, np.float32)
    for rows in _blocks(len(array)):
        numbers = _numbers(array[rows], "embeddings")
        length = np.linalg.norm(numbers, axis=1, keepdims=True)
        if (length == 0).any():
            raise ValueError(f"Row {rows.start + int(np.argmin(length))} of embeddings holds nothing but zeros.")
        unit[rows] = numbers / length
    return unit


def _numbers(array: NDArray[Any], name: str) -> NDArray[np.float64]:
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name} has to hold numbers.")
    numbers = array.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} holds values that are not finite numbers.")
    return numbers


def _column(values: Any, n: int, name: str) -> NDArray[Any]:
    array = np.asarray(values)
    if array.shape != (n,):
        raise ValueError(f"{name} has to hold one value for each of the {n} faces, not shape {array.shape}.")
    return array
