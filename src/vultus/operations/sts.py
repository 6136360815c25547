"""STS: sessions of roles, and who calls."""

import re
from typing import Annotated

from msgspec import UNSET, Meta

from vultus.catalog.roles import SESSION_DURATION
from vultus.errors import EntityNotExist, InvalidParameter, MalformedPolicy, PermissionDenied
from vultus.model.moment import to_second
from vultus.model.wire import Text, Wire
from vultus.operations.call import Call
from vultus.operations.operation import Request, Response, operation
from vultus.operations.ram.rules import SESSION_NAME, SessionName
from vultus.operations.resource import ROLE_ARN
from vultus.ram.policy import Policy
from vultus.ram.trust import Trust

SHORTEST_SESSION = 900  # seconds (STS's own)
LONGEST_POLICY = 2048  # characters (STS's own)

_ROLE_ARN = re.compile(r"acs:ram::(\d+):role/([^/:*?]+)", re.ASCII)
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")


class AssumedRoleUser(Wire):
    """Who acts in a session."""

    arn: str
    assumed_role_id: str


class Credentials(Wire):
    """What a session signs requests with, and until when."""

    access_key_id: str
    access_key_secret: str
    security_token: str
    expiration: str


class AssumeRoleRequest(Request):
    role_arn: str
    role_session_name: SessionName
    duration_seconds: Annotated[int, Meta(description="900 to the MaxSessionDuration of the role")] = SESSION_DURATION
    policy: Annotated[str, Meta(description=f"a policy in JSON, of up to {LONGEST_POLICY} characters")] = ""
    external_id: Text = UNSET

    def __post_init__(self) -> None:
        """Check what a type cannot say."""
        if not SESSION_NAME.fits(self.role_session_name):
            raise InvalidParameter("RoleSessionName", f"RoleSessionName must be {SESSION_NAME.described}.")
        if isinstance(self.external_id, str) and not _EXTERNAL_ID.fullmatch(self.external_id):
            raise InvalidParameter("ExternalId", "ExternalId must be 2 to 1224 letters, digits and _ + = , . @ : / -.")
        if len(self.policy) > LONGEST_POLICY:
            raise InvalidParameter("PolicySize", f"Policy must be a policy of at most {LONGEST_POLICY} characters.")


class AssumeRoleResponse(Response):
    assumed_role_user: AssumedRoleUser
    credentials: Credentials


@operation(level="none", resource=ROLE_ARN, product="sts")
def assume_role(call: Call, request: AssumeRoleRequest) -> AssumeRoleResponse:
    """Begin a session of a role: until it ends, its key and token stand for the role.

    The policies of the caller have to allow it, and the role's trust policy has to name the caller. With Policy, the
    session may do what both the role's policies and this one allow. The root of the account takes on no roles.
    """
    caller, owner_id = call.principal, call.principal.owner_id
    if caller.kind == "Root":
        raise PermissionDenied("Roles may not be assumed by root accounts; call as a user or in a session.")
    role = call.catalog.roles.get(_role_name(request.role_arn, owner_id))
    external = {"sts:ExternalId": request.external_id} if isinstance(request.external_id, str) else {}
    if not Trust.parse(role.trust_document).allows(caller, call.context | external):
        raise PermissionDenied(f"The trust policy of the role {role.name} does not let the caller take it on.")
    if not SHORTEST_SESSION <= request.duration_seconds <= role.max_session_duration:
        limits = f"{SHORTEST_SESSION} to {role.max_session_duration}"
        raise InvalidParameter("DurationSeconds", f"DurationSeconds must be {limits} for the role {role.name}.")
    _check_policy(request.policy)
    session = call.service.tokens.issue(
        role, request.role_session_name, request.duration_seconds, request.policy, caller.arn
    )
    return AssumeRoleResponse(
        assumed_role_user=AssumedRoleUser(
            arn=f"acs:ram::{owner_id}:role/{role.name}/{request.role_session_name}",
            assumed_role_id=f"{role.role_id}:{request.role_session_name}",
        ),
        credentials=Credentials(
            access_key_id=session.claims.key_id,
            access_key_secret=session.claims.secret,
            security_token=session.token,
            expiration=to_second(session.claims.expires),
        ),
    )


class GetCallerIdentityRequest(Request):
    pass


class GetCallerIdentityResponse(Response):
    account_id: str
    arn: str
    identity_type: str
    principal_id: str
    user_id: Text = UNSET
    role_id: Text = UNSET


@operation(level="get", resource=(), product="sts")
def get_caller_identity(call: Call, request: GetCallerIdentityRequest) -> GetCallerIdentityResponse:
    """Tell who calls: the root of the account, a user, or a session of a role."""
    caller = call.principal
    answer = GetCallerIdentityResponse(
        account_id=caller.owner_id,
        arn=caller.arn,
        identity_type={"Root": "Account", "User": "RAMUser", "Role": "AssumedRoleUser"}[caller.kind],
        principal_id=caller.id or caller.owner_id,
    )
    if caller.kind == "Role":
        answer.role_id, _, _ = caller.id.partition(":")
    else:
        answer.user_id = answer.principal_id
    return answer


def _role_name(arn: str, owner_id: str) -> str:
    """Return the name of the role that an ARN is of.

    Raises:
        InvalidParameter: it is the ARN of no role.
        EntityNotExist: it is that of another account's.
    """
    match = _ROLE_ARN.fullmatch(arn)
    if match is None:
        raise InvalidParameter("RoleArn", "RoleArn must be of the form acs:ram::ACCOUNT:role/NAME.")
    if match[1] != owner_id:
        raise EntityNotExist("Role", f"The role {arn} does not exist here; the account is {owner_id}.")
    return match[2]


def _check_policy(policy: str) -> None:
    try:
        if policy:
            Policy.parse(policy, kind="Session")
    except MalformedPolicy as error:
        raise InvalidParameter("PolicyGrammar", f"Policy has not passed the grammar check: {error.message}") from None
