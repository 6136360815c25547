"""Who waits for a run hears of it, but not of every step."""

import pytest

from tests.synthetic import SyntheticAlbum
from vultus.catalog import LeaseLost
from vultus.catalog.job import GROUPING, NewJob
from vultus.errors import ServiceUnavailable
from vultus.jobs import runs
from vultus.jobs.audience import PAUSE, SHARES, Audience, Unwanted, percent
from vultus.people.watch import Phase


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def album(catalog):
    return SyntheticAlbum.make(catalog)


@pytest.fixture
def ask(catalog, album):
    def ask(run=runs.USUAL):
        dataset = album.dataset
        task = catalog.tasks.create(dataset.project_id, dataset.id, run.task_type)
        catalog.jobs.put(run.kind, dataset_id=dataset.id, task=task.id, key=run.key(dataset.id))
        return task.id

    return ask


def begin(catalog, clock, run=runs.USUAL, lease=60):
    return Audience(catalog, catalog.jobs.claim("here:1", [run.kind], lease), run.task_type, clock)


def told(catalog, task):
    row = catalog.tasks.by_id(task)
    return row.phase, row.done, row.total


def test_a_step_within_a_phase_is_told_about_twice_a_second(catalog, ask, clock):
    task = ask()
    audience = begin(catalog, clock)
    audience.watch(Phase.EVIDENCE, 1, 1000)
    for done in range(2, 100):
        clock.now += PAUSE / 1000
        audience.watch(Phase.EVIDENCE, done, 1000)
    assert told(catalog, task) == ("Evidence", 1, 1000)
    clock.now += PAUSE
    audience.watch(Phase.EVIDENCE, 500, 1000)
    assert told(catalog, task) == ("Evidence", 500, 1000)


def test_a_new_phase_is_told_at_once(catalog, ask, clock):
    task = ask()
    audience = begin(catalog, clock)
    for phase in (Phase.LOADING, Phase.NEIGHBOURS):
        audience.watch(phase, 0, 7)
        assert told(catalog, task) == (phase, 0, 7)


def test_progress_never_goes_back_though_phases_do(catalog, ask, clock):
    task = ask()
    audience = begin(catalog, clock)
    seen = []
    for phase in (Phase.EVIDENCE, Phase.PARTITION, Phase.EVIDENCE, Phase.PARTITION, Phase.MERGING, Phase.PLACING):
        audience.watch(phase, 1, 2)
        seen.append(catalog.tasks.by_id(task).progress)
    assert seen == sorted(seen)
    assert seen[1] == seen[2] == seen[3] < seen[4]


def test_every_phase_has_its_share_of_the_hundred():
    assert list(SHARES) == list(Phase)
    assert sum(SHARES.values()) == 100
    assert (percent(Phase.LOADING, 0, 0), percent(Phase.PLACING, 9, 9), percent(Phase.PLACING, 99, 9)) == (0, 100, 100)


def test_all_tasks_of_a_run_hear_the_same_and_those_of_another_kind_nothing(catalog, ask, clock):
    first, second, other = ask(), ask(), ask(runs.FULL)
    begin(catalog, clock).watch(Phase.MERGING, 3, 4)
    assert told(catalog, first) == told(catalog, second) == ("Merging", 3, 4)
    assert told(catalog, other) == (None, 0, 0)


def test_a_cancellation_is_heard_within_the_pause(catalog, ask, clock):
    task = ask()
    audience = begin(catalog, clock)
    audience.watch(Phase.NEIGHBOURS, 1, 100)
    catalog.tasks.cancel(task, "anna")
    audience.watch(Phase.NEIGHBOURS, 2, 100)
    clock.now += PAUSE
    with pytest.raises(Unwanted):
        audience.watch(Phase.NEIGHBOURS, 3, 100)
    with pytest.raises(Unwanted):
        audience.end("{}")
    assert catalog.tasks.by_id(task).code == "TaskCancelled"


def test_a_run_that_another_worker_took_over_is_broken_off(catalog, ask, clock):
    ask()
    audience = begin(catalog, clock, lease=0)
    catalog.jobs.claim("here:2", [runs.USUAL.kind], 60)
    with pytest.raises(LeaseLost):
        audience.watch(Phase.LOADING, 0, 1)


def test_a_database_that_is_busy_for_a_moment_does_not_end_the_run(catalog, ask, clock, monkeypatch):
    task = ask()
    audience = begin(catalog, clock)

    def busy(*_):
        raise ServiceUnavailable("The database is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(catalog.tasks, "advance", busy)
        audience.watch(Phase.NEIGHBOURS, 1, 100)
    clock.now += PAUSE
    audience.watch(Phase.NEIGHBOURS, 2, 100)
    assert told(catalog, task) == ("Neighbours", 2, 100)


def test_runs_of_every_kind_share_the_lane_of_their_dataset():
    kinds = {run.kind for run in (runs.USUAL, runs.FULL, runs.PROPOSAL)}
    assert kinds <= set(GROUPING)
    assert {NewJob(kind=kind, dataset_id=7).lane for kind in GROUPING} == {"cluster:7"}
