"""The handlers of every kind of job, as a worker process needs them."""

import threading
from functools import lru_cache

from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.index.pipeline import Indexer
from vultus.index.reembed import Reembedder
from vultus.jobs.cluster_dataset import ClusterDataset
from vultus.jobs.guard import Guard
from vultus.jobs.handler import Handler
from vultus.jobs.index_file import IndexFile
from vultus.jobs.merge_clusters import MergeClusters
from vultus.jobs.model_change import EMBED, SWITCH, EmbedFile, SwitchModel
from vultus.jobs.propose_clusters import ProposeClusters
from vultus.jobs.runs import FULL, PROPOSAL, USUAL
from vultus.people.grouping import Grouping
from vultus.storage.storage import Storage
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.models.store import ModelStore

ANALYSERS = 2  # held at a time: of the model that most datasets have, and of one that another has or is to have


def build_handlers(settings: Settings, catalog: Catalog, stop: threading.Event, guard: Guard) -> dict[str, Handler]:
    """Return the handlers by kind of job; models are loaded when the first picture needs them.

    Args:
        settings: of everything.
        catalog: what the work is done for.
        stop: set when the worker is to end.
        guard: watches over the reading of files.
    """

    @lru_cache(maxsize=ANALYSERS)
    def analyser(model: str) -> FaceAnalyser:
        return FaceAnalyser(ModelStore(settings), settings.faces, model)

    storage = Storage(settings)
    indexer = Indexer(settings, catalog, storage, analyser, guard.within)
    grouping = Grouping(catalog, settings)
    return {
        "index": IndexFile(catalog, indexer, stop),
        USUAL.kind: ClusterDataset(catalog, grouping),
        FULL.kind: ClusterDataset(catalog, grouping, full=True),
        PROPOSAL.kind: ProposeClusters(catalog, grouping),
        "merge": MergeClusters(catalog),
        EMBED: EmbedFile(catalog, Reembedder(catalog, storage, indexer), stop),
        SWITCH: SwitchModel(catalog),
    }
