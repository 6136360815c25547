"""The handlers of every kind of job, as a worker process needs them."""

from functools import cache

from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.index.pipeline import Indexer
from vultus.jobs.cluster_dataset import ClusterDataset
from vultus.jobs.handler import Handler
from vultus.jobs.index_file import IndexFile
from vultus.jobs.merge_clusters import MergeClusters
from vultus.jobs.propose_clusters import ProposeClusters
from vultus.jobs.runs import FULL, PROPOSAL, USUAL
from vultus.people.grouping import Grouping
from vultus.storage.storage import Storage
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.store import ModelStore


def build_handlers(settings: Settings, catalog: Catalog) -> dict[str, Handler]:
    """Return the handlers by kind of job; models are loaded when the first picture needs them."""

    @cache
    def analyser() -> FaceAnalyser:
        return FaceAnalyser(ModelStore(settings), settings.faces)

    grouping = Grouping(catalog, settings)
    return {
        "index": IndexFile(catalog, Indexer(settings, catalog, Storage(settings), analyser)),
        USUAL.kind: ClusterDataset(catalog, grouping),
        FULL.kind: ClusterDataset(catalog, grouping, full=True),
        PROPOSAL.kind: ProposeClusters(catalog, grouping),
        "merge": MergeClusters(catalog),
    }
