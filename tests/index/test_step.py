"""Steps of indexing."""

import pytest

from vultus.index.step import STEPS, _in_order, all_steps, step, way


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


def test_a_step_comes_after_those_it_completes_where_they_are_taken():
    @step(gives={"title"}, after={"exif"})
    def amend(_):
        """Amend."""

    try:
        steps = {name: STEPS[name] for name in ("amend", "exif")}
        assert [each.name for each in _in_order(steps)] == ["exif", "amend"]
        assert [each.name for each in _in_order({"amend": STEPS["amend"]})] == ["amend"]
    finally:
        del STEPS["amend"]


def test_what_people_wear_is_told_after_what_the_picture_shows():
    assert all_steps()["people"].after == {"labels"}


def test_the_way_is_the_same_whatever_was_asked_for_first():
    wanted = frozenset(all_steps())
    assert way(wanted) == way.__wrapped__(frozenset(sorted(wanted, reverse=True)))
