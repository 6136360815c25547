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
from vultus.people.proposal import Proposal
from vultus.people.report import GroupingReport
from vultus.people.watch import Phase, Watch


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups the faces of datasets.

    Faces that have a cluster keep it, and none is put where a person said that it does not belong.
    """

    catalog: Catalog
    settings: Settings

    def run(
        self, dataset_id: int, watch: Watch, finish: Callable[[GroupingReport], None], *, full: bool = False
    ) -> GroupingReport:
        """Group the faces of a dataset.

        Args:
            dataset_id: row of the dataset.
            watch: told how far the run is; it breaks the run off by raising an exception.
            finish: called with the report inside the transaction that places the faces.
            full: look at all faces anew, instead of only those that are new and their neighbourhoods.
        """
        model = self._model(dataset_id)
        watch(Phase.LOADING, 0, 1)
        faces = self.catalog.figures.load(dataset_id, model)
        watch(Phase.LOADING, 1, 1)
        proposed = self._propose(dataset_id, faces, model)
        watch(Phase.PLACING, 0, 1)
        report = _report(faces, proposed)
        with self.catalog.transaction():
            self._apply(dataset_id, faces, proposed)
            finish(report)
        return report

    def propose(self, dataset_id: int, watch: Watch) -> Proposal:
        """Tell what a full run would change; nothing is changed."""
        model = self._model(dataset_id)
        watch(Phase.LOADING, 0, 1)
        faces = self.catalog.figures.load(dataset_id, model)
        watch(Phase.LOADING, 1, 1)
        proposed = self._propose(dataset_id, faces, model)
        sizes = sorted((len(members) for members in proposed.create), reverse=True)
        return Proposal(faces=len(faces), create=sizes)

    def _model(self, dataset_id: int) -> str:
        return self.catalog.datasets.by_id(dataset_id).model or self.settings.faces.profile

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
        confidence = attachment_confidence(faces.embedding, cluster, self._curve(self._model(dataset_id)))
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
        joined=0,
        released=0,
        alone=len(faces.id) - before - len(proposed.attach) - placed,
    )
