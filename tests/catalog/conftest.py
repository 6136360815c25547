"""Files with faces, without pictures."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from vultus.catalog import Catalog, DatasetRow, IndexedFace, IndexedFile
from vultus.model import Boundary, Figure, File, InputFile

MODEL = "test-4"


def face(
    left: int = 0,
    *,
    side: int = 100,
    quality: float = 0.9,
    yaw: float = 0.0,
    frame: int = 0,
    vector: Sequence[float] = (1.0, 0.0, 0.0, 0.0),
    **attributes: object,
) -> IndexedFace:
    """A face that may found a cluster, unless it is said to be otherwise."""
    return IndexedFace(
        figure=Figure(boundary=Boundary(left=left, top=10, width=side, height=side + 10), **attributes),
        embedding=np.array(vector, "<f2").tobytes(),
        side=side,
        quality=quality,
        pitch=0.0,
        roll=0.0,
        yaw=yaw,
        frame=frame,
    )


class Album:
    """A dataset and a quick way to fill it."""

    def __init__(self, catalog: Catalog, dataset: DatasetRow) -> None:
        self.catalog = catalog
        self.dataset = dataset
        self.files: dict[str, int] = {}

    def add(self, name: str, *faces: IndexedFace, media_type: str = "image", **facts: object) -> int:
        """Submit a file and write it as indexed; return its row."""
        [self.files[name]] = self.catalog.files.submit(self.dataset, [InputFile(uri=self.uri(name))])
        self.write(self.files[name], *faces, media_type=media_type, **facts)
        return self.files[name]

    def write(self, file_id: int, *faces: IndexedFace, media_type: str = "image", **facts: object) -> None:
        document = File(media_type=media_type, size=1000, **facts)
        indexed = IndexedFile(document=document, version="1", model=MODEL, faces=list(faces))
        self.catalog.files.write(file_id, indexed)

    def uri(self, name: str) -> str:
        return f"oss://bucket/{name}"

    def delete(self, *names: str) -> int:
        return self.catalog.files.delete(self.dataset, [self.uri(name) for name in names])

    def faces_of(self, *names: str) -> list[int]:
        """The rows of all faces of these files."""
        ids = {self.files[name] for name in names}
        faces = self.catalog.figures.load(self.dataset.id, MODEL)
        return [int(row) for row, photo in zip(faces.id, faces.photo, strict=True) if photo in ids]

    def found(self, *names: str) -> str:
        """Make one cluster of all faces of these files; return its object id."""
        before = set(self.clusters())
        self.catalog.clusters.apply(self.dataset.id, [], [[(row, 0.75) for row in self.faces_of(*names)]], [])
        [made] = set(self.clusters()) - before
        return made

    def clusters(self) -> list[str]:
        return [str(cluster.object_id) for cluster in self.catalog.clusters.query(self.dataset).clusters]


@pytest.fixture
def dataset(catalog: Catalog) -> DatasetRow:
    """An empty dataset."""
    catalog.projects.create("project")
    catalog.datasets.create(catalog.projects.get("project").id, "dataset")
    return catalog.datasets.find("project", "dataset")


@pytest.fixture
def album(catalog: Catalog, dataset: DatasetRow) -> Album:
    """An empty dataset, with a quick way to fill it."""
    return Album(catalog, dataset)


@pytest.fixture
def decode():
    """Look inside documents that are ready to go out."""
    return lambda raws: [msgspec.json.decode(raw, type=File) for raw in raws]
