"""Photos indexed per second on two processes, beside dlib as face_recognition drives it, and beside the bare models.

    python benchmarks/indexing.py [--data DIR] [--photos N]

The photos are a sample of those of kind photo, groupphoto and crop250 in DIR/labels.csv. Three ways through all of
them, each on two processes of one thread:

- vultus: the whole pipeline, from handing the files over to the last one written, with workers that have seen a first
  few photos; what it takes them to start is told apart.
- models: nothing but decoding, detecting, aligning, embedding, and telling age and gender; the sum of their times,
  shared by two. The limit.
- dlib: HOG detector (one step of upsampling), five landmarks and embedding, as ``face_recognition`` 1.3.0 does by
  default, on photos reduced to the same 1024 pixels; loading its models is not counted.

Needs the extra ``bench``. Prints a table, then the figures as one line of JSON.
"""

import argparse
import csv
import json
import multiprocessing
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from vultus.cli.session import Session
    from vultus.operations.progress import GetProgressResponse

KINDS = {"photo", "groupphoto", "crop250"}
PROCESSES = 2
WARM = 20  # photos before the count begins
BATCH = 100  # files of one call
LOOK = 0.2  # seconds between looks at the progress, as the command takes them
PROJECT, DATASET = "benchmarks", "indexing"
SIDE = 1024  # pixels of the longer side that faces are looked for in
MAX_PIXELS = 250_000_000
PEER_GOAL = 2.5  # times as fast as dlib, at least
LIMIT_GOAL = 1.3  # times the bare time of the models, at most
MEMORY_GOAL = 700  # MB a worker, at most


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through all photos.

    Attributes:
        seconds: from start to end.
        faces: found.
        steps: seconds of each step, summed over the processes.
        cpu: seconds of computing, summed over the processes; what else the machine does hardly touches it.
        memory: MB that a process used at most, where it was watched.
    """

    seconds: float
    faces: int
    steps: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0
    memory: float = 0.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--photos", type=int, default=1000, help="how many photos; 0 for all")
    arguments.add_argument("--rounds", type=int, default=2, help="each way is gone so often; the fastest time counts")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        photos = sampled(given.data, given.photos, Path(scratch) / "photos")
        vultus, models, dlib = [], [], []
        for number in range(given.rounds):
            vultus.append(through_vultus(photos, Path(scratch) / f"home-{number}"))
            models.append(through_processes(models_share, photos[WARM:]))
            dlib.append(through_processes(dlib_share, photos[WARM:]))
    figures = compared(len(photos) - WARM, fastest(vultus), fastest(models), fastest(dlib))
    show(figures)
    print(json.dumps(figures))


def fastest(passes: list[Pass]) -> Pass:
    """The pass that was least disturbed by what else the machine did."""
    return min(passes, key=lambda each: each.seconds)


def compared(count: int, vultus: Pass, models: Pass, dlib: Pass) -> dict[str, float]:
    """The figures."""
    return {
        "photos": count,
        "faces": vultus.faces,
        "dlib_faces": dlib.faces,
        "photos_per_second": round(count / vultus.seconds, 1),
        "dlib_photos_per_second": round(count / dlib.seconds, 1),
        "times_dlib": round(dlib.seconds / vultus.seconds, 2),
        "models_photos_per_second": round(count / models.seconds, 1),
        "times_models": round(vultus.seconds / (sum(models.steps.values()) / PROCESSES), 2),
        **{f"{step}_ms": round(1000 * seconds / count, 1) for step, seconds in models.steps.items()},
        "times_dlib_in_cpu": round(dlib.cpu / vultus.cpu, 2),
        "times_models_in_cpu": round(vultus.cpu / models.cpu, 2),
        "start_seconds": round(vultus.steps["start"], 1),
        "peak_mb_a_worker": round(vultus.memory),
    }


def sampled(data: Path, count: int, folder: Path) -> list[Path]:
    """Copy a sample of the photos into one folder; the same sample every time."""
    with (data / "labels.csv").open(newline="", encoding="utf-8") as text:
        files = sorted(row["file"] for row in csv.DictReader(text) if row["kind"] in KINDS)
    if count:
        files = random.Random(0).sample(files, min(count + WARM, len(files)))
    folder.mkdir()
    return [
        Path(shutil.copy(data / file, folder / f"{number:05d}{Path(file).suffix}")) for number, file in enumerate(files)
    ]


def through_vultus(photos: list[Path], home: Path) -> Pass:
    """Index a folder as the command does; step "start" is what the workers took to start and see first photos."""
    from vultus.cli.session import open_session
    from vultus.cli.work import working
    from vultus.config import load_settings

    own = load_settings()
    settings = load_settings(
        overrides={"home": str(home), "models": str(own.home / "models"), "jobs": {"workers": PROCESSES}}
    )
    with open_session(settings) as session:
        session.ensure_dataset(PROJECT, DATASET)
        place = session.service.storage.map_folder(photos[0].parent, PROJECT).place
        uris = [str(uri) for uri, _ in session.service.storage.list(place.bucket, place.prefix)]
        started = time.perf_counter()
        with working(session):
            index(session, uris[:WARM])
            ready, computed = time.perf_counter(), computing()
            before = index(session, []).figures
            faces = index(session, uris[WARM:]).figures - before
            seconds, cpu = time.perf_counter() - ready, computing() - computed
            return Pass(seconds, faces, {"start": ready - started}, cpu, peak_memory())


def computing() -> float:
    """Seconds of computing of this process and its children so far."""
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(times.user + times.system for times in (each.cpu_times() for each in family))


def index(session: "Session", uris: list[str]) -> "GetProgressResponse":
    """Hand files over, in the batches that IMM takes, and wait until all are done."""
    for start in range(0, len(uris), BATCH):
        files = [{"URI": uri} for uri in uris[start : start + BATCH]]
        session.call("BatchIndexFileMeta", ProjectName=PROJECT, DatasetName=DATASET, Files=files)
    while True:
        progress: GetProgressResponse = session.call("GetProgress", "vultus", ProjectName=PROJECT, DatasetName=DATASET)
        if not progress.pending + progress.indexing:
            return progress
        time.sleep(LOOK)


Share = Callable[[list[Path], Barrier, "Queue[Pass]"], None]


def through_processes(share: Share, photos: list[Path]) -> Pass:
    """Share photos among processes, and count from when all are ready until the last is done."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Barrier(PROCESSES + 1), context.Queue()
    shares = [photos[start::PROCESSES] for start in range(PROCESSES)]
    processes = [context.Process(target=share, args=(mine, ready, done)) for mine in shares]
    for process in processes:
        process.start()
    ready.wait()
    started = time.perf_counter()
    passes = [done.get() for _ in processes]
    seconds = time.perf_counter() - started
    for process in processes:
        process.join()
    steps = {step: sum(each.steps[step] for each in passes) for step in passes[0].steps}
    return Pass(seconds, sum(each.faces for each in passes), steps, sum(each.cpu for each in passes))


@dataclass(slots=True)
class Stopwatch:
    """Seconds by step."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        """Add the time of the block to a step."""
        started = time.perf_counter()
        yield
        self.steps[step] = self.steps.get(step, 0.0) + time.perf_counter() - started


def models_share(photos: list[Path], ready: Barrier, done: "Queue[Pass]") -> None:
    """Decode, detect, align, embed, and tell age and gender, and nothing else."""
    from vultus.config import load_settings
    from vultus.media.images.picture import decode_picture
    from vultus.vision.analyser import FaceAnalyser
    from vultus.vision.faces.align import aligned
    from vultus.vision.models.store import ModelStore

    settings = load_settings()
    analyser = FaceAnalyser(ModelStore(settings), settings.faces)
    watch, faces = Stopwatch(), 0
    ready.wait()
    started, computed = time.perf_counter(), time.process_time()
    for photo in photos:
        data = photo.read_bytes()
        with watch.time("decode"):
            picture = decode_picture(data, working_side=SIDE, max_pixels=MAX_PIXELS)
        with watch.time("detect"):
            found = analyser.detector.detect(picture.pixels)
        with watch.time("embed"):
            for landmarks in found.landmarks:
                analyser.embedder.embed(aligned(picture.pixels, landmarks))
        with watch.time("describe"):
            for landmarks in found.landmarks:
                for network in filter(None, (analyser.describer.age, analyser.describer.gender)):
                    network.probabilities(picture.pixels, landmarks)
        faces += len(found)
    done.put(Pass(time.perf_counter() - started, faces, watch.steps, time.process_time() - computed))


def dlib_share(photos: list[Path], ready: Barrier, done: "Queue[Pass]") -> None:
    """Find and embed faces as face_recognition does."""
    import dlib
    import face_recognition_models as files
    import numpy as np
    from PIL import Image

    detect = dlib.get_frontal_face_detector()
    landmarks = dlib.shape_predictor(str(files.pose_predictor_five_point_model_location()))
    embedder = dlib.face_recognition_model_v1(str(files.face_recognition_model_location()))
    watch, faces = Stopwatch(), 0
    ready.wait()
    started, computed = time.perf_counter(), time.process_time()
    for photo in photos:
        with watch.time("decode"), Image.open(photo) as image:
            image.draft("RGB", (SIDE, SIDE))
            reduced = image.convert("RGB")
            reduced.thumbnail((SIDE, SIDE))
            pixels = np.array(reduced)
        with watch.time("detect"):
            boxes = detect(pixels, 1)
        with watch.time("embed"):
            for box in boxes:
                embedder.compute_face_descriptor(pixels, landmarks(pixels, box), 1)
        faces += len(boxes)
    done.put(Pass(time.perf_counter() - started, faces, watch.steps, time.process_time() - computed))


def peak_memory() -> float:
    """The most memory that any of the child processes has used so far, in MB, as Linux keeps count of it."""
    statuses = (Path(f"/proc/{child.pid}/status").read_text("utf-8") for child in psutil.Process().children(True))
    peaks = [line.split()[1] for status in statuses for line in status.splitlines() if line.startswith("VmHWM")]
    return max(map(int, peaks)) / 1000


def show(figures: dict[str, float]) -> None:
    """Print the table."""
    table = Table("way", "photos/s", "ratio", "goal", title=f"{figures['photos']} photos, {PROCESSES} processes")
    dlib, models = f"vultus {figures['times_dlib']}x as fast", f"vultus {figures['times_models']}x the time"
    table.add_row("vultus", str(figures["photos_per_second"]), "", "")
    table.add_row("dlib", str(figures["dlib_photos_per_second"]), dlib, f">= {PEER_GOAL}")
    table.add_row("models", str(figures["models_photos_per_second"]), models, f"<= {LIMIT_GOAL}")
    table.add_row("memory of a worker", "", f"{figures['peak_mb_a_worker']} MB", f"<= {MEMORY_GOAL} MB")
    Console().print(table)


if __name__ == "__main__":
    main()
