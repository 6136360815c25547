import multiprocessing
import threading

import pytest

from vultus.catalog import Catalog
from vultus.catalog.database import Database
from vultus.catalog.memory import Memory
from vultus.model import FigureCluster

from .conftest import face


class Names:
    """Names of clusters, and how often they were read."""

    def __init__(self) -> None:
        self.stored = {"a": "Anna", "b": "Ben"}
        self.reads: list[list[str]] = []

    def read(self, keys):
        self.reads.append(list(keys))
        return {key: self.stored[key] for key in keys if key in self.stored}


@pytest.fixture
def names():
    return Names()


@pytest.fixture
def database(sqlite_url):
    opened = Database(sqlite_url)
    yield opened
    opened.close()


def rename(catalog, album, object_id, name):
    catalog.clusters.update(album.dataset, FigureCluster(object_id=object_id, name=name))


def name_of(catalog, album, object_id):
    return catalog.clusters.get(album.dataset, object_id).name


@pytest.fixture
def anna(album):
    album.add("a", face())
    object_id = album.found("a")
    rename(album.catalog, album, object_id, "Anna")
    return object_id


def test_what_was_read_is_not_read_again(database, names):
    memory = Memory(database, 10)
    assert memory.recall(["a"], names.read)["a"] == "Anna"
    found = memory.recall(["b", "a"], names.read)
    assert (found["a"], found["b"]) == ("Anna", "Ben")
    assert names.reads == [["a"], ["b"]]


def test_a_change_by_anybody_empties_it(database, names, sqlite_url):
    memory = Memory(database, 10)
    memory.recall(["a"], names.read)
    other = Catalog(sqlite_url)
    other.projects.create("new")
    names.stored["a"] = "Anne"
    assert memory.recall(["a"], names.read)["a"] == "Anne"
    other.close()


def test_what_is_not_there_is_looked_for_each_time(database, names):
    memory = Memory(database, 10)
    for _ in range(2):
        assert "c" not in memory.recall(["c"], names.read)
    assert names.reads == [["c"], ["c"]]


def test_it_holds_no_more_than_it_may(database, names):
    memory = Memory(database, 3)
    names.stored = {str(number): str(number) for number in range(100)}
    for number in range(100):
        held = memory.recall([str(number)], names.read)
        assert held[str(number)] == str(number)
        assert len(held) <= 3


def test_a_database_that_was_closed_and_opened_again_is_read_anew(database, names):
    memory = Memory(database, 10)
    memory.recall(["a"], names.read)
    database.close()
    memory.recall(["a"], names.read)
    assert len(names.reads) == 2


def test_a_cluster_is_as_it_is_after_every_change(catalog, album, anna):
    assert name_of(catalog, album, anna) == "Anna"
    rename(catalog, album, anna, "Anne")
    assert name_of(catalog, album, anna) == "Anne"
    album.delete("a")
    assert catalog.clusters.get_many(album.dataset, [anna]) == []


def test_a_transaction_sees_its_own_changes_and_nobody_those_it_takes_back(catalog, album, anna):
    assert name_of(catalog, album, anna) == "Anna"

    def rename_and_give_up():
        with catalog.transaction():
            rename(catalog, album, anna, "Anne")
            assert name_of(catalog, album, anna) == "Anne"
            raise InterruptedError

    with pytest.raises(InterruptedError):
        rename_and_give_up()
    assert name_of(catalog, album, anna) == "Anna"


def test_no_reader_sees_a_name_older_than_the_last_one_committed(catalog, album, anna):
    written = 0
    stale = []
    done = threading.Event()

    def watch():
        while not done.is_set():
            before = written
            seen = name_of(catalog, album, anna)
            if int(seen.removeprefix("Anna").strip() or 0) < before:
                stale.append((seen, before))

    readers = [threading.Thread(target=watch) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 120):
        rename(catalog, album, anna, f"Anna {number}")
        written = number
    done.set()
    for reader in readers:
        reader.join()
    assert stale == []


def _name_in_child(catalog, album, anna, answers):
    rename(catalog, album, anna, "Anna's child")
    answers.put(name_of(catalog, album, anna))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_reads_for_itself_and_its_parent_sees_what_it_wrote(catalog, album, anna):
    assert name_of(catalog, album, anna) == "Anna"
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_name_in_child, args=(catalog, album, anna, answers))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert answers.get() == "Anna's child"
    assert name_of(catalog, album, anna) == "Anna's child"
