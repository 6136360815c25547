"""A proposal is told, and nothing of it done."""

import msgspec
import pytest

from tests.synthetic import SyntheticAlbum, face
from vultus.config import Jobs, Settings
from vultus.jobs.propose_clusters import ProposeClusters
from vultus.jobs.runs import PROPOSAL
from vultus.jobs.worker import Worker
from vultus.people.grouping import Grouping
from vultus.people.proposal import Proposal
from vultus.people.watch import Phase

MODEL = Settings().faces.profile


@pytest.fixture
def album(catalog):
    made = SyntheticAlbum.make(catalog)
    for number in range(4):
        made.add(f"oss://album/{number}.jpg", [face()], model=MODEL)  # the same face every time
    return made


def ask(album):
    catalog, dataset = album.catalog, album.dataset
    task = catalog.tasks.create(dataset.project_id, dataset.id, PROPOSAL.task_type)
    catalog.jobs.put(PROPOSAL.kind, dataset_id=dataset.id, task=task.id, key=PROPOSAL.key(dataset.id))
    return task.id


def worker(catalog, grouping=Grouping):
    handler = ProposeClusters(catalog, grouping(catalog, Settings()))
    return Worker("here:1", catalog, Jobs(attempts=1), {PROPOSAL.kind: handler})


def test_the_proposal_is_kept_with_its_task_and_nothing_is_changed(album, catalog):
    task = ask(album)
    assert worker(catalog).step()
    ended = catalog.tasks.by_id(task)
    proposal = msgspec.json.decode(ended.report, type=Proposal)
    assert (ended.status, proposal.faces, proposal.create) == ("Succeeded", 4, [4])
    population = catalog.overview.population(album.dataset.id)
    assert (population.clusters, population.grouped_figures) == (0, 0)
    assert not catalog.figures.load(album.dataset.id, MODEL).clustered.any()


def test_a_proposal_that_nobody_waits_for_any_more_is_broken_off(album, catalog):
    task = ask(album)
    catalog.tasks.cancel(task, "anna")
    assert worker(catalog).step()
    assert catalog.tasks.by_id(task).report is None
    assert catalog.jobs.counts(kind=PROPOSAL.kind).done == 1


def test_a_proposal_that_cannot_be_made_fails_its_task(album, catalog):
    class Broken(Grouping):
        def propose(self, dataset_id, watch):
            watch(Phase.LOADING, 0, 1)
            raise RuntimeError("out of order")

    task = ask(album)
    assert worker(catalog, Broken).step()
    failed = catalog.tasks.by_id(task)
    assert (failed.status, failed.code, failed.phase) == ("Failed", "InternalError", "Loading")
    assert "error of Vultus itself" in failed.message
