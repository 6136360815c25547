import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, create_engine, insert, select

from vultus.catalog.paging import PageKey, in_pages, within
from vultus.errors import InvalidArgument

ENGINE = create_engine("sqlite://")
LETTERS = Table(
    "letters",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("letter", Text),
    Column("n", BigInteger),
    prefixes=["TEMPORARY"],
)


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(1, 5), st.sampled_from(["asc", "desc"]))
def test_pages_together_are_the_whole_list_in_order(letters, limit, order):
    rows = [{"id": number, "letter": letter, "n": 0} for number, letter in enumerate(letters)]
    shown, after = [], None
    with ENGINE.connect() as connection:
        LETTERS.metadata.create_all(connection)
        if rows:
            connection.execute(insert(LETTERS), rows)
        while True:
            query = in_pages(select(LETTERS.c.letter, LETTERS.c.id), LETTERS.c.letter, LETTERS.c.id, order, after)
            page = [tuple(row) for row in connection.execute(query.limit(limit))]
            shown += page
            if len(page) < limit:
                break
            after = PageKey(*page[-1])
    assert shown == sorted(((row["letter"], row["id"]) for row in rows), reverse=order == "desc")


def test_a_key_of_another_sort_is_refused():
    for column, value in ((LETTERS.c.letter, 1), (LETTERS.c.n, "a")):
        with pytest.raises(InvalidArgument, match="NextToken"):
            in_pages(select(LETTERS), column, LETTERS.c.id, "asc", PageKey(value, 1))


def test_bounds_are_included_and_may_be_left_out():
    assert [str(condition) for condition in within(LETTERS.c.n, (1, 2))] == ["letters.n >= :n_1", "letters.n <= :n_1"]
    assert [str(condition) for condition in within(LETTERS.c.n, (None, 2))] == ["letters.n <= :n_1"]
    assert within(LETTERS.c.n, None) == within(LETTERS.c.n, (None, None)) == []
