"""``vultus audit`` says what is wrong, and puts it right when asked to."""

from contextlib import closing

from sqlalchemy import update

from tests.synthetic import SyntheticAlbum
from vultus.catalog import Catalog, schema
from vultus.config import Settings


def test_what_is_wrong_is_told_then_repaired(vultus, home):
    vultus("audit")  # makes the home
    with closing(Catalog(Settings(home=home).database_url)) as catalog:
        anna = SyntheticAlbum.make(catalog, "default", "photos").person("anna")
        assert (vultus("audit").code, vultus("audit").out) == (0, "All is as it should be.\n")
        with catalog._database.writing() as connection:
            connection.execute(update(schema.clusters).values(image_count=9))
    told = vultus("audit")
    assert told.code == 1
    assert told.out.startswith("Broken: What a person says of its faces is true")
    assert anna in told.out
    assert vultus("audit", "--json").json[0]["Ids"] == [anna]
    fixed = vultus("audit", "--fix")
    assert fixed.code == 0
    assert fixed.out.startswith("Repaired: ")
    assert vultus("audit").code == 0
