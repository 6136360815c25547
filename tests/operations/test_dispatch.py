import pytest

from tests.operations.conftest import REQUEST_ID
from vultus.errors import VultusError
from vultus.operations.actions import IMM_ACTIONS
from vultus.operations.dispatch import find_operation, operations
from vultus.operations.operation import VERSIONS


def refusal(version: str, action: str) -> VultusError:
    with pytest.raises(VultusError) as refused:
        find_operation(version, action)
    return refused.value


def test_an_answer_carries_the_id_of_its_request(desk):
    assert desk.call("ListProjects").request_id == REQUEST_ID


@pytest.mark.parametrize("action", sorted(IMM_ACTIONS - {name for _, name in operations()}))
def test_an_operation_of_imm_that_is_not_offered_is_501_and_named(action):
    error = refusal("2020-09-30", action)
    assert (error.status, error.code) == (501, "UnsupportedOperation")
    assert error.message == f"{action} is an operation of IMM that Vultus does not offer."


@pytest.mark.parametrize("action", ["BakeCake", "batchgetfigurecluster", "GetProgress", "BatchGetFigureCluster "])
def test_an_operation_that_nobody_knows_is_404(action):
    error = refusal("2020-09-30", action)
    assert (error.status, error.code) == (404, "InvalidApi.NotFound")
    assert action in error.message


def test_an_operation_of_imm_is_not_one_of_ours():
    assert refusal(VERSIONS["vultus"], "SimpleQuery").code == "InvalidApi.NotFound"


@pytest.mark.parametrize("version", ["2017-09-06", "latest"])
def test_a_version_that_no_product_has_is_404(version):
    error = refusal(version, "GetProject")
    assert (error.status, error.code) == (404, "InvalidVersion")


def test_a_call_without_action_or_version_misses_it():
    assert refusal("2020-09-30", "").code == "MissingAction"
    assert refusal("", "GetProject").code == "MissingVersion"
