"""An object to a File record with its figures."""

from vultus.index.pipeline import Indexer
from vultus.index.template import Step, steps_of

__all__ = ["Indexer", "Step", "steps_of"]
