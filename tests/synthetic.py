"""An album without photos: files, faces and people put into a catalog through its own API."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np

from vultus.catalog import Catalog, DatasetRow, IndexedFace, IndexedFile, Job
from vultus.catalog.heirs import Resemblance
from vultus.model import Boundary, Figure, File, HeadPose, InputFile

MODEL = "synthetic"


def face(*, left: int = 10, side: int = 120, quality: float = 0.9, yaw: float = 5.0, **said: object) -> IndexedFace:
    """A face as indexing would have found it; sides in pixels, yaw in degrees."""
    figure = Figure(
        figure_type="face",
        figure_confidence=0.99,
        face_quality=quality,
        sharpness=0.5,
        boundary=Boundary(left=left, top=20, width=side, height=side),
        head_pose=HeadPose(pitch=1.0, roll=-2.0, yaw=yaw),
    )
    direction = np.random.default_rng(left).normal(size=192)
    return IndexedFace(
        figure=msgspec.structs.replace(figure, **said),
        embedding=(direction / np.linalg.norm(direction)).astype("<f2").tobytes(),
        side=side,
        quality=quality,
        pitch=1.0,
        roll=-2.0,
        yaw=yaw,
    )


@dataclass(frozen=True, slots=True)
class SyntheticAlbum:
    """A dataset that is filled by hand."""

    catalog: Catalog
    dataset: DatasetRow

    @classmethod
    def make(cls, catalog: Catalog, project: str = "family", dataset: str = "photos") -> "SyntheticAlbum":
        """Create the project and the dataset."""
        row = catalog.projects.create(project)
        return cls(catalog, catalog.datasets.create(row.id, dataset))

    @property
    def where(self) -> dict[str, str]:
        """The parameters that name the dataset."""
        return {"ProjectName": self.dataset.project_name, "DatasetName": self.dataset.name}

    def add(
        self,
        uri: str,
        faces: Iterable[IndexedFace] = (),
        document: File | None = None,
        model: str = MODEL,
        resemblance: Resemblance | None = None,
    ) -> str:
        """Have a file in the state that indexing leaves it in, whether it is new or has changed; return its URI."""
        job = self._take(uri)
        found = document or File(media_type="image", size=1000, image_width=640, image_height=480)
        with self.catalog.transaction():
            self.catalog.files.begin(job.file_id)
            indexed = IndexedFile(
                document=found, version=f"v-{uri}", model=model, faces=list(faces), resemblance=resemblance
            )
            self.catalog.files.write(job.file_id, indexed)
            self.catalog.jobs.finish(job)
        return uri

    def fail(self, uri: str, reason: str) -> str:
        """Have a file that could not be indexed; return its URI."""
        job = self._take(uri)
        self.catalog.files.fail(job.file_id, reason)
        self.catalog.jobs.finish(job)
        return uri

    def person(self, name: str, photos: int = 3, **said: object) -> str:
        """Add a person with one face in each of some photos; return the id of their cluster."""
        before = set(self._faces())
        for number in range(photos):
            self.add(f"oss://album/{name}-{number}.jpg", [face(left=10 * number, **said)])
        return self.group(row for row in self._faces() if row not in before)

    def grouped(self, name: str, vectors: Iterable[np.ndarray], model: str) -> str:
        """Add a person whose faces have these embeddings, each in a photo; return the id of their cluster."""
        return self.group(self.free(name, vectors, model))

    def free(self, name: str, vectors: Iterable[np.ndarray], model: str) -> list[int]:
        """Add faces with these embeddings, each in a photo, that no run has looked at yet; return their rows."""
        before = set(self._faces(model))
        for number, vector in enumerate(vectors):
            found = msgspec.structs.replace(face(), embedding=np.asarray(vector, "<f2").tobytes())
            self.add(f"oss://album/{name}-{number}.jpg", [found], model=model)
        return [row for row in self._faces(model) if row not in before]

    def group(self, figures: Iterable[int]) -> str:
        """Make a cluster of the figures of these rows; return its id."""
        known = set(self._clusters())
        group = [(row, 0.75) for row in figures]
        self.catalog.clusters.apply(self.dataset.id, [], [group], [row for row, _ in group])
        (made,) = set(self._clusters()) - known
        return made

    def _take(self, uri: str) -> Job:
        """Hand a file in, and take its job out of the queue; what else waits there goes on waiting."""
        (file_id,) = self.catalog.files.submit(self.dataset, [InputFile(uri=uri)])
        others = []
        while (job := self.catalog.jobs.claim("test", ["index"], 60)) and job.file_id != file_id:
            others.append(job)
        for other in others:
            self.catalog.jobs.release(other)
        assert job is not None
        return job

    def _faces(self, model: str = MODEL) -> list[int]:
        return [int(row) for row in self.catalog.figures.load(self.dataset.id, model).id]

    def _clusters(self) -> list[str]:
        page = self.catalog.clusters.query(self.dataset, limit=1000)
        return [str(cluster.object_id) for cluster in page.clusters]
