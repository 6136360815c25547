"""How similar impostors get: the measured curve of an embedding model, and the threshold that follows from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from vultus.people.thresholds import CHANCE_NEIGHBOURS
from vultus.vision.models.model import known_models, shipped_models

Rates = TypeVar("Rates", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class FarCurve:
    """False accept rates of a model, measured on pairs of different people.

    Attributes:
        rate: shares of impostor pairs, ascending.
        similarity: the cosine similarity that this share of impostor pairs exceeds.
    """

    rate: tuple[float, ...]
    similarity: tuple[float, ...]

    @classmethod
    def of(cls, model: str, home: Path | None = None) -> "FarCurve":
        """The curve of a model that Vultus ships with, or that a user added in ``home``.

        Raises:
            ValueError: no curve was measured for this model.
        """
        models = shipped_models() if home is None else known_models(home)
        curves = {entry.id: entry.far for entry in models.embedding_models}
        if not curves.get(model):
            raise ValueError(f"No similarity curve is known for the model {model!r}; there is {', '.join(curves)}.")
        points = sorted(curves[model], key=lambda point: point.rate)
        return cls(tuple(point.rate for point in points), tuple(point.similarity for point in points))

    @property
    def span(self) -> float:
        """Similarity between the first and the last measured rate: the unit in which models can be compared."""
        return self.similarity[0] - self.similarity[-1]

    def spans(self, similarity: NDArray[np.float64]) -> NDArray[np.float64]:
        """Similarities on the common scale: 0 at the largest measured rate, 1 at the smallest."""
        return (similarity - self.similarity[-1]) / self.span

    def similarity_at(self, spans: float) -> float:
        """Similarity of a point of the common scale."""
        return self.similarity[-1] + spans * self.span

    def at(self, rate: Rates) -> Rates:
        """Similarity that an impostor exceeds with probability ``rate``.

        Between the measured points it is linear in the logarithm of the rate; past the first and the last it stays,
        because the tail beyond them is not known and label noise rules there.
        """
        return cast(Rates, np.interp(np.log10(rate), np.log10(self.rate), self.similarity))

    def threshold(self, faces: int) -> float:
        """Similarity from which an edge counts in a library of ``faces`` faces.

        A face meets as many impostors as there are faces; at this similarity it has ``CHANCE_NEIGHBOURS`` lookalikes
        by chance among all of them.
        """
        return float(self.at(CHANCE_NEIGHBOURS / max(faces, 1)))

    def sure(self, faces: int) -> float:
        """Similarity from which an edge counts before all others in a library of ``faces`` faces.

        Up to the last measured rate it is ``threshold``. Past it, where that stays, this goes on along the last part of
        the curve: one may be wrong about a tail nobody measured in what is put first, since nothing is lost by it.
        """
        return self.threshold(faces) + self._last_decade * self._decades(faces)

    def crowd(self, faces: int) -> float:
        """How much of a crowd a library is: 0 up to three times the faces that rates were measured for, 1 from ten."""
        return min(max(2 * self._decades(faces) - 1, 0.0), 1.0)

    @property
    def _last_decade(self) -> float:
        """Similarity by which the last part of the curve rises while the rate falls to a tenth."""
        return float((self.similarity[0] - self.similarity[1]) / np.log10(self.rate[1] / self.rate[0]))

    def _decades(self, faces: int) -> float:
        """How far the rate that a library asks for is below the last that was measured, in powers of ten."""
        return max(0.0, float(np.log10(self.rate[0] * max(faces, 1) / CHANCE_NEIGHBOURS)))
