"""A split: the faces of one person are loaded, grouped strictly, and what is another person goes."""

from dataclasses import dataclass

import numpy as np

from vultus.catalog import Catalog
from vultus.catalog.datasets import DatasetRow
from vultus.config import Settings
from vultus.people.curve import FarCurve
from vultus.people.split import STRICTNESS, split_faces


@dataclass(frozen=True, slots=True)
class Splitting:
    """Takes people apart. Faces that were put there by hand stay."""

    catalog: Catalog
    settings: Settings

    def run(self, dataset: DatasetRow, object_id: str, strictness: float | None, actor: str) -> list[str]:
        """Split a person.

        Args:
            dataset: whose person.
            object_id: the cluster; the largest group keeps it.
            strictness: spans above the threshold of the dataset; None for the usual.
            actor: who decided it.

        Returns:
            The ids of the new clusters; none when the faces hold together, and then nothing was changed.

        Raises:
            ResourceNotFound: there is no such cluster.
            InvalidArgument: somebody moved its faces meanwhile.
        """
        cluster = self.catalog.clusters.row(dataset, object_id)
        model = dataset.model or self.settings.faces.profile
        faces = self.catalog.figures.load(dataset.id, model)
        here = np.flatnonzero(faces.cluster == cluster)
        if not len(here):
            return []
        labels = split_faces(
            faces.embedding[here],
            photos=faces.photo[here],
            quality=faces.quality[here],
            library=len(faces),
            least=self.settings.people.founding_faces,
            strictness=STRICTNESS if strictness is None else strictness,
            model=FarCurve.of(model, self.settings.home),
        )
        pinned = self.catalog.figures.pinned(dataset.id)
        free = np.array([row not in pinned for row in faces.id[here].tolist()])
        rows = [faces.id[here[(labels == group) & free]].tolist() for group in range(1, int(labels.max()) + 1)]
        names = self.catalog.figures.names([row for group in rows for row in group])
        groups = [[names[row] for row in group if row in names] for group in rows if group]
        return self.catalog.clusters.split(dataset, object_id, groups, actor=actor) if groups else []
