"""People and faces by name, and what is decided about them."""

import msgspec
from msgspec import UNSET

from tests.catalog.conftest import face
from vultus.model import FigureCluster, File


class Home:
    """An album of named photos, each with one face, and what is decided about them."""

    def __init__(self, catalog, album):
        self.catalog, self.album, self.dataset = catalog, album, album.dataset

    def person(self, *names):
        for name in names:
            self.album.add(name, face())
        return self.album.found(*names)

    def figure(self, name):
        [document] = self.catalog.files.get_many(self.dataset, [self.album.uri(name)])
        return msgspec.json.decode(document, type=File).figures[0].figure_id

    def figures(self, *names):
        return [self.figure(name) for name in names]

    def where(self, name):
        [document] = self.catalog.files.get_many(self.dataset, [self.album.uri(name)])
        return msgspec.json.decode(document, type=File).figures[0].figure_cluster_id

    def get(self, object_id):
        return self.catalog.clusters.get(self.dataset, object_id)

    def exists(self, object_id):
        return bool(self.catalog.clusters.get_many(self.dataset, [object_id]))

    def name(self, object_id, name, **said):
        self.catalog.clusters.update(self.dataset, FigureCluster(object_id=object_id, name=name, **said), "anna")

    def undo(self, number=None):
        """Take back the decision of this number, or the last that stands."""
        if number is None:
            rows = self.catalog.decisions.latest(self.dataset.id)
            number = next(row.id for row in rows if row.undone_time is None and row.kind != "undo")
        return self.catalog.decisions.undo(self.dataset.id, number, "root")

    def last(self):
        return self.catalog.decisions.latest(self.dataset.id)[0].id

    def state(self):
        """All that callers see of people and faces, but for versions and times."""
        documents = self.catalog.files.get_many(self.dataset, [self.album.uri(name) for name in self.album.files])
        where = {}
        for document in documents:
            file = msgspec.json.decode(document, type=File)
            for figure in file.figures or []:
                where[figure.figure_id] = (figure.figure_cluster_id, figure.figure_cluster_confidence)
        clusters = {}
        for ignored in (False, True):
            for each in self.catalog.clusters.query(self.dataset, ignored=ignored).clusters:
                cover = msgspec.json.decode(each.cover, type=File).uri
                plain = msgspec.structs.replace(each, cover=cover, update_time=UNSET, meta_lock_version=UNSET)
                clusters[each.object_id] = (ignored, plain)
        return where, clusters
