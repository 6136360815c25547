"""``vultus datasets`` tells what there is."""

from importlib.metadata import version

from tests.synthetic import SyntheticAlbum
from vultus.catalog import Catalog
from vultus.config import Settings


def test_every_dataset_is_listed_with_what_it_holds(vultus, home):
    assert vultus("datasets").err.endswith("There is no dataset yet: vultus index DIR makes one.\n")
    catalog = Catalog(Settings(home=home).database_url)
    SyntheticAlbum.make(catalog, "home", "album").person("anna")
    SyntheticAlbum.make(catalog, "work", "staff")
    catalog.close()
    empty = {"ProjectName": "work", "DatasetName": "staff", "Files": 0, "Failed": 0, "Faces": 0, "People": 0}
    album = {"ProjectName": "home", "DatasetName": "album", "Files": 3, "Failed": 0, "Faces": 3, "People": 1}
    assert vultus("datasets", "--json").json == [album, empty]
    assert vultus("datasets", "--project", "work", "--json").json == [empty]
    assert "album" in vultus("datasets").out
    assert vultus("datasets", "--project", "wrk").err == "There is no project wrk; there are home, work."


def test_at_first_nobody_is_known(vultus, home):
    ended = vultus("people")
    assert ended.code == 0
    assert "Nobody is known yet. Index photos with vultus index DIR, then run vultus cluster." in ended.err
    refused = vultus("people", "--dataset", "photos")
    assert refused.code == 1
    assert refused.err == (
        "There is no project default, nor any other yet. Index photos first: vultus index DIR, then vultus cluster."
    )
    catalog = Catalog(Settings(home=home).database_url)
    SyntheticAlbum.make(catalog, "default", "samples")
    catalog.close()
    refused = vultus("people")
    assert (refused.code, refused.err) == (
        1,
        "There is no dataset photos in the project default; there is samples.",
    )


def test_the_version_is_told(vultus):
    assert vultus("--version").out == f"vultus {version('vultus')}\n"
