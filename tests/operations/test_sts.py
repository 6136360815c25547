import json

import pytest

from tests.operations.office import READ, WRITE, Office, allowing
from vultus.errors import ExpiredSecurityToken, PermissionDenied, VultusError
from vultus.model import moment
from vultus.ram.principal import Principal

MAY_ASSUME = allowing("sts:AssumeRole")


@pytest.fixture
def reader(office: Office) -> str:
    """The ARN of a role that reads, which everybody in the account is trusted to take on."""
    made = office.call("CreateRole", RoleName="reader", AssumeRolePolicyDocument=office.trusting()).role
    office.call("CreatePolicy", PolicyName="read", PolicyDocument=READ)
    office.call("AttachPolicyToRole", RoleName="reader", PolicyType="Custom", PolicyName="read")
    return str(made.arn)


def assume(office: Office, caller: Principal, arn: str, **more):
    return office.desk.call_as(caller, "AssumeRole", "sts", **{"RoleArn": arn, "RoleSessionName": "anna", **more})


def refused(office: Office, caller: Principal, arn: str, **more) -> VultusError:
    with pytest.raises(VultusError) as raised:
        assume(office, caller, arn, **more)
    return raised.value


def session(office: Office, answer) -> Principal:
    return office.signer(answer.credentials.access_key_id, answer.credentials.security_token)


def test_a_session_is_what_alibaba_calls_it(office, reader):
    answer = assume(office, office.hire("alice", MAY_ASSUME), reader)
    role = office.call("GetRole", RoleName="reader").role
    assert answer.assumed_role_user.arn == f"{reader}/anna"
    assert answer.assumed_role_user.assumed_role_id == f"{role.role_id}:anna"
    assert answer.credentials.access_key_id.startswith("STS.")
    assert 3590 < (moment.from_wire(answer.credentials.expiration) - moment.now()) / moment.SECOND < 3601
    assert session(office, answer).arn == f"acs:ram::{office.owner_id}:assumed-role/reader/anna"


def test_a_session_may_do_what_its_role_may_and_nothing_else(office, reader):
    anna = session(office, assume(office, office.hire("alice", MAY_ASSUME, WRITE), reader))
    with pytest.raises(VultusError, match="project is not found"):
        office.desk.call_as(anna, "GetProject", ProjectName="p")
    with pytest.raises(PermissionDenied):
        office.desk.call_as(anna, "CreateProject", ProjectName="p")


def test_a_session_policy_narrows_and_never_widens(office, reader):
    alice = office.hire("alice", MAY_ASSUME)
    narrow = session(office, assume(office, alice, reader, Policy=allowing("imm:GetDataset")))
    wide = session(office, assume(office, alice, reader, Policy=WRITE))
    for anna in (narrow, wide):
        with pytest.raises(VultusError, match=r"project is not found"):
            office.desk.call_as(anna, "GetDataset", ProjectName="p", DatasetName="d")
        with pytest.raises(PermissionDenied):
            office.desk.call_as(anna, "CreateProject", ProjectName="p")
    with pytest.raises(PermissionDenied):
        office.desk.call_as(narrow, "GetProject", ProjectName="p")


def test_the_root_of_the_account_takes_on_no_roles(office, reader):
    error = refused(office, Principal(office.owner_id), reader)
    assert (error.status, error.code) == (403, "NoPermission")
    assert error.message.startswith("Roles may not be assumed by root accounts")


def test_a_caller_needs_a_policy_that_allows_it_on_the_role(office, reader):
    nobody = office.hire("nobody")
    elsewhere = office.hire("elsewhere", allowing("sts:AssumeRole", reader.replace("reader", "writer")))
    exactly = office.hire("exactly", allowing("sts:AssumeRole", reader))
    assert refused(office, nobody, reader).code == "NoPermission"
    assert refused(office, elsewhere, reader).code == "NoPermission"
    assert assume(office, exactly, reader).credentials


def test_the_trust_policy_of_the_role_has_to_name_the_caller(office):
    trust = office.trusting("user/alice")
    arn = office.call("CreateRole", RoleName="private", AssumeRolePolicyDocument=trust).role.arn
    alice, bob = office.hire("alice", MAY_ASSUME), office.hire("bob", MAY_ASSUME)
    assert assume(office, alice, arn).credentials
    error = refused(office, bob, arn)
    assert (error.status, error.code) == (403, "NoPermission")
    assert "trust policy" in error.message


def test_an_external_id_is_heeded(office):
    trust = office.trusting(Condition={"StringEquals": {"sts:ExternalId": "from-the-contract"}})
    arn = office.call("CreateRole", RoleName="partner", AssumeRolePolicyDocument=trust).role.arn
    alice = office.hire("alice", MAY_ASSUME)
    assert assume(office, alice, arn, ExternalId="from-the-contract").credentials
    assert refused(office, alice, arn, ExternalId="guess").code == "NoPermission"
    assert refused(office, alice, arn).code == "NoPermission"


def test_a_session_may_take_on_another_role_that_trusts_its_own(office, reader):
    office.call("CreatePolicy", PolicyName="assume", PolicyDocument=MAY_ASSUME)
    office.call("AttachPolicyToRole", RoleName="reader", PolicyType="Custom", PolicyName="assume")
    trust = office.trusting("role/reader")
    arn = office.call("CreateRole", RoleName="inner", AssumeRolePolicyDocument=trust).role.arn
    alice = office.hire("alice", MAY_ASSUME)
    anna = session(office, assume(office, alice, reader))
    assert session(office, assume(office, anna, arn)).user == "inner/anna"
    assert refused(office, alice, arn).code == "NoPermission"


def test_a_session_lasts_no_longer_than_its_role_allows(office, reader):
    alice = office.hire("alice", MAY_ASSUME)
    assert refused(office, alice, reader, DurationSeconds=3601).code == "InvalidParameter.DurationSeconds"
    office.call("UpdateRole", RoleName="reader", NewMaxSessionDuration=7200)
    answer = assume(office, alice, reader, DurationSeconds=7200)
    assert (moment.from_wire(answer.credentials.expiration) - moment.now()) / moment.SECOND > 7100


def test_a_session_ends_with_its_time_and_with_its_role(office, reader, monkeypatch):
    alice = office.hire("alice", MAY_ASSUME)
    short = assume(office, alice, reader, DurationSeconds=900)
    orphan = assume(office, alice, reader)
    now = moment.now()
    with monkeypatch.context() as later:
        later.setattr(moment, "now", lambda: now + 901 * moment.SECOND)
        with pytest.raises(ExpiredSecurityToken):
            session(office, short)
    office.call("DetachPolicyFromRole", RoleName="reader", PolicyType="Custom", PolicyName="read")
    office.call("DeleteRole", RoleName="reader")
    office.call("CreateRole", RoleName="reader", AssumeRolePolicyDocument=office.trusting())
    with pytest.raises(ExpiredSecurityToken):
        session(office, orphan)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"RoleArn": "reader"}, "InvalidParameter.RoleArn"),
        ({"RoleArn": "acs:ram::1:role/a/b"}, "InvalidParameter.RoleArn"),
        ({"RoleArn": "acs:ram::1234567890123456:user/reader"}, "InvalidParameter.RoleArn"),
        ({"RoleArn": "acs:ram::1:role/reader"}, "EntityNotExist.Role"),
        ({"RoleSessionName": "a"}, "InvalidParameter.RoleSessionName"),
        ({"RoleSessionName": "a/b"}, "InvalidParameter.RoleSessionName"),
        ({"RoleSessionName": "a" * 65}, "InvalidParameter.RoleSessionName"),
        ({"DurationSeconds": 899}, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": -1}, "InvalidParameter.DurationSeconds"),
        ({"Policy": "{}"}, "InvalidParameter.PolicyGrammar"),
        ({"Policy": READ + " " * 2048}, "InvalidParameter.PolicySize"),
        ({"ExternalId": "a b"}, "InvalidParameter.ExternalId"),
        ({"ExternalId": ""}, "InvalidParameter.ExternalId"),
        ({"RoleSessionName": ""}, "MissingRoleSessionName"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_the_codes_of_sts(office, reader, parameters, code):
    alice = office.hire("alice", MAY_ASSUME)
    error = refused(office, alice, reader, **parameters)
    assert error.code == code
    assert error.message.endswith(".")


def test_a_role_is_found_as_its_name_is_written(office, reader):
    deny = json.loads(allowing("sts:AssumeRole", reader, "Deny"))["Statement"]
    both = json.dumps({"Version": "1", "Statement": [*json.loads(MAY_ASSUME)["Statement"], *deny]})
    alice = office.hire("alice", both)
    assert refused(office, alice, reader.replace("reader", "READER")).code == "EntityNotExist.Role"


def test_everybody_may_ask_who_they_are(office, reader):
    alice = office.hire("alice", MAY_ASSUME)
    anna = session(office, assume(office, alice, reader))
    root, user, role = (
        office.desk.call_as(each, "GetCallerIdentity", "sts") for each in (Principal(office.owner_id), alice, anna)
    )
    owner = office.owner_id
    assert (root.identity_type, root.account_id, root.arn) == ("Account", owner, f"acs:ram::{owner}:root")
    assert (root.principal_id, root.user_id, bool(root.role_id)) == (owner, owner, False)
    user_id = office.call("GetUser", UserName="alice").user.user_id
    assert (user.identity_type, user.account_id, user.arn) == ("RAMUser", owner, f"acs:ram::{owner}:user/alice")
    assert (user.principal_id, user.user_id, bool(user.role_id)) == (user_id, user_id, False)
    role_id = office.call("GetRole", RoleName="reader").role.role_id
    assert (role.identity_type, role.arn) == ("AssumedRoleUser", f"acs:ram::{owner}:assumed-role/reader/anna")
    assert (role.principal_id, role.role_id, bool(role.user_id)) == (f"{role_id}:anna", role_id, False)
