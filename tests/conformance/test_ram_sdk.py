"""RAM and STS through the official SDKs, V3 and V1, and through the older ones: every operation, end to end."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts

from tests.conformance import raw
from tests.conformance.administrators import ADMINISTRATORS, STS_ACTIONS, Administrator
from tests.conformance.clients import CLIENTS, AnyClient, Credentials, Refused
from tests.conformance.running import Running
from tests.conformance.sdk_shape import shape
from tests.conformance.test_models import our_shape
from tests.operations.office import READ, WRITE, allowing
from vultus.operations.dispatch import operations
from vultus.ram import keyring

_numbers = count()

#: Parameters of the SDKs that say nothing here. Tags are refused.
LEFT_OUT = {"AllowConsoleLogin", "NewAllowConsoleLogin", "SourceIdentity", "Tag"}
OFFERED = [each for each in operations().values() if each.product in ("ram", "sts")]


@dataclass(frozen=True)
class Account:
    """The account of a running server, and the client that administers it as its root."""

    server: Running
    client: str
    root: Administrator

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        return self.root.call(action, **parameters)

    def refusal(self, action: str, **parameters: Any) -> tuple[int, str]:
        """Status and code of the error that a call ends with."""
        return refusal(self.root, action, **parameters)

    def name(self) -> str:
        """A name that nothing has yet."""
        return f"n{next(_numbers)}"

    def as_(self, credentials: Credentials) -> Administrator:
        """The same client, for somebody else."""
        return ADMINISTRATORS[self.client](self.server.endpoint, credentials)

    def user(self, *documents: str) -> tuple[str, Credentials]:
        """Make a user with policies; return name and key."""
        name = self.name()
        self.call("CreateUser", UserName=name)
        for number, document in enumerate(documents):
            policy = f"{name}-{number}"
            self.call("CreatePolicy", PolicyName=policy, PolicyDocument=document)
            self.call("AttachPolicyToUser", UserName=name, PolicyType="Custom", PolicyName=policy)
        key = self.call("CreateAccessKey", UserName=name)["AccessKey"]
        return name, Credentials(key["AccessKeyId"], key["AccessKeySecret"])

    def trusting(self, name: str = "root") -> str:
        """A trust policy."""
        principal = {"RAM": [f"acs:ram::{self.server.account.owner_id}:{name}"]}
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
        return json.dumps({"Version": "1", "Statement": [statement]})

    def everything(self, action: str, *path: str, **parameters: Any) -> list[dict[str, Any]]:
        """What a list holds, over all its pages."""
        found: list[dict[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            answer = self.call(action, MaxItems=2, **more, **parameters)
            found += answer[path[0]][path[1]]
            if not answer["IsTruncated"]:
                assert "Marker" not in answer
                return found
            more = {"Marker": answer["Marker"]}


def refusal(client: Administrator | AnyClient, action: str, **parameters: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as raised:
        client.call(action, **parameters)
    return raised.value.status, raised.value.code


@pytest.fixture(params=ADMINISTRATORS)
def account(server: Running, request: pytest.FixtureRequest) -> Account:
    credentials = Credentials(server.key.key_id, server.key.secret)
    return Account(server, request.param, ADMINISTRATORS[request.param](server.endpoint, credentials))


def as_imm(server: Running, client: str, credentials: Credentials | None = None) -> AnyClient:
    """A client of IMM: the root's, where nobody else is named."""
    return CLIENTS[client](server, key=credentials, token=credentials.token if credentials else "")


@pytest.mark.parametrize("operation", OFFERED, ids=lambda each: each.name)
def test_every_parameter_is_named_and_typed_as_in_the_sdk(operation):
    kind = getattr(sts if operation.name in STS_ACTIONS else ram, f"{operation.name}Request", None)
    theirs = {} if kind is None else shape(kind)
    ours = our_shape(operation.request)
    assert {name: each for name, each in ours.items() if name not in LEFT_OUT} == {
        name: each for name, each in theirs.items() if name not in LEFT_OUT
    }


def test_users(account):
    name = account.name()
    made = account.call("CreateUser", UserName=name, DisplayName="A é", Comments="She.", Email="a@b.c")["User"]
    assert (made["UserName"], made["DisplayName"], made["Comments"], made["Email"]) == (name, "A é", "She.", "a@b.c")
    changed = account.call("UpdateUser", UserName=name, NewUserName=f"{name}.x", NewMobilePhone="86-18600008888")
    assert (changed["User"]["UserName"], changed["User"]["MobilePhone"]) == (f"{name}.x", "86-18600008888")
    assert account.call("GetUser", UserName=f"{name}.x")["User"] == changed["User"]
    assert changed["User"] in account.everything("ListUsers", "Users", "User")
    account.call("DeleteUser", UserName=f"{name}.x")
    assert account.refusal("GetUser", UserName=f"{name}.x") == (404, "EntityNotExist.User")


def test_access_keys(account):
    name, key = account.user()
    second = account.call("CreateAccessKey", UserName=name)["AccessKey"]
    assert account.refusal("CreateAccessKey", UserName=name) == (409, "LimitExceeded.User.AccessKey")
    which = {"UserName": name, "UserAccessKeyId": second["AccessKeyId"]}
    account.call("UpdateAccessKey", Status="Inactive", **which)
    listed = account.call("ListAccessKeys", UserName=name)["AccessKeys"]["AccessKey"]
    assert [(each["AccessKeyId"], each["Status"]) for each in listed] == [
        (key.key_id, "Active"),
        (second["AccessKeyId"], "Inactive"),
    ]
    assert account.call("GetAccessKeyLastUsed", **which)["AccessKeyLastUsed"]["LastUsedDate"] == ""
    account.call("DeleteAccessKey", **which)
    assert account.refusal("DeleteAccessKey", **which) == (404, "EntityNotExist.User.AccessKey")


def test_groups(account):
    group, name = account.name(), account.user()[0]
    made = account.call("CreateGroup", GroupName=group, Comments="All.")["Group"]
    changed = account.call("UpdateGroup", GroupName=group, NewGroupName=f"{group}.x", NewComments="Us.")["Group"]
    assert (changed["GroupId"], changed["GroupName"], changed["Comments"]) == (made["GroupId"], f"{group}.x", "Us.")
    assert account.call("GetGroup", GroupName=f"{group}.x")["Group"] == changed
    assert changed in account.everything("ListGroups", "Groups", "Group")
    account.call("AddUserToGroup", UserName=name, GroupName=f"{group}.x")
    [member] = account.everything("ListUsersForGroup", "Users", "User", GroupName=f"{group}.x")
    assert member["UserName"] == name
    [joined] = account.call("ListGroupsForUser", UserName=name)["Groups"]["Group"]
    assert (joined["GroupName"], joined["GroupId"]) == (f"{group}.x", made["GroupId"])
    assert account.refusal("DeleteGroup", GroupName=f"{group}.x") == (409, "DeleteConflict.Group.User")
    account.call("RemoveUserFromGroup", UserName=name, GroupName=f"{group}.x")
    account.call("DeleteGroup", GroupName=f"{group}.x")
    assert account.refusal("GetGroup", GroupName=f"{group}.x") == (404, "EntityNotExist.Group")


def test_roles(account):
    name = account.name()
    given = {"RoleName": name, "AssumeRolePolicyDocument": account.trusting()}
    made = account.call("CreateRole", Description="Reads.", MaxSessionDuration=7200, **given)["Role"]
    assert made["Arn"] == f"acs:ram::{account.server.account.owner_id}:role/{name}"
    assert (made["MaxSessionDuration"], made["AssumeRolePolicyDocument"]) == (7200, account.trusting())
    changed = account.call("UpdateRole", RoleName=name, NewAssumeRolePolicyDocument=account.trusting("user/a"))["Role"]
    assert account.call("GetRole", RoleName=name)["Role"] == changed
    listed = {each["RoleName"]: each for each in account.everything("ListRoles", "Roles", "Role")}
    assert listed[name]["Description"] == "Reads."
    assert account.refusal("CreateRole", **given) == (409, "EntityAlreadyExists.Role")
    account.call("DeleteRole", RoleName=name)
    assert account.refusal("DeleteRole", RoleName=name) == (404, "EntityNotExist.Role")


def test_policies_and_their_versions(account):
    name = account.name()
    made = account.call("CreatePolicy", PolicyName=name, PolicyDocument=READ, Description="Reads.")["Policy"]
    assert (made["PolicyType"], made["DefaultVersion"]) == ("Custom", "v1")
    version = account.call("CreatePolicyVersion", PolicyName=name, PolicyDocument=WRITE)["PolicyVersion"]
    assert (version["VersionId"], version["IsDefaultVersion"]) == ("v2", False)
    account.call("SetDefaultPolicyVersion", PolicyName=name, VersionId="v2")
    which = {"PolicyType": "Custom", "PolicyName": name}
    answer = account.call("GetPolicy", **which)
    assert (answer["Policy"]["DefaultVersion"], answer["DefaultPolicyVersion"]["PolicyDocument"]) == ("v2", WRITE)
    versions = account.call("ListPolicyVersions", **which)["PolicyVersions"]["PolicyVersion"]
    assert [(each["VersionId"], each["IsDefaultVersion"]) for each in versions] == [("v2", True), ("v1", False)]
    old = account.call("GetPolicyVersion", VersionId="v1", **which)["PolicyVersion"]
    assert old["PolicyDocument"] == READ
    described = account.call("UpdatePolicyDescription", PolicyName=name, NewDescription="Writes.")["Policy"]
    assert described["Description"] == "Writes."
    assert account.refusal("DeletePolicy", PolicyName=name) == (409, "DeleteConflict.Policy.Version")
    account.call("DeletePolicyVersion", PolicyName=name, VersionId="v1")
    listed = account.everything("ListPolicies", "Policies", "Policy")
    assert {"AliyunIMMFullAccess", name} <= {each["PolicyName"] for each in listed}
    account.call("DeletePolicy", PolicyName=name)
    assert account.refusal("GetPolicy", **which) == (404, "EntityNotExist.Policy")
    assert account.refusal("CreatePolicy", PolicyName=name, PolicyDocument="{}") == (400, "MalformedPolicyDocument")


@pytest.mark.parametrize("holder", ["User", "Group", "Role"])
def test_attachments(account, holder):
    name = account.name()
    more = {"AssumeRolePolicyDocument": account.trusting()} if holder == "Role" else {}
    account.call(f"Create{holder}", **{f"{holder}Name": name}, **more)
    account.call("CreatePolicy", PolicyName=name, PolicyDocument=READ)
    whose = {f"{holder}Name": name}
    for which in (
        {"PolicyType": "Custom", "PolicyName": name},
        {"PolicyType": "System", "PolicyName": "AliyunIMMReadOnlyAccess"},
    ):
        account.call(f"AttachPolicyTo{holder}", **whose, **which)
        assert account.refusal(f"AttachPolicyTo{holder}", **whose, **which) == (
            409,
            f"EntityAlreadyExists.{holder}.Policy",
        )
        [listed] = account.call(f"ListPoliciesFor{holder}", **whose)["Policies"]["Policy"]
        assert {key: listed[key] for key in which} == which
        entities = account.call("ListEntitiesForPolicy", **which)
        assert name in {each[f"{holder}Name"] for each in entities[f"{holder}s"][holder]}
        account.call(f"DetachPolicyFrom{holder}", **whose, **which)
    assert account.call(f"ListPoliciesFor{holder}", **whose)["Policies"]["Policy"] == []


def test_an_administrators_day(account, monkeypatch):
    """A user is made, may look at one project, is put into a group that may more, and leaves."""
    monkeypatch.setattr(keyring, "BELIEVED", 0.0)  # else everything would count a second later
    project = f"p-{account.name()}"
    arn = f"acs:imm:*:{account.server.account.owner_id}:project/{project}"
    name, key = account.user(allowing("imm:GetProject", arn))
    imm = as_imm(account.server, "official V3" if "official" in account.client else "older POST", key)
    root = as_imm(account.server, "official V3")
    root.call("CreateProject", ProjectName=project)
    assert imm.call("GetProject", ProjectName=project)["Project"]["ProjectName"] == project
    for action, parameters in (("GetProject", {"ProjectName": "other"}), ("DeleteProject", {"ProjectName": project})):
        assert refusal(imm, action, **parameters) == (403, "NoPermission")
    account.call("CreateGroup", GroupName=name)
    account.call("AttachPolicyToGroup", GroupName=name, PolicyType="System", PolicyName="AliyunIMMFullAccess")
    account.call("AddUserToGroup", UserName=name, GroupName=name)
    imm.call("DeleteProject", ProjectName=project)
    assert refusal(account.as_(key), "ListUsers") == (403, "NoPermission")
    account.call("UpdateAccessKey", UserName=name, UserAccessKeyId=key.key_id, Status="Inactive")
    assert refusal(imm, "ListProjects") == (400, "InvalidAccessKeyId.Inactive")
    account.call("DeleteAccessKey", UserName=name, UserAccessKeyId=key.key_id)
    account.call("RemoveUserFromGroup", UserName=name, GroupName=name)
    account.call("DetachPolicyFromUser", UserName=name, PolicyType="Custom", PolicyName=f"{name}-0")
    account.call("DeleteUser", UserName=name)
    assert refusal(imm, "ListProjects") == (404, "InvalidAccessKeyId.NotFound")


def test_a_user_administers_what_a_policy_allows_and_their_own_keys(account):
    name, key = account.user()
    own = allowing("ram:*AccessKey*", f"acs:ram:*:{account.server.account.owner_id}:user/{name}")
    account.call("CreatePolicy", PolicyName=name, PolicyDocument=own)
    account.call("AttachPolicyToUser", UserName=name, PolicyType="Custom", PolicyName=name)
    client = account.as_(key)
    assert len(client.call("ListAccessKeys")["AccessKeys"]["AccessKey"]) == 1
    made = client.call("CreateAccessKey")["AccessKey"]
    client.call("DeleteAccessKey", UserAccessKeyId=made["AccessKeyId"])
    assert refusal(client, "ListAccessKeys", UserName=account.user()[0]) == (403, "NoPermission")
    assert refusal(client, "CreateUser", UserName="x") == (403, "NoPermission")
    assert client.call("GetCallerIdentity")["Arn"].endswith(f":user/{name}")


def begin(account: Account, *documents: str, **more: Any) -> tuple[dict[str, Any], Credentials]:
    """Take on a role that has policies; return the answer, and what the session signs with."""
    name, key = account.user(allowing("sts:AssumeRole"))
    made = account.call("CreateRole", RoleName=name, AssumeRolePolicyDocument=account.trusting(f"user/{name}"))
    for number, document in enumerate(documents):
        policy = {"PolicyType": "Custom", "PolicyName": f"role-{name}-{number}"}
        account.call("CreatePolicy", PolicyName=policy["PolicyName"], PolicyDocument=document)
        account.call("AttachPolicyToRole", RoleName=name, **policy)
    given = {"RoleArn": made["Role"]["Arn"], "RoleSessionName": "anna@home", **more}
    answer = account.as_(key).call("AssumeRole", **given)
    told = answer["Credentials"]
    return answer, Credentials(told["AccessKeyId"], told["AccessKeySecret"], told["SecurityToken"])


def test_a_session_tells_who_it_is(account):
    answer, session = begin(account)
    identity = account.as_(session).call("GetCallerIdentity")
    assert identity["IdentityType"] == "AssumedRoleUser"
    assert identity["PrincipalId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    assert identity["Arn"].endswith("/anna@home")
    assert account.call("GetCallerIdentity")["IdentityType"] == "Account"


@pytest.mark.parametrize("client", ["official V3", "official V1", "older GET", "older POST"])
def test_a_session_calls_imm_within_role_and_session_policy(account, client):
    project = f"p-{account.name()}"
    root = as_imm(account.server, "official V3")
    root.call("CreateProject", ProjectName=project)
    narrow = allowing("imm:GetProject", f"acs:imm:*:*:project/{project}")
    _, session = begin(account, WRITE, Policy=narrow)
    imm = as_imm(account.server, client, session)
    assert imm.call("GetProject", ProjectName=project)["Project"]["ProjectName"] == project
    assert refusal(imm, "GetProject", ProjectName="other") == (403, "NoPermission")
    assert refusal(imm, "DeleteProject", ProjectName=project) == (403, "NoPermission")
    _, reading = begin(account, READ, Policy=WRITE)
    assert refusal(as_imm(account.server, client, reading), "DeleteProject", ProjectName=project) == (
        403,
        "NoPermission",
    )


@pytest.mark.parametrize("client", ["official V3", "official V1", "older GET", "older POST"])
def test_a_session_that_is_over_or_not_whole_is_refused(account, client):
    service = account.server.service
    role = account.call("CreateRole", RoleName=account.name(), AssumeRolePolicyDocument=account.trusting())["Role"]
    over = service.tokens.issue(service.catalog.roles.get(role["RoleName"]), "anna", 0)
    other = service.tokens.issue(service.catalog.roles.get(role["RoleName"]), "anna", 900)
    keys = {
        "over": Credentials(over.claims.key_id, over.claims.secret, over.token),
        "tokenless": Credentials(other.claims.key_id, other.claims.secret),
        "mixed": Credentials(other.claims.key_id, other.claims.secret, over.token),
        "changed": Credentials(other.claims.key_id, other.claims.secret, other.token[:-8] + "AAAAAAA="),
    }
    codes = {name: refusal(as_imm(account.server, client, each), "ListProjects")[1] for name, each in keys.items()}
    assert codes == {
        "over": "InvalidSecurityToken.Expired",
        "tokenless": "MissingSecurityToken",
        "mixed": "InvalidSecurityToken.MismatchWithAccessKey",
        "changed": "InvalidSecurityToken.Malformed",
    }


def test_who_may_not_take_a_role_on_is_told(account):
    arn = account.call("CreateRole", RoleName=account.name(), AssumeRolePolicyDocument=account.trusting("user/x"))
    which = {"RoleArn": arn["Role"]["Arn"], "RoleSessionName": "anna"}
    _, distrusted = account.user(allowing("sts:AssumeRole"))
    _, unauthorised = account.user()
    assert account.refusal("AssumeRole", **which) == (403, "NoPermission")
    assert refusal(account.as_(distrusted), "AssumeRole", **which) == (403, "NoPermission")
    assert refusal(account.as_(unauthorised), "AssumeRole", **which) == (403, "NoPermission")


def test_xml_nests_lists_as_ram_does(server):
    for name in ("xml-a", "xml-b"):
        asked = {"Action": "CreateGroup", "Version": "2015-05-01", "GroupName": name}
        raw.send(server, "GET", f"/?{raw.urlencode(raw.v1(server, 'GET', asked))}")
    asked = {"Action": "ListGroups", "Version": "2015-05-01", "Format": "XML"}
    reply = raw.send(server, "GET", f"/?{raw.urlencode(raw.v1(server, 'GET', asked))}")
    text = reply.body.decode()
    assert reply.headers["content-type"] == "text/xml;charset=utf-8"
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?><ListGroupsResponse><RequestId>')
    groups = text[text.index("<Groups>") : text.index("</Groups>")]
    assert groups.count("<Group>") >= 2
    assert "<GroupName>xml-a</GroupName>" in groups
    asked = {"Action": "ListRoles", "Version": "2015-05-01", "Format": "XML"}
    reply = raw.send(server, "GET", f"/?{raw.urlencode(raw.v1(server, 'GET', asked))}")
    assert "<IsTruncated>false</IsTruncated>" in reply.body.decode()
