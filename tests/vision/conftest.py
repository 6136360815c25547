"""What tests of vision share."""

import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vultus.media.images.picture import Picture, decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.faces.face import Face
from vultus.vision.models.model import Package
from vultus.vision.models.registry import OutOfReach, fetch_archive, member_of


class Shelf(ThreadingHTTPServer):
    """Serves files over HTTP, remembers what was asked for, and can break off in the middle."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Clerk)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.break_after: list[int] = []  # bytes after which the next answers break off
        self.address = f"http://127.0.0.1:{self.server_port}"


class Clerk(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        stop = start + self.server.break_after.pop(0) if self.server.break_after else len(content)
        self.wfile.write(content[start:stop])

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A file server on this machine."""
    with Shelf() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home of Vultus."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def picture_of(pixels: NDArray[np.uint8]) -> Picture:
    """Pixels as a decoded picture at full size."""
    return Picture(np.ascontiguousarray(pixels), pixels.shape[1], pixels.shape[0], None)


def central_face(analyser: FaceAnalyser, pixels: NDArray[np.uint8]) -> Face:
    """The face a photo of LFW is of: the one in the middle."""
    return most_central(analyser.analyse(picture_of(pixels)), pixels)


def most_central(faces: list[Face], pixels: NDArray[np.uint8]) -> Face:
    """The face nearest to the middle of a picture."""

    def distance(face: Face) -> float:
        left, top, width, height = face.box
        return math.hypot(left + width / 2 - pixels.shape[1] / 2, top + height / 2 - pixels.shape[0] / 2)

    return min(faces, key=distance)


@pytest.fixture(scope="session")
def sample_faces(analyser: FaceAnalyser, data: Path) -> list[tuple[NDArray[np.uint8], Face]]:
    """Photos, 250 x 250, and the face each is of."""
    files = sorted((data / "faces-lfw").glob("*/*.jpg"))[::82]
    pictures = [decode_picture(file.read_bytes(), working_side=1024, max_pixels=10**7) for file in files]
    return [(picture.pixels, central_face(analyser, picture.pixels)) for picture in pictures]


@pytest.fixture(scope="session")
def things(models, tmp_path_factory) -> dict[str, NDArray[np.uint8]]:
    """Photos of things, by the names that they have in a package of pictures, kept between runs."""
    names = ("chelsea.png", "coffee.png", "motorcycle_left.png")
    folder = models.folder.parent / "things"
    folder.mkdir(exist_ok=True)
    if not all((folder / name).is_file() for name in names):
        package = Package(registry="pypi", name="scikit-image", version="0.26.0", member="")
        try:
            archive = fetch_archive(package, tmp_path_factory.mktemp("things"))
        except OutOfReach as error:
            pytest.skip(f"the photos of {package} cannot be fetched: {error}")
        for name in names:
            with member_of(archive, f"skimage/data/{name}") as file:
                (folder / name).write_bytes(file.read())
    return {name: np.asarray(Image.open(folder / name).convert("RGB")) for name in names}
