"""Seconds a file that each step of indexing takes, and what templates cost beside each other.

    python benchmarks/metadata.py [--data DIR] [--files N] [--rounds N]

The files are samples of three folders of DIR: groups-friends6 and photos-celeba (photos), and media (images, videos,
sounds, documents). Each file goes, round after round, through the steps of Official:FaceManagement, ImageManagement
and AllFunction in turn, and photos through the bare chain besides: checksum, decoding, EXIF and faces, called directly,
as indexing did before it had steps. Of each step the fastest round counts, in seconds of the processor: what else the
machine does hardly touches it. Networks and tables are loaded before. Nothing is asked of a vision model.

Two limits, on the photos: ImageManagement takes three times what FaceManagement takes, at most, and that takes 1.05
times the bare chain. Prints tables, then the figures as one line of JSON.
"""

import argparse
import hashlib
import json
import random
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from vultus.config import Bucket, Settings, load_settings
from vultus.index.face import indexed_face
from vultus.index.step import Step
from vultus.index.subject import Tools
from vultus.index.survey import Survey
from vultus.index.template import steps_of
from vultus.media.images.exif import read_exif
from vultus.media.images.picture import decode_picture
from vultus.media.kind import HEAD, sniff
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.models.store import ModelStore

PHOTOS = ("groups-friends6", "photos-celeba")
FOLDERS = (*PHOTOS, "media")
FACES, IMAGES, ALL = "Official:FaceManagement", "Official:ImageManagement", "Official:AllFunction"
TEMPLATES = (FACES, IMAGES, ALL)
BARE = "bare chain"
IMAGES_GOAL = 3.0  # times FaceManagement, at most
FACES_GOAL = 1.05  # times the bare chain, at most
WARM = 2  # files of each folder that go first, and do not count

Seconds = dict[str, float]  # of a file, by step


@dataclass(slots=True)
class Costs:
    """What the files of a folder cost.

    Attributes:
        files: how many there are.
        seconds: of each file by step, the fastest of all rounds, by way.
        unreadable: how many of them cannot be read.
    """

    files: int
    seconds: dict[str, list[Seconds]] = field(default_factory=dict)
    unreadable: int = 0

    def total(self, way: str) -> float:
        """Seconds a file, on average."""
        return sum(sum(each.values()) for each in self.seconds[way]) / self.files

    def step(self, way: str, name: str) -> tuple[int, float]:
        """Of how many files a step was taken, and its seconds for each of them on average."""
        taken = [each[name] for each in self.seconds[way] if name in each]
        return len(taken), sum(taken) / max(len(taken), 1)


@dataclass(frozen=True, slots=True)
class Lane:
    """All that files go through.

    Attributes:
        tools: for the steps.
        analyser: finds faces.
        ways: steps by template.
    """

    tools: Tools
    analyser: FaceAnalyser
    ways: Mapping[str, tuple[Step, ...]]

    def fastest(self, uri: ObjectURI, rounds: int, *, bare: bool) -> tuple[dict[str, Seconds], bool]:
        """Take a file through every way, in turn; return seconds by way and step, and whether it can be read."""
        best: dict[str, Seconds] = {}
        is_read = True
        for _ in range(rounds):
            for way, steps in self.ways.items():
                survey = Survey(steps)
                survey.look([uri], self.tools, lambda: self.analyser)
                is_read = not survey.unreadable
                _keep(best.setdefault(way, {}), {name: sum(taken) for name, taken in survey.seconds.items()})
            if bare:
                _keep(best.setdefault(BARE, {}), {"all": self._bare(uri)})
        return best, is_read

    def _bare(self, uri: ObjectURI) -> float:
        """Seconds without steps. What opening the file takes is not counted there either."""
        limits = self.tools.settings.media
        with self.tools.storage.open(uri, limits.max_bytes) as file:
            began = time.process_time()
            sniff(file.read(HEAD), uri.key)
            file.seek(0)
            data = file.read()
            hashlib.md5(data, usedforsecurity=False).hexdigest()
            picture = decode_picture(data, working_side=limits.working_side, max_pixels=limits.max_pixels)
            read_exif(data)
            [indexed_face(face) for face in self.analyser.analyse(picture)]
            return time.process_time() - began


def _keep(best: Seconds, seconds: Seconds) -> None:
    for name, taken in seconds.items():
        best[name] = min(taken, best.get(name, taken))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--files", type=int, default=50, help="how many of each folder; 0 for all")
    arguments.add_argument("--rounds", type=int, default=3, help="of each the fastest counts")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lane = lane_of(settings_of(given.data, Path(scratch)))
        costs = {name: costs_of(lane, given.data / name, given.files, given.rounds) for name in FOLDERS}
    figures = compared(costs)
    show(lane, costs, figures)
    print(json.dumps(figures))


def settings_of(data: Path, home: Path) -> Settings:
    """Settings that see the folders of the data as buckets."""
    own = load_settings()
    settings = load_settings(overrides={"home": str(home), "models": own.models or str(own.home / "models")})
    settings.buckets = {name: Bucket(options={"root": str(data / name)}, projects=["*"]) for name in FOLDERS}
    settings.insights = type(settings.insights)()
    return settings


def lane_of(settings: Settings) -> Lane:
    """Make what is made once."""
    analyser = FaceAnalyser(ModelStore(settings), settings.faces)
    ways = {name: steps_of(name, settings.templates) for name in TEMPLATES}
    return Lane(Tools(settings, Storage(settings)), analyser, ways)


def costs_of(lane: Lane, folder: Path, count: int, rounds: int) -> Costs:
    """Take a sample of a folder through all ways; the same sample every time."""
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    chosen = random.Random(0).sample(names, min(count or len(names), len(names)))
    uris = [ObjectURI(folder.name, name) for name in chosen]
    bare = folder.name in PHOTOS
    for uri in uris[:WARM]:
        lane.fastest(uri, 1, bare=bare)
    costs = Costs(len(uris))
    for uri in uris:
        best, is_read = lane.fastest(uri, rounds, bare=bare)
        costs.unreadable += not is_read
        for way, seconds in best.items():
            costs.seconds.setdefault(way, []).append(seconds)
    return costs


def compared(costs: Mapping[str, Costs]) -> dict[str, float]:
    """The figures."""
    figures: dict[str, float] = {}
    for name, cost in costs.items():
        for way in cost.seconds:
            figures[f"{name}_{way.rpartition(':')[2].replace(' ', '_')}_ms"] = round(1000 * cost.total(way), 1)
    photos = [cost for name, cost in costs.items() if name in PHOTOS]
    for name, (way, other) in {"images_by_faces": (IMAGES, FACES), "faces_by_bare": (FACES, BARE)}.items():
        figures[name] = round(_sum(photos, way) / _sum(photos, other), 3)
        for folder in PHOTOS:
            figures[f"{folder}_{name}"] = round(costs[folder].total(way) / costs[folder].total(other), 3)
    return figures


def _sum(costs: list[Costs], way: str) -> float:
    return sum(cost.files * cost.total(way) for cost in costs)


def show(lane: Lane, costs: Mapping[str, Costs], figures: Mapping[str, float]) -> None:
    """Print the tables: ms of a step a file that it is taken for, and of a template a file."""
    console = Console(width=140)
    title = "; ".join(f"{name}: {cost.files} files, {cost.unreadable} unreadable" for name, cost in costs.items())
    steps = Table("step", *(f"{name}, ms (files)" for name in costs), title=f"{ALL}, step by step; {title}")
    for step in lane.ways[ALL]:
        steps.add_row(step.name, *_cells(step, costs))
    console.print(steps)
    ways = Table("way", *(f"{name}, ms" for name in costs), "ratio", "goal", title="a file, on average")
    for way in (BARE, *TEMPLATES):
        cells = [f"{1000 * cost.total(way):.1f}" if way in cost.seconds else "" for cost in costs.values()]
        ways.add_row(way, *cells, *_ratio(way, figures))
    console.print(ways)


def _cells(step: Step, costs: Mapping[str, Costs]) -> Iterator[str]:
    for cost in costs.values():
        count, seconds = cost.step(ALL, step.name)
        yield f"{1000 * seconds:.2f} ({count})" if count else ""


def _ratio(way: str, figures: Mapping[str, float]) -> tuple[str, str]:
    if way == FACES:
        return f"{figures['faces_by_bare']} of the bare chain", f"<= {FACES_GOAL}"
    if way == IMAGES:
        return f"{figures['images_by_faces']} of FaceManagement", f"<= {IMAGES_GOAL}"
    return "", ""


if __name__ == "__main__":
    main()
