import inspect

import pytest

from vultus import errors
from vultus.api.catalogue import catalogue
from vultus.errors import InvalidArgument, VultusError
from vultus.operations.dispatch import operations

FAMILY = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, VultusError)]


def entries(error):
    return [each for each in catalogue() if (each.status, each.code) == (error.status, error.code)]


@pytest.mark.parametrize("error", FAMILY, ids=lambda each: each.__name__)
def test_every_error_is_in_it_with_when_it_comes_and_what_to_do(error):
    assert any(each.remedy == error.remedy for each in entries(error))
    for each in entries(error):
        assert each.when.endswith(".")
        assert each.remedy.endswith(".")


@pytest.mark.parametrize("error", FAMILY, ids=lambda each: each.__name__)
def test_every_error_says_itself_what_to_do(error):
    assert "remedy" in vars(error)


def test_an_error_outside_the_family_is_told_apart_by_its_status_or_not_at_all():
    operations()
    inside = {(each.status, each.code) for each in catalogue()}
    for error in below(VultusError):
        assert (error.status, error.code) in inside or error.status == VultusError.status


def below(base):
    for error in base.__subclasses__():
        yield error
        yield from below(error)


def test_a_head_that_is_too_long_is_in_it_though_its_code_is_a_common_one():
    assert {each.status for each in catalogue() if each.code == InvalidArgument.code} == {400, 431}


def test_what_is_wrong_with_the_server_is_told_by_one_entry():
    assert [each.code for each in catalogue() if each.status == 500] == ["InternalError"]
