"""A file changes: who is still there keeps what was said of them, who is gone leaves, and no stranger inherits it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps
from sqlalchemy import select

from tests.film import film, photo
from vultus.catalog import Catalog, schema
from vultus.config import Bucket, Settings
from vultus.index.pipeline import Indexer
from vultus.model import Boundary, Figure, FigureCluster, File, InputFile
from vultus.storage.storage import Storage
from vultus.vision.analyser import FaceAnalyser

MODEL = "pair-192"
UPSIDE_DOWN = 3  # EXIF orientation
ANNA, BEN, CLEO, DAN = range(4)  # from left to right


class Album:
    """A dataset over a folder of pictures that change, and what is said of the faces in them."""

    def __init__(self, root: Path, catalog: Catalog, analyser: FaceAnalyser) -> None:
        self.root = root / "bucket"
        self.root.mkdir()
        settings = Settings(home=root, buckets={"album": Bucket(options={"root": str(self.root)}, projects=["p"])})
        self.catalog = catalog
        catalog.account.ensure()
        self.dataset = catalog.datasets.create(catalog.projects.create("p").id, "d")
        self._indexer = Indexer(settings, catalog, Storage(settings), lambda _: analyser)

    def put(self, name: str, content: bytes) -> list[Figure]:
        """Write a file, index it, and return its faces from left to right."""
        (self.root / name).write_bytes(content)
        [file_id] = self.catalog.files.submit(self.dataset, [InputFile(uri=f"oss://album/{name}")])
        self._indexer.index(self.catalog.files.begin(file_id), lambda: None)
        assert self.catalog.audit.check(self.dataset.id) == []
        return self.faces(name)

    def faces(self, name: str) -> list[Figure]:
        """All faces of a file, those that are left alone as well, from left to right."""
        figures, files = schema.figures.c, schema.files.c
        box = (figures.box_left, figures.box_top, figures.box_width, figures.box_height)
        found = select(figures.figure_id, schema.clusters.c.object_id, *box).select_from(schema.figures)
        found = found.join(schema.files).outerjoin(schema.fragments, schema.fragments.c.id == figures.fragment_id)
        found = found.outerjoin(schema.clusters, schema.clusters.c.id == schema.fragments.c.cluster_id)
        found = found.where(files.uri == f"oss://album/{name}").order_by(figures.box_left, figures.id)
        with self.catalog._database.reading() as connection:
            return [
                Figure(figure_id=figure, figure_cluster_id=cluster or "", boundary=_boundary(*box))
                for figure, cluster, *box in connection.execute(found)
            ]

    def move(self, figure: Figure, cluster: str | None = None) -> str:
        return self.catalog.figures.move(self.dataset, [str(figure.figure_id)], cluster, "anna")

    def person(self, object_id: str) -> FigureCluster | None:
        return next(iter(self.catalog.clusters.get_many(self.dataset, [object_id])), None)

    def cover(self, object_id: str) -> str:
        cover = msgspec.json.decode(self.catalog.clusters.get(self.dataset, object_id).cover, type=File)
        return str(cover.figures[0].figure_id)

    def states(self) -> dict[str, tuple[str, bool]]:
        """Of each face, whether it is left alone, and whether a person put it where it is."""
        figures = schema.figures.c
        with self.catalog._database.reading() as connection:
            rows = connection.execute(select(figures.figure_id, figures.state, figures.pinned))
            return {row.figure_id: (row.state, row.pinned) for row in rows}


def _boundary(left: int, top: int, width: int, height: int) -> Boundary:
    return Boundary(left=left, top=top, width=width, height=height)


@dataclass
class Decided:
    """A photo of four people of whom everything was said that can be."""

    album: Album
    faces: list[Figure]
    anna: str  # cluster: named, with another photo, its cover chosen
    ben: str  # cluster: told from Anna's

    @property
    def ids(self) -> list[str]:
        return [str(figure.figure_id) for figure in self.faces]

    def change(self, picture: Image.Image, **options: object) -> list[str]:
        """Save another picture in place of the photo; return the ids of its faces, from left to right."""
        return [str(figure.figure_id) for figure in self.album.put("group.jpg", encoded(picture, **options))]

    def all_holds(self) -> None:
        """All that was said of the four is so."""
        catalog, dataset = self.album.catalog, self.album.dataset
        person, states = catalog.clusters.get(dataset, self.anna), self.album.states()
        assert (person.name, person.face_count, person.image_count) == ("Anna", 2, 2)
        assert self.album.cover(self.anna) == self.ids[ANNA]
        assert states[self.ids[ANNA]] == ("live", True)
        assert catalog.clusters.distinctions(dataset.id) == {self.rows(self.anna, self.ben)}
        assert self.rejected() == [(self.ids[BEN], self.anna)]
        assert states[self.ids[CLEO]][0] == "ignored"
        assert states[self.ids[DAN]][0] == "not-a-face"

    def rows(self, first: str, second: str) -> tuple[int, int]:
        low, high = sorted(self.album.catalog.clusters.row(self.album.dataset, each) for each in (first, second))
        return low, high

    def rejected(self) -> list[tuple[str, str]]:
        rejections, catalog = schema.rejections.c, self.album.catalog
        said = select(schema.figures.c.figure_id, schema.clusters.c.object_id).join_from(
            schema.rejections, schema.figures
        )
        with catalog._database.reading() as connection:
            rows = connection.execute(said.join(schema.clusters, rejections.cluster_id == schema.clusters.c.id))
            return [(row.figure_id, row.object_id) for row in rows]


@pytest.fixture(scope="module")
def group(samples) -> Image.Image:
    """Four people beside each other."""
    return opened(samples / "sample6.jpg").resize((1280, 1025))


@pytest.fixture
def album(tmp_path, catalog, analyser) -> Album:
    return Album(tmp_path, catalog, analyser)


@pytest.fixture
def decided(album, group) -> Decided:
    catalog, dataset = album.catalog, album.dataset
    faces = album.put("group.jpg", encoded(group))
    assert len(faces) == 4
    [other] = album.put("anna.jpg", encoded(portrait(group, faces[ANNA])))
    anna, ben = album.move(faces[ANNA]), album.move(faces[BEN])
    album.move(other, anna)
    chosen = File(figures=[Figure(figure_id=faces[ANNA].figure_id)])
    catalog.clusters.update(dataset, FigureCluster(object_id=anna, name="Anna", cover=chosen), "anna")
    catalog.figures.reject(dataset, [str(faces[BEN].figure_id)], anna, "anna")
    catalog.clusters.distinguish(dataset, anna, ben, "anna")
    catalog.figures.judge(dataset, [str(faces[CLEO].figure_id)], "ignored", "anna")
    catalog.figures.judge(dataset, [str(faces[DAN].figure_id)], "not-a-face", "anna")
    said = Decided(album, faces, anna, ben)
    said.all_holds()
    return said


def opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def encoded(picture: Image.Image, **options: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", **{"quality": 92, **options})
    return target.getvalue()


def around(figure: Figure, margin: float = 0.35) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a head."""
    box = figure.boundary
    wide, high = round(box.width * margin), round(box.height * margin)
    return box.left - wide, box.top - high, box.left + box.width + wide, box.top + box.height + high


def portrait(picture: Image.Image, figure: Figure) -> Image.Image:
    return picture.crop(around(figure))


def painted_out(picture: Image.Image, figure: Figure) -> Image.Image:
    changed = picture.copy()
    changed.paste((120, 130, 110), around(figure, 0.1))
    return changed


def with_head(picture: Image.Image, figure: Figure, head: Image.Image) -> Image.Image:
    """Another head in the place of one."""
    changed, (left, top, right, bottom) = picture.copy(), around(figure)
    changed.paste(head.resize((right - left, bottom - top)), (left, top))
    return changed


def beside(picture: Image.Image, other: Image.Image) -> Image.Image:
    """A picture, and another one to its right, which makes it wider."""
    height = 500
    other = other.resize((round(other.width * height / other.height), height))
    changed = Image.new("RGB", (picture.width + other.width, picture.height), (120, 130, 110))
    changed.paste(picture, (0, 0))
    changed.paste(other, (picture.width, 0))
    return changed


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.4),
    "grey": lambda picture: ImageOps.grayscale(picture).convert("RGB"),
    "half as large": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "cropped": lambda picture: picture.crop((110, 80, picture.width - 90, picture.height - 200)),
    "cropped to less than half": lambda picture: picture.crop((120, 100, picture.width - 80, 600)),
    "on a wider ground": lambda picture: ImageOps.expand(picture, (300, 200, 100, 0), (40, 40, 40)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_is_still_there_keeps_all_that_was_said_of_them(decided, group, change):
    assert decided.change(CHANGES[change](group)) == decided.ids
    decided.all_holds()


def test_a_photo_saved_anew_keeps_them(decided, group):
    assert decided.change(group, quality=50) == decided.ids
    decided.all_holds()


def test_a_photo_that_is_stored_upside_down_keeps_them(decided, group):
    exif = Image.Exif()
    exif[0x0112] = UPSIDE_DOWN
    assert decided.change(group.rotate(180), exif=exif.tobytes()) == decided.ids
    decided.all_holds()


def test_a_mirrored_photo_keeps_them_though_each_is_where_another_was(decided, group):
    assert decided.change(ImageOps.mirror(group)) == decided.ids[::-1]
    decided.all_holds()


def test_one_change_after_another_keeps_them_and_any_decision_can_still_be_undone(decided, group):
    for change in CHANGES.values():
        decided.change(change(group))
    assert decided.change(group) == decided.ids
    decided.all_holds()
    catalog, dataset = decided.album.catalog, decided.album.dataset
    for row in catalog.decisions.latest(dataset.id):
        catalog.decisions.undo(dataset.id, row.id, "anna")
    assert catalog.clusters.query(dataset).clusters == []
    assert set(decided.album.states().values()) == {("live", False)}
    assert catalog.audit.check(dataset.id) == []


def test_who_is_painted_out_leaves_and_the_others_stay(decided, group):
    ids = decided.change(painted_out(group, decided.faces[BEN]))
    assert ids == [decided.ids[each] for each in (ANNA, CLEO, DAN)]
    assert decided.album.person(decided.ben) is None, "nobody else is of that person"
    assert decided.album.catalog.clusters.distinctions(decided.album.dataset.id) == set()
    assert decided.rejected() == []


def test_a_person_who_is_painted_out_has_another_cover_and_one_photo_less(decided, group):
    decided.change(painted_out(group, decided.faces[ANNA]))
    person = decided.album.person(decided.anna)
    assert (person.name, person.face_count, person.image_count) == ("Anna", 1, 1)
    [other] = decided.album.faces("anna.jpg")
    assert decided.album.cover(decided.anna) == other.figure_id
    decided.change(group)
    assert decided.album.cover(decided.anna) == other.figure_id
    assert decided.album.person(decided.anna).face_count == 1, "who comes back is looked at as a new face"


def test_who_is_added_is_new_and_the_others_stay(decided, group, samples):
    *before, new = decided.change(beside(group, opened(samples / "biden.jpg")))
    assert before == decided.ids
    assert new not in decided.ids
    assert decided.album.faces("group.jpg")[-1].figure_cluster_id == ""
    decided.all_holds()


@pytest.mark.parametrize("stranger", ["biden.jpg", "obama.jpg"])
@pytest.mark.parametrize("place", [ANNA, BEN, CLEO, DAN])
def test_a_stranger_in_the_same_place_inherits_nothing(decided, group, album, samples, place, stranger):
    head = opened(samples / stranger)
    [found] = album.put("stranger.jpg", encoded(head))
    ids = decided.change(with_head(group, decided.faces[place], portrait(head, found)))
    others = [each for each in (ANNA, BEN, CLEO, DAN) if each != place]
    assert [ids[each] for each in others] == [decided.ids[each] for each in others]
    assert ids[place] not in decided.ids
    assert album.states()[ids[place]] == ("live", False)
    assert album.faces("group.jpg")[place].figure_cluster_id == ""


def test_four_strangers_in_the_same_places_inherit_nothing(decided, group, album, samples):
    other = opened(samples / "sample5.jpg")
    for old, new in zip(decided.faces, album.put("others.jpg", encoded(other)), strict=False):
        group = with_head(group, old, portrait(other, new))
    assert not set(decided.change(group)) & set(decided.ids)
    assert album.person(decided.ben) is None
    assert album.person(decided.anna).face_count == 1
    assert {album.states()[str(each.figure_id)] for each in album.faces("group.jpg")} == {("live", False)}


def test_another_photo_of_the_same_person_keeps_what_was_said(album, samples):
    [before] = album.put("one.jpg", (samples / "obama.jpg").read_bytes())
    person = album.move(before)
    for name in ("obama2.jpg", "obama3.jpg"):
        [after] = album.put("one.jpg", (samples / name).read_bytes())
        assert (after.figure_id, after.figure_cluster_id) == (before.figure_id, person)


def test_one_face_twice_in_a_picture_is_told_by_its_place(album, samples):
    face = opened(samples / "obama.jpg").crop((250, 0, 750, 600))
    first, second = album.put("twice.jpg", encoded(beside(face.resize((417, 500)), face)))
    left, right = album.move(first), album.move(second)
    smaller = beside(face.resize((417, 500)), face).resize((600, 360))
    after = album.put("twice.jpg", encoded(smaller))
    assert [each.figure_cluster_id for each in after] == [left, right]


@pytest.fixture
def clip(samples) -> list[np.ndarray]:
    """Eight seconds of two people beside each other, slowly moving up."""
    both = [photo(samples / "obama.jpg", 240, 280), photo(samples / "biden.jpg", 240, 280, top=0.0)]
    return [np.hstack([each[n // 2 : n // 2 + 240] for each in both]) for n in range(80)]


FILMS: dict[str, Callable[[list[np.ndarray]], bytes]] = {
    "with other frames to the second": lambda clip: film(clip, times=[n / 10 + 0.03 * (n > 0) for n in range(80)]),
    "begun later": lambda clip: film(clip[17:]),
    "as another kind of file": lambda clip: film(clip, kind="matroska", gop=30),
    "smaller": lambda clip: film(np.ascontiguousarray(each[::2, ::2]) for each in clip),
    "after another scene": lambda clip: film([*[np.full_like(clip[0], 90)] * 25, *clip]),
}


@pytest.mark.parametrize("change", FILMS)
def test_who_is_still_in_a_film_keeps_what_was_said_of_them(album, clip, change):
    before = album.put("film.mp4", film(clip))
    left = [str(each.figure_id) for each in before if each.boundary.left < 240]
    right = [str(each.figure_id) for each in before if each.boundary.left >= 240]
    person = album.catalog.figures.move(album.dataset, left, None, "anna")
    album.catalog.figures.reject(album.dataset, right, person, "anna")
    album.catalog.figures.judge(album.dataset, right, "ignored", "anna")
    after = album.put("film.mp4", FILMS[change](clip))
    middle = 120 if change == "smaller" else 240
    kept = {str(each.figure_id): each.boundary.left < middle for each in after}
    assert len(kept.keys() & set(left)) == min(len(left), sum(kept.values())), "as many as there are"
    assert len(kept.keys() & set(right)) == min(len(right), len(kept) - sum(kept.values()))
    assert all(kept[each] for each in left if each in kept)
    assert not any(kept[each] for each in right if each in kept)
    assert album.person(person).face_count == len(kept.keys() & set(left))
    assert {album.states()[each] for each in right if each in kept} == {("ignored", False)}


def test_a_film_of_others_inherits_nothing(album, clip, samples):
    before = album.put("film.mp4", film(clip))
    person = album.catalog.figures.move(album.dataset, [str(each.figure_id) for each in before], None, "anna")
    other = [photo(samples / "sample2.jpg", 480, 240, top=0.1)] * 60
    after = album.put("film.mp4", film(other))
    assert not {each.figure_id for each in before} & {each.figure_id for each in after}
    assert album.person(person) is None
