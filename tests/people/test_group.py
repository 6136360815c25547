"""The engine as a library call."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vultus import group_faces
from vultus.people.metrics import score
from vultus.people.watch import Phase


def album(people, faces, seed=0, noise=1.0):
    random = np.random.default_rng(seed)
    centre = np.repeat(random.normal(size=(people, 64)), faces, axis=0)
    return centre + noise * random.normal(size=centre.shape)


def same_partition(a, b):
    return len(set(zip(a.tolist(), b.tolist(), strict=True))) == a.max() + 1 == b.max() + 1


def test_people_are_found():
    assert (group_faces(album(8, 6, noise=0.3)) == np.repeat(np.arange(8), 6)).all()


def test_lookalikes_that_cling_to_both_halves_of_a_person_do_not_keep_them_apart_in_a_large_library():
    axes = np.eye(192)
    halves = [
        np.sqrt(0.5) * axes[0] + np.sqrt(0.3) * axes[1 + face // 8] + np.sqrt(0.2) * axes[3 + face]
        for face in range(16)
    ]
    lookalikes = [0.7 * half + np.sqrt(1 - 0.7**2) * axes[20 + place] for place, half in enumerate(halves)]
    found = group_faces(np.array(halves + lookalikes), library=1_000_000)
    assert (found[16:] == found[0]).any()
    assert (found[:16] == found[0]).all()


def test_a_face_like_no_other_is_alone():
    assert group_faces(np.eye(7)).tolist() == list(range(7))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_the_smallest_libraries_have_an_answer(n):
    assert group_faces(np.eye(3)[:n]).tolist() == list(range(n))


def test_length_does_not_matter():
    rows = album(5, 5)
    assert (group_faces(rows) == group_faces(rows * np.linspace(0.5, 3, 25)[:, None])).all()


def test_the_call_is_deterministic():
    rows = album(20, 5)
    assert (group_faces(rows) == group_faces(rows.copy())).all()


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_order_of_rows_renames_the_groups_and_no_more(seed, constrained):
    random = np.random.default_rng(seed)
    rows = album(8, 5, seed, noise=1.3)
    rows[random.integers(40, size=6)] = rows[random.integers(40, size=6)]  # copies
    photos = random.integers(0, 25, size=40)
    quality = random.random(40).round(1)
    must = random.integers(40, size=(2, 2)) if constrained else np.empty((0, 2), np.int64)
    order = random.permutation(40)
    place = np.argsort(order)
    label = group_faces(rows, photos=photos, quality=quality, must_link=must)
    shuffled = group_faces(rows[order], photos=photos[order], quality=quality[order], must_link=place[must])
    assert same_partition(label[order], shuffled)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_decisions_always_hold(seed):
    random = np.random.default_rng(seed)
    rows = album(6, 5, seed, noise=1.2)
    rows[random.integers(30, size=4)] = rows[random.integers(30, size=4)]  # copies
    person = random.integers(0, 20, size=30)
    pairs = random.integers(30, size=(12, 2))
    same = person[pairs[:, 0]] == person[pairs[:, 1]]
    label = group_faces(rows, must_link=pairs[same], cannot_link=pairs[~same])
    assert (label[pairs[same, 0]] == label[pairs[same, 1]]).all()
    assert (label[pairs[~same, 0]] != label[pairs[~same, 1]]).all()


def test_copies_of_a_picture_are_one_person():
    rows = album(4, 3)
    copies = np.repeat(rows, 80, axis=0)
    assert (group_faces(copies) == np.repeat(group_faces(rows), 80)).all()


def test_copies_that_a_person_told_apart_are_apart():
    rows = np.repeat(album(3, 2, noise=0.3), 2, axis=0)
    label = group_faces(rows, cannot_link=[(0, 1)])
    assert label[0] != label[1]


def test_copies_with_decisions_that_clash_only_through_them_are_apart():
    rows = np.repeat(np.eye(4), 2, axis=0)
    label = group_faces(rows, must_link=[(0, 2)], cannot_link=[(1, 2)])
    assert label[0] == label[2] != label[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"embeddings": np.zeros((2, 3, 4))}, "one row a face"),
        ({"embeddings": [[1.0, np.nan]]}, "finite"),
        ({"embeddings": [[1.0, np.inf]]}, "finite"),
        ({"embeddings": [[1.0, 0.0], [0.0, 0.0]]}, "Row 1 of embeddings"),
        ({"embeddings": [["a", "b"]]}, "numbers"),
        ({"photos": [1, 2]}, "photos has to hold one value for each of the 3 faces"),
        ({"quality": [0.1, 0.2, 1.2]}, "between 0 and 1"),
        ({"quality": [0.1, 0.2, np.nan]}, "quality holds values"),
        ({"quality": [0.1]}, "quality has to hold one value"),
        ({"must_link": [(0, 3)]}, "must_link names row 3"),
        ({"must_link": [(0, 1)], "cannot_link": [(1, 0)]}, "said to be one person"),
        ({"cannot_link": [(2, 2)]}, "said to be one person"),
        ({"model": "no-such-net"}, "no-such-net"),
    ],
)
def test_input_that_cannot_be_grouped_is_refused_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        group_faces(**{"embeddings": np.eye(3), **arguments})


def test_a_poor_face_needs_more_to_join():
    near = np.eye(40)[:2] + np.eye(40)[[2, 2]] * 0.95  # a little more similar than a library of this size asks for
    rows = np.concatenate([near, np.eye(40)[3:]])
    assert group_faces(rows)[1] == 0
    assert group_faces(rows, quality=np.ones(39))[1] == 0
    assert group_faces(rows, quality=np.r_[0.0, np.ones(38)])[1] == 1


def test_two_faces_of_one_photo_need_more_to_be_one_person():
    near = np.eye(40)[:2] + np.eye(40)[[2, 2]] * 0.95
    rows = np.concatenate([near, np.eye(40)[3:]])
    assert group_faces(rows, photos=np.r_[0, 0, np.arange(37)])[1] == 1
    twice = np.concatenate([near * 0.1 + np.eye(40)[2], np.eye(40)[3:]])  # a mirror: all but equal
    assert group_faces(twice, photos=np.r_[0, 0, np.arange(37)])[1] == 0


def test_photos_may_have_names():
    assert group_faces(np.eye(3), photos=["a.jpg", "b.jpg", "b.jpg"]).tolist() == [0, 1, 2]


class BrokenOffError(Exception):
    pass


@pytest.mark.parametrize("phase", [Phase.NEIGHBOURS, Phase.EVIDENCE, Phase.PARTITION, Phase.MERGING])
def test_every_phase_can_be_broken_off(phase):
    def watch(now, done, total):
        assert 0 <= done <= total
        if now == phase:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        group_faces(album(5, 5), watch=watch)


def test_a_part_of_a_library_is_held_to_the_threshold_of_the_whole():
    near = np.eye(40)[:2] + np.eye(40)[[2, 2]] * 0.95
    rows = np.concatenate([near, np.eye(40)[3:]])
    assert group_faces(rows)[1] == 0
    assert group_faces(rows, library=39)[1] == 0
    assert group_faces(rows, library=100_000)[1] == 1


def test_pairs_may_come_as_an_array():
    rows = np.eye(6)
    assert group_faces(rows, must_link=np.array([[0, 3], [3, 5]], np.int32)).tolist() == [0, 1, 2, 0, 3, 0]
    assert group_faces(rows, must_link=np.empty((0, 2))).tolist() == list(range(6))
    with pytest.raises(ValueError, match="pairs of rows"):
        group_faces(rows, cannot_link=np.array([[0.5, 1.0]]))


@pytest.mark.parametrize(("name", "least"), [("lfw", 0.976), ("celeba", 0.924), ("ytf", 0.914)])
def test_labelled_sets_come_out_as_well_as_from_the_prototype(data, name, least):
    saved = np.load(data / "embeddings" / f"{name}.npz")
    label = group_faces(saved["embedding"], photos=saved["photo"])
    assert score(label, saved["identity"]).mean_f >= least
