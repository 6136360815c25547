"""The faces of an image: found and compared while the caller waits, without a dataset."""

from collections.abc import Mapping

import numpy as np
from msgspec import UNSET
from msgspec.structs import replace
from numpy.typing import NDArray

from vultus.catalog import IndexedFace
from vultus.catalog.file_documents import UNAVAILABLE
from vultus.catalog.identifier import new_figure_id
from vultus.errors import InvalidArgument
from vultus.model import CredentialConfig, Figure, Project
from vultus.model.wire import Unset, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.people.curve import FarCurve
from vultus.people.likeness import likeness
from vultus.storage.uri import ObjectURI

DIGITS = 4  # of a similarity; what is behind them would say nothing


class Reading(Request):
    """Reads objects that a caller names."""

    project_name: str
    credential_config: CredentialConfig | Unset = UNSET

    def __post_init__(self) -> None:
        """Refuse to read with more permissions than a caller wants used."""
        if isinstance(self.credential_config, CredentialConfig) and self.credential_config.policy:
            raise InvalidArgument(
                "CredentialConfig.Policy cannot be heeded: buckets are read with what the operator has configured."
            )


class DetectImageFacesRequest(Reading):
    source_uri: str


class DetectImageFacesResponse(Response):
    faces: list[Figure]


@operation(level="none", resource=Project)
def detect_image_faces(call: Call, request: DetectImageFacesRequest) -> DetectImageFacesResponse:
    """Find and describe the faces of an image, the largest first, while the caller waits. Nothing is kept of it.

    SourceURI is `oss://bucket/key` of a bucket that is configured here for the project. What is no image, such as a
    video, or cannot be read, is an InvalidArgument; an image without faces has an empty list. Each FigureId is new at
    each call and names nothing, and FigureClusterId is `figure-cluster-id-unavailable`: the image is of no dataset.
    Roles in CredentialConfig are not used, since buckets are read with what the operator has configured, and a Policy
    in it is refused. When more callers wait than can be served soon, the next ones get ServiceUnavailable.
    """
    (faces,) = _seen(call, request, {"SourceURI": request.source_uri})
    return DetectImageFacesResponse(
        faces=[replace(face.figure, figure_id=new_figure_id(), figure_cluster_id=UNAVAILABLE) for face in faces]
    )


class ImagePair(Wire):
    """Two images."""

    uri1: str
    uri2: str


class CompareImageFacesRequest(Reading):
    source: ImagePair


class CompareImageFacesResponse(Response):
    similarity: float


@operation(level="none", resource=Project)
def compare_image_faces(call: Call, request: CompareImageFacesRequest) -> CompareImageFacesResponse:
    """Tell how likely the largest faces of two images are one person's, 0 to 1.

    Source is `{"URI1": ..., "URI2": ...}`. From 0.5 on the faces may be taken for one person's: of 1,000 pairs of
    strangers, one comes so far. An image in which no face is found is an InvalidArgument, as is what DetectImageFaces
    could not read.
    """
    settings = call.settings
    sources = {"Source.URI1": request.source.uri1, "Source.URI2": request.source.uri2}
    largest = []
    for name, faces in zip(sources, _seen(call, request, sources), strict=True):
        if not faces:
            raise InvalidArgument(f"{name}: No face is found in the image.")
        largest.append(_embedding(faces[0]))
    curve = FarCurve.of(settings.faces.profile, settings.home)
    similar = float(likeness(largest[0] @ largest[1], curve))
    return CompareImageFacesResponse(similarity=round(similar, DIGITS))


def _seen(call: Call, request: Reading, sources: Mapping[str, str]) -> list[list[IndexedFace]]:
    """The faces of each image, in their order."""
    project = call.project(request).name
    pictures = {name: ObjectURI.parse(uri) for name, uri in sources.items()}
    for uri in pictures.values():
        call.storage.authorise(uri, project)
    return list(call.service.viewers.faces(pictures).values())


def _embedding(face: IndexedFace) -> NDArray[np.float64]:
    """As it is compared: of unit length, which halving the numbers' precision has changed a little."""
    stored = np.frombuffer(face.embedding, np.dtype("<f2")).astype(np.float64)
    return stored / max(float(np.linalg.norm(stored)), 1e-12)
