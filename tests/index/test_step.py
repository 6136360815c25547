"""Steps of indexing."""

import pytest

from vultus.index.step import STEPS, all_steps, step, way


def test_every_step_says_what_it_does():
    assert all(each.description.endswith(".") or "." in each.description for each in all_steps().values())


def test_a_step_cannot_need_what_nothing_is_called():
    with pytest.raises(ValueError, match="The step oddity names wit, which nothing is called"):

        @step(gives={"wit"})
        def oddity(_):
            """Find wit."""

    assert "oddity" not in STEPS


def test_a_step_cannot_be_declared_twice():
    with pytest.raises(ValueError, match="The step exif is declared twice"):

        @step(gives={"exif"})
        def exif(_):
            """Read it again."""

    assert all_steps()["exif"].run.__module__ == "vultus.index.steps.exif"


def test_the_way_is_the_same_whatever_was_asked_for_first():
    wanted = frozenset(all_steps())
    assert way(wanted) == way.__wrapped__(frozenset(sorted(wanted, reverse=True)))
