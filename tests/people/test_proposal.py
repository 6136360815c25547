"""A proposal tells a plan in people and numbers, and adds up."""

import msgspec
import numpy as np
from hypothesis import given

from tests.people.test_plan import columns, faces, keys, planned
from vultus.people.library import NONE
from vultus.people.plan import Plan
from vultus.people.proposal import Attaching, Joining, Parting, Person, Proposal, tell

PEOPLE = {key: Person(f"Cluster-{key}", name) for key, name in enumerate(["Anna", "", "Ben", ""])}


def test_each_change_is_told_with_its_people_and_faces():
    cluster = np.array([0, 0, 0, 1, 1, 2, 2, 2, 2, NONE, NONE, NONE])
    plan = Plan(attach=[(8, 0), (9, 0)], create=[np.array([5, 6, 10])], absorb=[(1, 0)], release=[7])
    assert tell(plan, cluster, PEOPLE, {"too few alike": 2}) == Proposal(
        faces=12,
        create=[3],
        attach=[Attaching(PEOPLE[0], 1)],
        join=[Joining(PEOPLE[0], PEOPLE[1], 2)],
        split=[Parting(PEOPLE[2], 4, 3)],
        skipped={"too few alike": 2},
    )


def test_where_nothing_changes_there_is_nothing_to_tell():
    proposal = tell(Plan(), np.array([0, NONE]), PEOPLE, {})
    assert proposal.empty
    assert msgspec.json.decode(msgspec.json.encode(proposal), type=Proposal) == proposal


@given(faces, keys)
def test_the_numbers_add_up(album, settled):
    plan = planned(album, settled=settled)
    _, current, _ = columns(album)
    after = plan.applied(current)
    told = tell(plan, current, PEOPLE, {})
    assert told.empty == (after == current).all()
    absorbed = {source for source, _ in plan.absorb}
    left = (current != NONE) & (after != current) & ~np.isin(current, list(absorbed))
    assert sum(each.faces for each in told.split) == left.sum()
    assert sum(each.placed for each in told.split) == (left & (after != NONE)).sum()
    assert sum(each.faces for each in told.attach) == ((current == NONE) & (after > NONE)).sum()
    assert sum(told.create) == (after < NONE).sum()
