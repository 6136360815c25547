"""The RAM and STS clients that Alibaba publishes: every answer is held against the classes of the official SDKs."""

import json
import re
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient

from tests.conformance.clients import Credentials, Refused
from tests.conformance.sdk_shape import attributes, faults

STS_ACTIONS = {"AssumeRole", "GetCallerIdentity"}

_USER = {"UserId", "UserName", "DisplayName", "MobilePhone", "Email", "Comments", "CreateDate"}
_GROUP = {"GroupId", "GroupName", "Comments", "CreateDate"}
_ROLE = {"RoleId", "RoleName", "Arn", "Description", "MaxSessionDuration", "CreateDate"}
_POLICY = {"PolicyName", "PolicyType", "Description", "DefaultVersion", "CreateDate"}
_ATTACHED = {"PolicyName", "PolicyType", "Description", "DefaultVersion", "AttachDate"}
_VERSION = {"VersionId", "IsDefaultVersion", "CreateDate"}
_LIST = {"IsTruncated"}

#: What is always there, for each class of the SDKs; every answer has its RequestId.
PROMISED = {
    "CreateUserResponseBody": {"User"},
    "CreateUserResponseBodyUser": _USER,
    "GetUserResponseBody": {"User"},
    "GetUserResponseBodyUser": _USER | {"UpdateDate"},
    "UpdateUserResponseBody": {"User"},
    "UpdateUserResponseBodyUser": _USER | {"UpdateDate"},
    "ListUsersResponseBody": _LIST | {"Users"},
    "ListUsersResponseBodyUsers": {"User"},
    "ListUsersResponseBodyUsersUser": _USER | {"UpdateDate"},
    "CreateAccessKeyResponseBody": {"AccessKey"},
    "CreateAccessKeyResponseBodyAccessKey": {"AccessKeyId", "AccessKeySecret", "Status", "CreateDate"},
    "ListAccessKeysResponseBody": {"AccessKeys"},
    "ListAccessKeysResponseBodyAccessKeys": {"AccessKey"},
    "ListAccessKeysResponseBodyAccessKeysAccessKey": {"AccessKeyId", "Status", "CreateDate"},
    "GetAccessKeyLastUsedResponseBody": {"AccessKeyLastUsed"},
    "GetAccessKeyLastUsedResponseBodyAccessKeyLastUsed": {"LastUsedDate"},
    "CreateGroupResponseBody": {"Group"},
    "CreateGroupResponseBodyGroup": _GROUP,
    "GetGroupResponseBody": {"Group"},
    "GetGroupResponseBodyGroup": _GROUP | {"UpdateDate"},
    "UpdateGroupResponseBody": {"Group"},
    "UpdateGroupResponseBodyGroup": _GROUP | {"UpdateDate"},
    "ListGroupsResponseBody": _LIST | {"Groups"},
    "ListGroupsResponseBodyGroups": {"Group"},
    "ListGroupsResponseBodyGroupsGroup": _GROUP | {"UpdateDate"},
    "ListGroupsForUserResponseBody": {"Groups"},
    "ListGroupsForUserResponseBodyGroups": {"Group"},
    "ListGroupsForUserResponseBodyGroupsGroup": {"GroupId", "GroupName", "Comments", "JoinDate"},
    "ListUsersForGroupResponseBody": _LIST | {"Users"},
    "ListUsersForGroupResponseBodyUsers": {"User"},
    "ListUsersForGroupResponseBodyUsersUser": {"UserName", "DisplayName", "JoinDate"},
    "CreateRoleResponseBody": {"Role"},
    "CreateRoleResponseBodyRole": _ROLE | {"AssumeRolePolicyDocument"},
    "GetRoleResponseBody": {"Role"},
    "GetRoleResponseBodyRole": _ROLE | {"AssumeRolePolicyDocument", "UpdateDate"},
    "UpdateRoleResponseBody": {"Role"},
    "UpdateRoleResponseBodyRole": _ROLE | {"AssumeRolePolicyDocument", "UpdateDate"},
    "ListRolesResponseBody": _LIST | {"Roles"},
    "ListRolesResponseBodyRoles": {"Role"},
    "ListRolesResponseBodyRolesRole": _ROLE | {"UpdateDate"},
    "CreatePolicyResponseBody": {"Policy"},
    "CreatePolicyResponseBodyPolicy": _POLICY,
    "GetPolicyResponseBody": {"Policy", "DefaultPolicyVersion"},
    "GetPolicyResponseBodyPolicy": _POLICY | {"AttachmentCount", "PolicyDocument", "UpdateDate"},
    "GetPolicyResponseBodyDefaultPolicyVersion": _VERSION | {"PolicyDocument"},
    "ListPoliciesResponseBody": _LIST | {"Policies"},
    "ListPoliciesResponseBodyPolicies": {"Policy"},
    "ListPoliciesResponseBodyPoliciesPolicy": _POLICY | {"AttachmentCount", "UpdateDate"},
    "CreatePolicyVersionResponseBody": {"PolicyVersion"},
    "CreatePolicyVersionResponseBodyPolicyVersion": _VERSION | {"PolicyDocument"},
    "GetPolicyVersionResponseBody": {"PolicyVersion"},
    "GetPolicyVersionResponseBodyPolicyVersion": _VERSION | {"PolicyDocument"},
    "ListPolicyVersionsResponseBody": {"PolicyVersions"},
    "ListPolicyVersionsResponseBodyPolicyVersions": {"PolicyVersion"},
    "ListPolicyVersionsResponseBodyPolicyVersionsPolicyVersion": _VERSION | {"PolicyDocument"},
    "ListEntitiesForPolicyResponseBody": {"Users", "Groups", "Roles"},
    "ListEntitiesForPolicyResponseBodyUsersUser": {"UserId", "UserName", "DisplayName", "AttachDate"},
    "ListEntitiesForPolicyResponseBodyGroupsGroup": {"GroupName", "Comments", "AttachDate"},
    "ListEntitiesForPolicyResponseBodyRolesRole": {"RoleId", "RoleName", "Arn", "Description", "AttachDate"},
    "AssumeRoleResponseBody": {"AssumedRoleUser", "Credentials"},
    "AssumeRoleResponseBodyAssumedRoleUser": {"Arn", "AssumedRoleId"},
    "AssumeRoleResponseBodyCredentials": {"AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"},
    "GetCallerIdentityResponseBody": {"AccountId", "Arn", "IdentityType", "PrincipalId"},
}
for _holder in ("User", "Group", "Role"):
    PROMISED |= {
        f"ListPoliciesFor{_holder}ResponseBody": {"Policies"},
        f"ListPoliciesFor{_holder}ResponseBodyPolicies": {"Policy"},
        f"ListPoliciesFor{_holder}ResponseBodyPoliciesPolicy": _ATTACHED,
    }


class Administrator(Protocol):
    """A client of RAM and STS."""

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Return the body of the answer, decoded, or raise Refused.

        Fails when the answer, as it came, is not what the official SDK's classes say.
        """


class Official:
    """The official SDKs with their typed methods, signing as version 3 or 1."""

    def __init__(self, endpoint: str, credentials: Credentials, *, v1: bool = False) -> None:
        self._config = Config(
            access_key_id=credentials.key_id,
            access_key_secret=credentials.secret,
            security_token=credentials.token or None,
            endpoint=endpoint,
            protocol="HTTP",
            signature_algorithm="v2" if v1 else None,  # the SDK's own name for version 1
        )

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        client = _recording(StsClient if action in STS_ACTIONS else RamClient)(self._config)
        method = getattr(client, re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower())
        kind = getattr(_models(action), f"{action}Request", None)
        request = () if kind is None else (kind(**{attributes(kind)[name]: each for name, each in parameters.items()}),)
        try:
            body = method(*request).body
        except AlibabaCloudException as error:
            message = (error.data or {})["Message"]
            raise Refused(error.status_code, error.code, message, error.request_id) from None
        answer: dict[str, Any] = client.answer["body"]
        _check(answer, action)
        assert body.request_id == answer["RequestId"]
        return answer


class Older:
    """``aliyun-python-sdk-ram`` and ``-sts``, a code base of their own, which sign as version 1."""

    def __init__(self, endpoint: str, credentials: Credentials, *, method: str) -> None:
        self._endpoint = endpoint
        self._method = method
        if credentials.token:
            signer = StsTokenCredential(credentials.key_id, credentials.secret, credentials.token)
        else:
            signer = AccessKeyCredential(credentials.key_id, credentials.secret)
        self._client = AcsClient(region_id="local", credential=signer)

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        package = "aliyunsdksts.request.v20150401" if action in STS_ACTIONS else "aliyunsdkram.request.v20150501"
        request = getattr(import_module(f"{package}.{action}Request"), f"{action}Request")()
        request.set_endpoint(self._endpoint)
        request.set_method(self._method)
        request.set_protocol_type("http")
        for name, value in parameters.items():
            getattr(request, f"set_{name}")(value)
        try:
            answer: dict[str, Any] = json.loads(self._client.do_action_with_exception(request))
        except ServerException as error:
            told = error.get_http_status(), error.get_error_code(), error.get_error_msg(), error.get_request_id()
            raise Refused(*told) from None
        finally:
            self._client.session.close()
        _check(answer, action)
        return answer


#: Every way of administering that the clients have.
ADMINISTRATORS: dict[str, Callable[[str, Credentials], Administrator]] = {
    "official V3": Official,
    "official V1": partial(Official, v1=True),
    "older GET": partial(Older, method="GET"),
    "older POST": partial(Older, method="POST"),
}


def _models(action: str) -> ModuleType:
    return sts if action in STS_ACTIONS else ram


def _check(answer: dict[str, Any], action: str) -> None:
    body = getattr(_models(action), f"{action}ResponseBody")
    promised = {**PROMISED, body.__name__: {"RequestId"} | PROMISED.get(body.__name__, set())}
    wrong = faults(answer, body, promised)
    assert not wrong, "\n".join(wrong)


def _recording(kind: type[Any]) -> Any:
    """The official client, which keeps the last answer as it came."""

    class Recording(kind):  # type: ignore[misc]
        answer: dict[str, Any]

        def call_api(self, params: Any, request: Any, runtime: Any) -> dict[str, Any]:
            self.answer = super().call_api(params, request, runtime)
            return self.answer

    return Recording
