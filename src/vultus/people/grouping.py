"""A run: the faces of a dataset are loaded, grouped, compared with the clusters that exist, and placed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vultus.catalog import Catalog, Faces
from vultus.config import Settings
from vultus.people.confidence import attachment_confidence
from vultus.people.curve import FarCurve
from vultus.people.gate import founding
from vultus.people.group import group_faces
from vultus.people.plan import NONE, Plan, plan


@dataclass(frozen=True, slots=True)
class GroupingReport:
    """What a run did.

    Attributes:
        faces: how many were looked at.
        attached: how many joined a cluster that was there.
        created: how many clusters are new.
        placed: how many faces those hold.
        alone: how many fit nobody yet.
    """

    faces: int
    attached: int
    created: int
    placed: int
    alone: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups the faces of datasets.

    Faces that have a cluster keep it, and none is put where a person said that it does not belong.
    """

    catalog: Catalog
    settings: Settings

    def run(self, dataset_id: int, progress: Callable[[int], None], finish: Callable[[], None]) -> GroupingReport:
        """Group the faces of a dataset.

        Args:
            dataset_id: row of the dataset.
            progress: told how far the run is, in percent; it breaks the run off by raising an exception.
            finish: called inside the transaction that places the faces.
        """
        model = self.settings.faces.profile
        progress(0)
        faces = self.catalog.figures.load(dataset_id, model)
        progress(10)
        proposed = self._propose(dataset_id, faces, model)
        progress(80)
        with self.catalog.transaction():
            self._apply(dataset_id, faces, proposed)
            finish()
        return _report(faces, proposed)

    def _propose(self, dataset_id: int, faces: Faces, model: str) -> Plan:
        if len(faces.id) == 0:
            return Plan()
        labels = group_faces(faces.embedding, photos=faces.photo, quality=faces.quality, model=self._curve(model))
        founds = founding(faces.side.astype(np.float32), faces.pose, faces.quality, self.settings.people)
        return plan(labels, faces.cluster, founds, self.settings.people.founding_faces)

    def _curve(self, model: str) -> FarCurve:
        return FarCurve.of(model, self.settings.home)

    def _apply(self, dataset_id: int, faces: Faces, proposed: Plan) -> None:
        cluster = faces.cluster.copy()
        for face, key in proposed.attach:
            cluster[face] = key
        for number, members in enumerate(proposed.create):
            cluster[members] = NONE - 1 - number  # a key of its own, since the row is not written yet
        confidence = attachment_confidence(faces.embedding, cluster, self._curve(self.settings.faces.profile))
        self.catalog.clusters.apply(
            dataset_id,
            attach=[(int(faces.id[face]), key, float(confidence[face])) for face, key in proposed.attach],
            create=[
                [(int(faces.id[face]), float(confidence[face])) for face in members] for members in proposed.create
            ],
            seen=faces.id.tolist(),
        )


def _report(faces: Faces, proposed: Plan) -> GroupingReport:
    placed = sum(len(members) for members in proposed.create)
    before = int(np.count_nonzero(faces.cluster != NONE))
    return GroupingReport(
        faces=len(faces.id),
        attached=len(proposed.attach),
        created=len(proposed.create),
        placed=placed,
        alone=len(faces.id) - before - len(proposed.attach) - placed,
    )
