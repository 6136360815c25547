"""What goes out is spliced together; here it is held against what encoding the structs would give."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from tests.catalog.conftest import MODEL, face
from vultus.catalog import IndexedFile
from vultus.catalog.file_documents import INDEPENDENT, UNAVAILABLE, describe
from vultus.catalog.identifier import file_object_id
from vultus.model import Address, Boundary, Figure, File, HeadPose, InputFile, Label, moment

# Operations refuse the null character, which PostgreSQL cannot hold.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
SOME_TEXT = st.just(UNSET) | TEXT
LABELS = st.just(UNSET) | st.dictionaries(TEXT, TEXT | st.integers(-5, 5) | st.booleans(), max_size=3)
FOUND = st.builds(
    File,
    media_type=st.sampled_from([UNSET, "image", "video"]),
    content_type=SOME_TEXT,
    size=st.just(UNSET) | st.integers(0, 2**62),
    exif=SOME_TEXT,
    title=SOME_TEXT,
    filename=SOME_TEXT,
    oss_user_meta=LABELS,
    addresses=st.just(UNSET) | st.lists(st.builds(Address, city=SOME_TEXT), max_size=2),
    # What does not come from the object must not get through from here.
    owner_id=SOME_TEXT,
    object_status=SOME_TEXT,
    custom_id=SOME_TEXT,
    figure_count=st.just(UNSET) | st.integers(0, 9),
    figures=st.just(UNSET) | st.just([Figure(figure_id="old")]),
)
SAID = st.builds(
    InputFile,
    title=SOME_TEXT,
    content_type=SOME_TEXT,
    labels=st.just(UNSET) | st.lists(st.builds(Label, label_name=TEXT), max_size=2),
    custom_id=SOME_TEXT,
    custom_labels=LABELS,
)


def without_repeats(pairs):
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), f"a key comes twice in {keys}"
    return dict(pairs)


def expected(album, row, found, said, figures):
    """The document made the slow way."""
    given = {
        name: value
        for name, value in msgspec.structs.asdict(said).items()
        if value is not UNSET and name not in ("uri", "figures")
    }
    return msgspec.structs.replace(
        found,
        **{"title": found.title, "custom_id": UNSET, "custom_labels": UNSET, **given},
        owner_id=album.dataset.owner_id,
        project_name="project",
        dataset_name="dataset",
        object_type="file",
        object_id=file_object_id(album.dataset.owner_id, "project", "dataset", row.uri),
        update_time=moment.to_wire(row.update_time),
        create_time=moment.to_wire(row.create_time),
        uri=row.uri,
        filename="folder/ä b.jpg" if found.filename is UNSET else found.filename,
        figures=figures or UNSET,
        figure_count=len(figures),
        object_status="Indexed",
        reason=UNSET,
    )


@given(found=FOUND, said=SAID, count=st.integers(0, 2))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.proves("File.OwnerId ProjectName DatasetName ObjectType ObjectId UpdateTime CreateTime URI")
def test_a_document_is_what_encoding_its_struct_would_give(catalog, album, found, said, count):
    said = msgspec.structs.replace(said, uri="oss://bucket/folder/ä b.jpg")
    catalog.files.delete(album.dataset, [said.uri])
    [file_id] = catalog.files.submit(album.dataset, [said])
    faces = [
        face(
            300 * number,
            figure_confidence=0.1 + number,
            age=30,
            gender="female",
            head_pose=HeadPose(pitch=0.25, roll=-1.5, yaw=1e-9),
        )
        for number in range(count)
    ]
    catalog.files.write(file_id, IndexedFile(document=found, version="1", model=MODEL, faces=faces))
    [raw] = catalog.files.get_many(album.dataset, [said.uri])
    document = msgspec.json.decode(raw, type=File)
    figures = [
        msgspec.structs.replace(
            each.figure, figure_id=shown.figure_id, figure_type="face", figure_cluster_id=UNAVAILABLE
        )
        for each, shown in zip(faces, document.figures or [], strict=True)
    ]
    slow = expected(album, catalog.files.row(file_id), found, said, figures)
    assert document == slow
    assert json_of(raw) == json_of(msgspec.json.encode(slow))


def json_of(raw):
    return json.loads(bytes(raw), object_pairs_hook=without_repeats)


def test_a_file_that_waits_shows_what_the_caller_said(catalog, dataset, decode):
    said = InputFile(uri="oss://bucket/a/b.jpg", title="T", lat_long="1.0,2.0", custom_id="c", custom_labels={"k": "v"})
    catalog.files.submit(dataset, [said])
    [document] = decode(catalog.files.get_many(dataset, [said.uri]))
    assert (document.object_status, document.uri, document.filename) == ("Pending", said.uri, "a/b.jpg")
    assert (document.title, document.lat_long, document.custom_id) == ("T", "1.0,2.0", "c")
    assert document.custom_labels == {"k": "v"}
    assert document.figures is document.figure_count is document.reason is UNSET


def test_what_the_caller_says_stands_above_what_is_found_until_something_else_is_said(catalog, album, decode):
    file_id = album.add("a", title="found", artist="found")
    for said in (InputFile(title="said", custom_id="c"), InputFile(artist="said later")):
        catalog.files.submit(album.dataset, [msgspec.structs.replace(said, uri=album.uri("a"))])
    album.write(file_id, title="found", artist="found", composer="found")
    [document] = decode(catalog.files.get_many(album.dataset, [album.uri("a")]))
    assert (document.title, document.artist, document.composer) == ("said", "said later", "found")
    assert document.custom_id == "c"


def test_a_file_that_failed_gives_its_reason_and_one_that_waits_again_shows_what_was_found(catalog, album, decode):
    album.add("a", face())
    album.add("b")
    catalog.files.fail(album.files["b"], 'No "image"\n')
    catalog.files.submit(album.dataset, [InputFile(uri=album.uri("a"))])
    waiting, failed = decode(catalog.files.get_many(album.dataset, [album.uri("a"), album.uri("b")]))
    assert (waiting.object_status, waiting.figure_count, len(waiting.figures)) == ("Pending", 1, 1)
    assert (failed.object_status, failed.reason, failed.figure_count) == ("Failed", 'No "image"\n', UNSET)


def test_documents_come_in_order_of_first_mention_and_unknown_ones_are_left_out(catalog, album, decode):
    for name in "abc":
        album.add(name)
    wanted = [album.uri(name) for name in ("c", "never", "a", "c", "b", "a")]
    found = decode(catalog.files.get_many(album.dataset, wanted))
    assert [document.filename for document in found] == ["c", "a", "b"]
    assert catalog.files.get_many(album.dataset, []) == []


def test_a_file_is_known_only_in_its_own_dataset(catalog, album):
    album.add("a")
    other = catalog.datasets.create(album.dataset.project_id, "other")
    assert catalog.files.get_many(other, [album.uri("a")]) == []


def test_documents_are_found_by_row(catalog, album, decode):
    rows = [album.add(name) for name in "abc"]
    found = catalog.files.documents(album.dataset, [rows[2], rows[0], 10**9])
    assert {row: each.filename for row, each in zip(found, decode(found.values()), strict=True)} == {
        rows[0]: "a",
        rows[2]: "c",
    }


@pytest.mark.parametrize(
    ("clustered", "together", "cluster_id"),
    [(False, False, UNAVAILABLE), (True, False, INDEPENDENT), (True, True, None)],
)
@pytest.mark.proves("Figure.FigureClusterId FigureClusterConfidence")
def test_a_figure_says_which_cluster_it_is_in(catalog, album, decode, clustered, together, cluster_id):
    album.add("a", face())
    [row] = album.faces_of("a")
    groups = [[(row, 0.625)]] if together else []
    catalog.clusters.apply(album.dataset.id, [], groups, [row] if clustered else [])
    [document] = decode(catalog.files.get_many(album.dataset, [album.uri("a")]))
    [figure] = document.figures
    assert figure.figure_cluster_id == (cluster_id or album.clusters()[0])
    assert figure.figure_cluster_confidence == (0.625 if together else UNSET)


def test_figures_come_in_the_order_in_which_they_were_found(catalog, album, decode):
    album.add("a", face(600), face(0), face(300))
    [document] = decode(catalog.files.get_many(album.dataset, [album.uri("a")]))
    assert [figure.boundary.left for figure in document.figures] == [600, 0, 300]
    assert document.figures[0].boundary == Boundary(left=600, top=10, width=100, height=110)


def test_the_name_of_a_file_is_its_key_unless_it_is_known_better():
    assert '"Filename":"a/b.jpg"' in describe("oss://bucket/a/b.jpg", InputFile())
    assert '"Filename":"c.jpg"' in describe("oss://bucket/a/b.jpg", InputFile(), File(filename="c.jpg"))
