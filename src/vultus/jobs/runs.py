"""The runs that a dataset can have; each is a kind of job, and the type of the tasks that ask for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """A run over the faces of a dataset.

    Attributes:
        kind: of the job. Jobs of these kinds share the lane of their dataset, so that one is done at a time.
        task_type: as GetTask names it.
    """

    kind: str
    task_type: str

    def key(self, dataset_id: int) -> str:
        """What a job is about, in a word: of those that wait with the same key, one is kept."""
        return f"{self.kind}:{dataset_id}"


USUAL = Run("cluster", "FaceClustering")  # new faces join people or found new ones
FULL = Run("cluster-all", "FullFigureClustering")  # all faces are looked at anew
PROPOSAL = Run("propose", "FigureClusteringProposal")  # what a full run would change; changes nothing
