"""Photos that change: who is found again, who keeps what was said of them, and who inherits it wrongly.

    python benchmarks/changes.py [--data DIR] [--model ID] [--every N]

Changes photos of ``photos-celeba``, ``groups-friends6`` and ``families-azure`` of DIR in ten ways, finds their faces
again, and asks ``catalog/heirs.py`` which are whose. Where each face went is known, since it is known how the picture
was changed. Then each photo of ``photos-celeba`` is replaced by each that is of another person. Prints how many of the
faces that were found again are known to be themselves, by the rule and by place alone, in pixels; how many are taken
for somebody else; and how alike the least alike of them are. Then the figures as one line of JSON.
"""

import argparse
import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from rich.console import Console
from rich.table import Table

from vultus.catalog.heirs import Resemblance, View, heirs
from vultus.catalog.overlap import Box, overlaps
from vultus.config import Settings, load_settings
from vultus.index.face import stored_embedding
from vultus.index.resemblance import resemblance_of
from vultus.media.images.picture import decode_picture
from vultus.vision.analyser import FaceAnalyser
from vultus.vision.models.store import ModelStore

COLLECTIONS = ("photos-celeba", "groups-friends6", "families-azure")
IDENTIFIED = "photos-celeba"
FOUND = 0.4  # intersection over union of where a face is and where it must be
SAVED = 92  # JPEG quality


@dataclass(frozen=True, slots=True)
class Change:
    """A way to change a photo.

    Attributes:
        edit: makes the other picture.
        scale: pixels of it per pixel of the photo.
        left, top: share of the photo that is cut off there.
        mirrored: whether left is right.
        quality: of the JPEG file.
    """

    edit: Callable[[Image.Image], Image.Image] = lambda photo: photo
    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0
    mirrored: bool = False
    quality: int = SAVED

    def moved(self, box: Box, size: tuple[int, int]) -> Box:
        """Where a face of a photo of some size is afterwards."""
        left = size[0] - box.left - box.width if self.mirrored else box.left - int(size[0] * self.left)
        sides = (left, box.top - int(size[1] * self.top), box.width, box.height)
        return Box(*(round(side * self.scale) for side in sides))


def _resized(scale: float) -> Change:
    return Change(lambda photo: photo.resize((int(photo.width * scale), int(photo.height * scale))), scale)


def _cropped(left: float, top: float, right: float, bottom: float) -> Change:
    def crop(photo: Image.Image) -> Image.Image:
        wide, high = photo.size
        return photo.crop((int(wide * left), int(high * top), int(wide * (1 - right)), int(high * (1 - bottom))))

    return Change(crop, left=left, top=top)


CHANGES = {
    "saved at quality 30": Change(quality=30),
    "brighter by 1.6": Change(lambda photo: ImageEnhance.Brightness(photo).enhance(1.6)),
    "darker by .4": Change(lambda photo: ImageEnhance.Brightness(photo).enhance(0.4)),
    "grey, more contrast": Change(lambda photo: ImageEnhance.Contrast(ImageOps.grayscale(photo)).enhance(1.5)),
    "blurred": Change(lambda photo: photo.filter(ImageFilter.GaussianBlur(max(photo.size) / 500))),
    "half as wide": _resized(1 / 2),
    "a third as wide": _resized(1 / 3),
    "cropped on all sides": _cropped(0.12, 0.10, 0.08, 0.15),
    "cropped right, below": _cropped(0.0, 0.0, 0.25, 0.20),
    "mirrored": Change(ImageOps.mirror, mirrored=True),
}


@dataclass(slots=True)
class Score:
    """What became of faces.

    Attributes:
        faces: that are still in the picture.
        found: again, by the detector.
        kept, kept_by_place: of those, are known to be themselves: by the rule, and by their place in pixels.
        wrong, wrong_by_place: faces that are taken for somebody else.
        alike: cosine of each that was found again to what it was before.
    """

    faces: int = 0
    found: int = 0
    kept: int = 0
    kept_by_place: int = 0
    wrong: int = 0
    wrong_by_place: int = 0
    alike: list[float] = field(default_factory=list)

    def add(self, before: View, after: View, truth: dict[int, int], resemblance: Resemblance) -> None:
        """Count what two ways make of a change; truth is the old face of each new one."""
        self.found += len(truth)
        self.alike += [_cosine(after.embeddings[new], before.embeddings[old]) for new, old in truth.items()]
        unsized = View(after.boxes, after.embeddings, after.models, (0, 0))
        by_rule, by_place = heirs(after, before, resemblance), heirs(unsized, before, None)
        self.kept += sum(truth.get(new) == old for new, old in by_rule.items())
        self.wrong += sum(truth.get(new) != old for new, old in by_rule.items())
        self.kept_by_place += sum(truth.get(new) == old for new, old in by_place.items())
        self.wrong_by_place += sum(truth.get(new) != old for new, old in by_place.items())


@dataclass(frozen=True, slots=True)
class Eyes:
    """Looks at pictures as indexing does."""

    settings: Settings
    analyser: FaceAnalyser

    def see(self, picture: Image.Image, quality: int = SAVED) -> View:
        """Save a picture and look at it."""
        file, limits = io.BytesIO(), self.settings.media
        picture.convert("RGB").save(file, "JPEG", quality=quality)
        seen = decode_picture(file.getvalue(), working_side=limits.working_side, max_pixels=limits.max_pixels)
        faces = self.analyser.analyse(seen)
        models = [self.analyser.model] * len(faces)
        size = (seen.width, seen.height)
        return View([Box(*face.box) for face in faces], [stored_embedding(face) for face in faces], models, size)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    arguments.add_argument("--model", default="", help="embedding model; that of the settings when left out")
    arguments.add_argument("--every", type=int, default=4, help="look at one photo in so many")
    given = arguments.parse_args()
    own = load_settings()
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(overrides={"home": home, "models": own.models or str(own.home / "models")})
        analyser = FaceAnalyser(ModelStore(settings), settings.faces, given.model)
        resemblance = resemblance_of(analyser.model, settings.home)
        scores, views = changed(Eyes(settings, analyser), list(_photos(given.data))[:: given.every], resemblance)
    scores["replaced by others' photos"] = replaced(views, _identities(given.data), resemblance)
    show(scores, analyser.model, resemblance)
    print(json.dumps({"model": analyser.model, **{name: _figures(score) for name, score in scores.items()}}))


def _photos(data: Path) -> Iterator[Path]:
    for collection in COLLECTIONS:
        yield from sorted((data / collection).glob("*.jpg"))


def _identities(data: Path) -> dict[str, str]:
    """Whom each photo is of, by file name."""
    with (data / "labels.csv").open(newline="", encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row["file"].startswith(IDENTIFIED)]
    return {Path(row["file"]).name: row["identity"] for row in rows}


def changed(eyes: Eyes, photos: list[Path], resemblance: Resemblance) -> tuple[dict[str, Score], dict[str, View]]:
    """What became of the faces of photos, by change; and the photos as they were, by file name."""
    scores = {name: Score() for name in CHANGES}
    views: dict[str, View] = {}
    for path in photos:
        with Image.open(path) as image:
            photo = ImageOps.exif_transpose(image).convert("RGB")
        views[path.name] = before = eyes.see(photo)
        for name, change in CHANGES.items():
            after = eyes.see(change.edit(photo), change.quality)
            expected = [change.moved(box, before.size) for box in before.boxes]
            there = [index for index, box in enumerate(expected) if _inside(box, after.size)]
            shared = overlaps(after.boxes, [expected[index] for index in there])
            truth = {
                int(shared[:, at].argmax()): old for at, old in enumerate(there) if shared[:, at].max(initial=0) > FOUND
            }
            scores[name].faces += len(there)
            scores[name].add(before, after, truth, resemblance)
    return scores, views


def replaced(views: dict[str, View], identity_of: dict[str, str], resemblance: Resemblance) -> Score:
    """Photos replaced by other people's: whoever inherits anything does so wrongly."""
    score, names = Score(), [name for name in views if name in identity_of]
    for name in names:
        for other in (other for other in names if identity_of[other] != identity_of[name]):
            score.faces += len(views[other].boxes)
            score.add(views[name], views[other], {}, resemblance)
    return score


def _inside(box: Box, size: tuple[int, int]) -> bool:
    """Whether the middle of a face is in a picture."""
    return 0 < box.left + box.width / 2 < size[0] and 0 < box.top + box.height / 2 < size[1]


def _cosine(first: bytes, second: bytes) -> float:
    vectors = (np.frombuffer(each, "<f2").astype(float) for each in (first, second))
    return float(np.dot(*vectors))


def show(scores: dict[str, Score], model: str, resemblance: Resemblance) -> None:
    """Print the table."""
    asked = f"asked in place {resemblance.in_place:.3f}, elsewhere {resemblance.elsewhere:.3f}"
    table = Table("change", title=f"{model}: {asked}")
    for name in ("faces", "found", "kept", "by place", "wrong", "by place", "least alike", "1 %", "median"):
        table.add_column(name, justify="right")
    for name, score in scores.items():
        low = [f"{each:.2f}" for each in np.quantile(score.alike, (0, 0.01, 0.5))] if score.alike else ["-"] * 3
        counts = (score.faces, score.found, score.kept, score.kept_by_place, score.wrong, score.wrong_by_place)
        table.add_row(name, *map(str, counts), *low)
    Console(width=130).print(table)


def _figures(score: Score) -> dict[str, float]:
    return {
        "faces": score.faces,
        "found": score.found,
        "kept": score.kept,
        "kept_by_place": score.kept_by_place,
        "wrong": score.wrong,
        "wrong_by_place": score.wrong_by_place,
        "least_alike": round(min(score.alike, default=0.0), 3),
    }


if __name__ == "__main__":
    main()
