"""Who may call what, how often, and what is left of it: the same for every operation."""

import json
import re

import pytest

from tests.operations.conftest import REQUEST_ID
from vultus.config import Limits, Ram
from vultus.errors import InvalidArgument, InvalidParameter, PermissionDenied, ThrottledUser
from vultus.operations.dispatch import operations
from vultus.ram.policy import Policy
from vultus.ram.principal import Principal

EVERY = sorted(operations().values(), key=lambda each: (each.product, each.name))


@pytest.fixture
def anna(desk):
    """A user, with the statements of a policy."""

    def make(*statements):
        document = json.dumps({"Version": "1", "Statement": list(statements)})
        policies = (Policy.parse(document),) if statements else ()
        return Principal(desk.owner, "LTAIanna", "anna", "User", "201234567890123456", policies)

    return make


def allow(action, resource="*", **condition):
    return {
        "Effect": "Allow",
        "Action": action,
        "Resource": resource,
        **({"Condition": condition} if condition else {}),
    }


SOME = {
    "DecisionId": "1",
    "FigureCluster": '{"ObjectId":"a"}',
    "FigureIds": '["a"]',
    "File": '{"URI":"oss://a/b"}',
    "Files": '[{"URI":"oss://a/b"}]',
    "Froms": '["a"]',
    "NewAccessKeyStatus": "Active",
    "ObjectIds": '["a"]',
    "PolicyType": "Custom",
    "RoleArn": "acs:ram::1:role/a",
    "RoleSessionName": "anna",
    "Source": '{"URI1":"oss://a/b","URI2":"oss://a/c"}',
    "Status": "Active",
    "TaskType": "FaceClustering",
    "URIs": '["a"]',
}


def parameters_of(each):
    """Something for each parameter that must be there."""
    needed = {
        "CreateFigureClustersMergingTask": {"From": "b"},
        "DistinguishFigureClusters": {"ObjectIds": '["a","b"]'},
        "ExplainPermission": {"UserName": "anna"},
    }
    return {
        parameter.wire: SOME.get(parameter.wire, "a") for parameter in each.reader.parameters if parameter.required
    } | needed.get(each.name, {})


def test_only_who_one_is_may_be_asked_without_a_policy():
    assert [each.name for each in EVERY if not each.resources] == ["GetCallerIdentity"]


@pytest.mark.parametrize(
    "each", [each for each in EVERY if each.resources], ids=lambda each: f"{each.product}:{each.name}"
)
def test_nobody_calls_an_operation_without_a_policy_that_allows_it(desk, anna, each):
    with pytest.raises(PermissionDenied):
        desk.call_as(anna(), each.name, each.product, **parameters_of(each))
    [entry] = desk.trail()
    assert (entry.code, entry.principal) == ("NoPermission", f"acs:ram::{desk.owner}:user/anna")


def names_of(each):
    """The parameters that name what an operation is about."""
    return {name for resource in each.resource_names for name in re.findall(r"\{([A-Z]\w+)\}", resource)}


@pytest.mark.parametrize(
    "each", [each for each in EVERY if names_of(each)], ids=lambda each: f"{each.product}:{each.name}"
)
def test_no_policy_is_asked_of_a_name_that_is_longer_than_any_and_none_is_in_the_trail(desk, anna, each):
    for name in sorted(names_of(each)):
        with pytest.raises((InvalidArgument, InvalidParameter), match=name):
            desk.call_as(anna(allow("*")), each.name, each.product, **parameters_of(each) | {name: "a" * 1_000_000})
    for entry in desk.trail():
        assert not entry.resources


def test_a_policy_for_one_dataset_opens_no_other(desk, album, anna):
    caller = anna(allow("imm:*", f"acs:imm:*:{desk.owner}:project/family/dataset/photos"))
    desk.call_as(caller, "QueryFigureClusters", ProjectName="family", DatasetName="photos")
    with pytest.raises(PermissionDenied, match="dataset/other"):
        desk.call_as(caller, "QueryFigureClusters", ProjectName="family", DatasetName="other")
    with pytest.raises(PermissionDenied):
        desk.call_as(caller, "GetProject", ProjectName="family")


def test_the_region_of_a_resource_is_that_of_the_server(desk, album, anna):
    where = {"ProjectName": "family", "DatasetName": "photos"}
    desk.call_as(anna(allow("imm:*", f"acs:imm:local:{desk.owner}:project/family/*")), "QueryFigureClusters", **where)
    with pytest.raises(PermissionDenied):
        desk.call_as(
            anna(allow("imm:*", f"acs:imm:cn-beijing:{desk.owner}:project/family/*")), "QueryFigureClusters", **where
        )


def test_a_project_covers_its_datasets_where_the_settings_say_so(desk, album, anna):
    where = {"ProjectName": "family", "DatasetName": "photos"}
    project = f"acs:imm:*:{desk.owner}:project/family"
    caller = anna(allow("imm:*", project))
    with pytest.raises(PermissionDenied):
        desk.call_as(caller, "QueryFigureClusters", **where)
    desk.service.settings.ram = Ram(project_covers_datasets=True)
    desk.call_as(caller, "QueryFigureClusters", **where)
    for denied in (project, f"{project}/dataset/photos"):
        statement = {"Effect": "Deny", "Action": "imm:Query*", "Resource": denied}
        with pytest.raises(PermissionDenied, match="a policy denies it"):
            desk.call_as(anna(allow("imm:*"), statement), "QueryFigureClusters", **where)


def test_nobody_is_told_to_have_signed_in_by_two_factors_or_not_to_have(desk, anna):
    denial = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"acs:MFAPresent": "false"}}}
    desk.call_as(anna(allow("*"), denial), "ListProjects")
    with pytest.raises(PermissionDenied):
        desk.call_as(anna(allow("*", Bool={"acs:MFAPresent": "true"})), "ListProjects")


def test_conditions_see_address_encryption_and_time(desk, anna):
    caller = anna(
        allow(
            "imm:ListProjects",
            IpAddress={"acs:SourceIp": "192.168.0.0/16"},
            Bool={"acs:SecureTransport": "true"},
            DateLessThan={"acs:CurrentTime": "2100-01-01T00:00:00Z"},
        )
    )
    desk.call_as(caller, "ListProjects", source_address="192.168.7.7", secure=True)
    for address, secure in (("10.0.0.1", True), ("192.168.7.7", False), ("", True)):
        with pytest.raises(PermissionDenied):
            desk.call_as(caller, "ListProjects", source_address=address, secure=secure)


@pytest.mark.parametrize("source", ["api", "console", "cli"])
def test_every_way_in_passes_the_same_gate_and_leaves_its_trail(desk, anna, source):
    with pytest.raises(PermissionDenied):
        desk.call_as(anna(), "ListProjects", source=source, source_address="10.1.2.3")
    [entry] = desk.trail()
    assert (entry.source, entry.source_address, entry.access_key_id) == (source, "10.1.2.3", "LTAIanna")
    assert (entry.action, entry.status, entry.code) == ("imm:ListProjects", 403, "NoPermission")
    assert entry.resources == [f"acs:imm:local:{desk.owner}:*"]
    assert entry.request_id == REQUEST_ID


def test_what_succeeded_what_failed_and_what_nobody_knows_leaves_a_trail(desk):
    desk.call("ListProjects")
    desk.refusal("GetProject", ProjectName="none")
    desk.refusal("BakeCake")
    desk.refusal("GetProject")
    assert [(each.action, each.code, each.status) for each in desk.trail()] == [
        ("imm:ListProjects", "", 200),
        ("imm:GetProject", "ResourceNotFound", 400),
        ("2020-09-30:BakeCake", "InvalidApi.NotFound", 404),
        ("imm:GetProject", "MissingProjectName", 400),
    ]


def test_a_defect_of_the_server_leaves_a_trail_too(desk, monkeypatch):
    def broken(*arguments, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(type(desk.catalog.projects), "page", broken)
    with pytest.raises(ZeroDivisionError):
        desk.call("ListProjects")
    assert (desk.trail()[0].code, desk.trail()[0].status) == ("InternalError", 500)


def test_a_project_that_is_asked_too_often_is_refused_for_a_moment(desk, album):
    desk.service.settings.limits = Limits(project_queries_per_second=2)
    where = {"ProjectName": "family", "DatasetName": "photos"}
    desk.call("QueryFigureClusters", **where)
    desk.call("QueryFigureClusters", **where)
    with pytest.raises(ThrottledUser) as refused:
        ask_often(desk, where)
    assert (refused.value.code, refused.value.status) == ("Throttling.User", 400)
    assert 0 < refused.value.retry_after <= 500  # ms
    desk.refusal("GetProject", ProjectName="other")
    assert desk.trail()[-1].code == "ResourceNotFound"  # another project has a rate of its own


def ask_often(desk, where):
    for _ in range(20):
        desk.call("QueryFigureClusters", **where)


def test_the_command_line_of_this_machine_has_no_limit(desk, album):
    desk.service.settings.limits = Limits(project_queries_per_second=1)
    for _ in range(10):
        desk.call_as(
            Principal(desk.owner), "QueryFigureClusters", source="cli", ProjectName="family", DatasetName="photos"
        )


def test_who_may_not_call_takes_nothing_from_the_rate_of_those_who_may(desk, album, anna):
    desk.service.settings.limits = Limits(project_queries_per_second=1)
    for _ in range(10):
        with pytest.raises(PermissionDenied):
            desk.call_as(anna(), "QueryFigureClusters", ProjectName="family", DatasetName="photos")
    desk.call("QueryFigureClusters", ProjectName="family", DatasetName="photos")
