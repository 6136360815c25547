"""A run: the faces of a dataset are loaded, grouped, compared with the clusters that exist, and placed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vultus.catalog import Absorption, Applied, Assignment, Catalog, Faces
from vultus.config import Settings
from vultus.people.confidence import attachment_confidence
from vultus.people.curve import FarCurve
from vultus.people.gate import founding, skipped
from vultus.people.library import NONE, Library
from vultus.people.plan import Plan, Standing, plan
from vultus.people.proposal import Person, Proposal, tell
from vultus.people.regroup import regroup_all, regroup_new
from vultus.people.report import GroupingReport
from vultus.people.watch import Phase, Watch

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups the faces of datasets.

    What a person has said of a face or a cluster holds, whatever the partition says.
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
        curve = self._curve(dataset_id)
        faces, library = self._load(dataset_id, watch)
        planned = self._plan(library, curve, watch, full=full)
        assignment = _assignment(faces, planned, _confidence(library, planned, curve))
        looked_at = len(faces) if full else int(library.new.sum())
        watch(Phase.PLACING, 0, 1)
        with self.catalog.transaction():
            applied = self.catalog.clusters.rearrange(dataset_id, assignment)
            report = self._report(looked_at, applied, faces, planned)
            finish(report)
        return report

    def propose(self, dataset_id: int, watch: Watch) -> Proposal:
        """Tell what a full run would change; nothing is changed."""
        curve = self._curve(dataset_id)
        faces, library = self._load(dataset_id, watch)
        planned = self._plan(library, curve, watch, full=True)
        known = self.catalog.overview.people(dataset_id)
        people = {row: Person(each.object_id, each.name) for row, each in known.items()}
        return tell(planned, library.cluster, people, self._skipped(faces, planned))

    def _model(self, dataset_id: int) -> str:
        return self.catalog.datasets.by_id(dataset_id).model or self.settings.faces.profile

    def _curve(self, dataset_id: int) -> FarCurve:
        return FarCurve.of(self._model(dataset_id), self.settings.home)

    def _load(self, dataset_id: int, watch: Watch) -> tuple[Faces, Library]:
        """The faces of a dataset, and what people said of them. What changes meanwhile is seen when it is applied."""
        watch(Phase.LOADING, 0, 1)
        faces = self.catalog.figures.load(dataset_id, self._model(dataset_id))
        pinned = self.catalog.figures.pinned(dataset_id)
        rejections = self.catalog.clusters.rejections(dataset_id)
        distinctions = self.catalog.clusters.distinctions(dataset_id)
        settled = self.catalog.clusters.settled(dataset_id)
        watch(Phase.LOADING, 1, 1)
        rows = {int(face): row for row, face in enumerate(faces.id)} if rejections else {}
        return faces, Library(
            embedding=faces.embedding,
            photo=faces.photo,
            quality=faces.quality,
            founding=founding(faces.side, faces.pose, faces.quality, self.settings.people),
            cluster=faces.cluster,
            new=~faces.clustered & (faces.cluster == NONE),
            pinned=np.isin(faces.id, list(pinned)),
            settled=frozenset(settled),
            forbidden=frozenset(
                (rows[face], key) for face, key in rejections if face in rows and faces.cluster[rows[face]] != key
            ),
            distinct=frozenset(distinctions),
        )

    def _plan(self, library: Library, curve: FarCurve, watch: Watch, *, full: bool) -> Plan:
        if not len(library):
            return Plan()
        needed = self.settings.people.founding_faces
        labels = regroup_all(library, curve, watch) if full else regroup_new(library, curve, needed, watch)
        watch(Phase.PLANNING, 0, 1)
        standing = Standing(library.cluster, library.founding, needed, library.settled, library.forbidden)
        return plan(labels, standing, full=full)

    def _skipped(self, faces: Faces, planned: Plan) -> dict[str, int]:
        alone = planned.applied(faces.cluster) == NONE
        return skipped(faces.side[alone], faces.pose[alone], faces.quality[alone], self.settings.people)

    def _report(self, looked_at: int, applied: Applied, faces: Faces, planned: Plan) -> GroupingReport:
        reasons = self._skipped(faces, planned)
        return GroupingReport(
            faces=looked_at,
            attached=applied.attached,
            created=applied.created,
            placed=applied.founded,
            joined=applied.joined,
            released=applied.released,
            alone=sum(reasons.values()),
            skipped=reasons,
        )


def _confidence(library: Library, planned: Plan, curve: FarCurve) -> NDArray[np.float64]:
    """(n,) how sure it is that faces are of the clusters that they come into; 0 for those that stay."""
    after = planned.applied(library.cluster)
    come = (after != library.cluster) & (after != NONE)
    return attachment_confidence(library.embedding, after, curve, of=come)


def _assignment(faces: Faces, planned: Plan, confidence: NDArray[np.float64]) -> Assignment:
    """The plan in rows of tables."""
    row, sure = faces.id.tolist(), confidence.tolist()
    attach = [(row[face], key, sure[face]) for face, key in planned.attach]
    create = [[(row[face], sure[face]) for face in members.tolist()] for members in planned.create]
    moving = [face for face, _ in planned.attach] + planned.release + [int(f) for rows in planned.create for f in rows]
    leaving = {row[face]: int(faces.cluster[face]) for face in moving if faces.cluster[face] != NONE}
    after = planned.applied(faces.cluster)
    absorb = []
    for source, target in planned.absorb:
        over = np.flatnonzero((faces.cluster == source) & (after == target)).tolist()
        known = [(row[face], sure[face]) for face in over if row[face] not in leaving]
        absorb.append(Absorption(source, target, known))
    return Assignment(
        attach=attach,
        create=create,
        absorb=absorb,
        release=frozenset(row[face] for face in planned.release),
        leaving=leaving,
        seen=faces.id[~faces.clustered].tolist(),
    )
