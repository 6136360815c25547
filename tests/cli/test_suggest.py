"""Who may be one person is listed; a no is not asked again."""

import numpy as np
import pytest

from tests.synthetic import SyntheticAlbum
from vultus.catalog import Catalog
from vultus.config import Settings
from vultus.people.curve import FarCurve

MODEL = Settings().faces.profile
STRANGERS = np.linalg.qr(np.random.default_rng(2).normal(size=(192, 8)))[0].T


@pytest.fixture
def pair(vultus, home):
    """Two people who are alike, among strangers."""
    vultus("journal")  # makes the home
    catalog = Catalog(Settings(home=home).database_url)
    album = SyntheticAlbum.make(catalog, "default", "photos")
    cosine = FarCurve.of(MODEL).similarity_at(0.7)
    centres = [*STRANGERS, cosine * STRANGERS[0] + np.sqrt(1 - cosine**2) * STRANGERS[1]]
    found = [album.grouped(f"p{number}", [centre] * 3, MODEL) for number, centre in enumerate(centres) if number != 1]
    catalog.close()
    return found[0], found[-1]


def test_the_pair_is_listed_with_its_evidence(vultus, pair):
    vultus("name", pair[0], "Anna [1]")
    ended = vultus("suggest")
    assert ended.code == 0
    assert "Anna [1]" in ended.out
    assert pair[1][:16] in ended.out
    assert "3 faces" in ended.out
    assert "strangers" in ended.out
    assert "vultus distinct ID ID" in ended.err
    [told] = vultus("suggest", "--json").json
    assert {each["ObjectId"] for each in told["FigureClusters"]} == set(pair)


def test_pairs_that_are_less_likely_than_asked_for_are_not_told(vultus, pair):
    [told] = vultus("suggest", "--least", "0", "--json").json
    assert 0.2 < told["Confidence"] < 0.999
    assert vultus("suggest", "--least", "0.999", "--json").json == []
    assert len(vultus("suggest", "--most", "1", "--json").json) == 1


def test_a_no_is_not_asked_again_unless_it_is_undone(vultus, pair):
    assert vultus("distinct", *pair).out == "Done. vultus undo takes it back.\n"
    assert vultus("suggest").out == "Nobody here is likely to be there twice: no pair is at 20% or more.\n"
    vultus("undo")
    assert len(vultus("suggest", "--json").json) == 1


def test_a_yes_makes_them_one(vultus, pair):
    assert vultus("merge", *pair).code == 0
    assert vultus("suggest", "--json").json == []


def test_nobody_is_two_people_with_themselves(vultus, pair):
    ended = vultus("distinct", pair[0], pair[0])
    assert (ended.code, ended.err) == (1, "A figure cluster cannot be told from itself.")
