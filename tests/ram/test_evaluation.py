import pytest

from tests.ram.writing import ACCOUNT, DATASET, PROJECT, all_but, allow, deny, policy, when
from vultus.ram.evaluation import decide
from vultus.ram.system_policies import SYSTEM_POLICIES

ALLOW, DENY, NOTHING = "Allow", "ExplicitDeny", "ImplicitDeny"

ADMINISTRATOR, IMM, IMM_READ, RAM, RAM_READ, STS = (each.policy for each in SYSTEM_POLICIES.values())
GET, BATCH_GET, DELETE = "imm:GetFigureCluster", "imm:BatchGetFigureCluster", "imm:DeleteProject"
ASSUME, ROLE = "sts:AssumeRole", f"acs:ram::{ACCOUNT}:role/reader"
OTHER = f"acs:imm:cn-shanghai:{ACCOUNT}:project/other"
FROM_HOME = {"acs:SourceIp": "10.1.2.3", "acs:SecureTransport": True}
FROM_ABROAD = {"acs:SourceIp": "203.0.113.9", "acs:SecureTransport": False}


def on(*resources):
    return policy(allow("imm:*", on=list(resources)))


#: what it is about: policies, action, resource, expected verdict
TABLE = [
    ("no policy", [], GET, PROJECT, NOTHING),
    ("everything", [policy(allow("*"))], GET, PROJECT, ALLOW),
    ("everything, spelled out", [policy(allow("*:*", on="acs:*:*:*:*"))], GET, PROJECT, ALLOW),
    # actions
    ("the action", [policy(allow(GET))], GET, PROJECT, ALLOW),
    ("another action", [policy(allow(DELETE))], GET, PROJECT, NOTHING),
    ("one of several actions", [policy(allow(DELETE, GET))], GET, PROJECT, ALLOW),
    ("a beginning of actions", [policy(allow("imm:Get*"))], GET, PROJECT, ALLOW),
    ("another beginning", [policy(allow("imm:Get*"))], BATCH_GET, PROJECT, NOTHING),
    ("an end of actions", [policy(allow("imm:*Cluster"))], BATCH_GET, PROJECT, ALLOW),
    ("a middle of actions", [policy(allow("imm:*Figure*"))], BATCH_GET, PROJECT, ALLOW),
    ("a question mark", [policy(allow("imm:?etFigureCluster"))], GET, PROJECT, ALLOW),
    ("a question mark is no two letters", [policy(allow("imm:?FigureCluster"))], GET, PROJECT, NOTHING),
    ("all services", [policy(allow("*:Get*"))], GET, PROJECT, ALLOW),
    ("a pattern of services", [policy(allow("i*:Get*"))], GET, PROJECT, ALLOW),
    ("another service", [policy(allow("oss:Get*"))], GET, PROJECT, NOTHING),
    ("an action in capitals", [policy(allow("IMM:GETFIGURECLUSTER"))], GET, PROJECT, ALLOW),
    ("a pattern in small letters", [policy(allow("imm:batchget*"))], BATCH_GET, PROJECT, ALLOW),
    ("a request in capitals", [policy(allow(GET))], GET.upper(), PROJECT, ALLOW),
    ("a denial in another case", [policy(allow("*"), deny("IMM:deleteproject"))], DELETE, PROJECT, DENY),
    # NotAction
    ("all but another action", [policy(all_but(DELETE))], GET, PROJECT, ALLOW),
    ("all but this action", [policy(all_but(DELETE))], DELETE, PROJECT, NOTHING),
    ("all but this action, in another case", [policy(all_but("IMM:DELETE*"))], DELETE, PROJECT, NOTHING),
    ("all but one of several", [policy(all_but("ram:*", "imm:Delete*"))], DELETE, PROJECT, NOTHING),
    ("all but another service", [policy(all_but("ram:*"))], GET, PROJECT, ALLOW),
    ("all but everything", [policy(all_but("*"))], GET, PROJECT, NOTHING),
    ("all but an action elsewhere", [policy(all_but(DELETE, on=OTHER))], GET, PROJECT, NOTHING),
    ("a denial of all but this", [policy(allow("*"), all_but("imm:Get*", effect="Deny"))], GET, PROJECT, ALLOW),
    ("a denial of all but others", [policy(allow("*"), all_but("imm:Get*", effect="Deny"))], DELETE, PROJECT, DENY),
    ("all but this, and this", [policy(all_but(DELETE), allow(DELETE))], DELETE, PROJECT, ALLOW),
    # resources
    ("the resource", [on(PROJECT)], GET, PROJECT, ALLOW),
    ("another resource", [on(OTHER)], GET, PROJECT, NOTHING),
    ("one of several resources", [on(OTHER, PROJECT)], GET, PROJECT, ALLOW),
    ("a resource in another case", [on(PROJECT.replace("photos", "Photos"))], GET, PROJECT, NOTHING),
    ("a service in another case", [on(PROJECT.replace("imm", "IMM"))], GET, PROJECT, NOTHING),
    ("any service", [on(f"acs:*:cn-shanghai:{ACCOUNT}:project/photos")], GET, PROJECT, ALLOW),
    ("a pattern of services", [on(f"acs:i?m:cn-shanghai:{ACCOUNT}:project/photos")], GET, PROJECT, ALLOW),
    ("another service", [on(f"acs:oss:cn-shanghai:{ACCOUNT}:project/photos")], GET, PROJECT, NOTHING),
    ("any region", [on(f"acs:imm:*:{ACCOUNT}:project/photos")], GET, PROJECT, ALLOW),
    ("a pattern of regions", [on(f"acs:imm:cn-*:{ACCOUNT}:project/photos")], GET, PROJECT, ALLOW),
    ("another region", [on(f"acs:imm:cn-beijing:{ACCOUNT}:project/photos")], GET, PROJECT, NOTHING),
    ("no region", [on(f"acs:imm::{ACCOUNT}:project/photos")], GET, PROJECT, NOTHING),
    ("any account", [on("acs:imm:cn-shanghai:*:project/photos")], GET, PROJECT, ALLOW),
    ("a pattern of accounts", [on("acs:imm:cn-shanghai:1234*3456:project/photos")], GET, PROJECT, ALLOW),
    ("another account", [on("acs:imm:cn-shanghai:6543210987654321:project/photos")], GET, PROJECT, NOTHING),
    ("any name", [on(f"acs:imm:cn-shanghai:{ACCOUNT}:*")], GET, DATASET, ALLOW),
    ("a beginning of names", [on(f"acs:imm:cn-shanghai:{ACCOUNT}:project/ph*")], GET, PROJECT, ALLOW),
    ("another beginning of names", [on(f"acs:imm:cn-shanghai:{ACCOUNT}:project/pi*")], GET, PROJECT, NOTHING),
    ("a character of a name", [on(f"acs:imm:cn-shanghai:{ACCOUNT}:project/ph?tos")], GET, PROJECT, ALLOW),
    ("an end of names", [on("acs:imm:*:*:project/*/dataset/album")], GET, DATASET, ALLOW),
    ("another end of names", [on("acs:imm:*:*:project/*/dataset/alb")], GET, DATASET, NOTHING),
    ("all datasets of a project", [on("acs:imm:*:*:project/photos/dataset/*")], GET, DATASET, ALLOW),
    ("all datasets of a project are not the project", [on("acs:imm:*:*:project/photos/*")], GET, PROJECT, NOTHING),
    ("a project is not its datasets", [on(PROJECT)], GET, DATASET, NOTHING),
    ("a project and what begins like it", [on(f"{PROJECT}*")], GET, DATASET, ALLOW),
    ("a short pattern", [on("acs:imm:*")], GET, DATASET, ALLOW),
    ("a short pattern of another service", [on("acs:oss:*")], GET, DATASET, NOTHING),
    ("an asterisk does not reach over a colon", [on("acs:*:*:*:photos")], GET, PROJECT, NOTHING),
    ("nor does a question mark", [on("acs:imm?cn-shanghai:*:*:project/photos")], GET, PROJECT, NOTHING),
    ("every region and every name", [on("acs:imm:*:*:*")], GET, PROJECT, ALLOW),
    # several statements and policies
    ("a denial after what allows", [policy(allow("*"), deny(DELETE))], DELETE, PROJECT, DENY),
    ("a denial before what allows", [policy(deny(DELETE), allow("*"))], DELETE, PROJECT, DENY),
    ("a denial in a later policy", [policy(allow("*")), policy(deny("imm:Delete*"))], DELETE, PROJECT, DENY),
    ("a denial in an earlier policy", [policy(deny("imm:Delete*")), policy(allow("*"))], DELETE, PROJECT, DENY),
    ("a denial that nothing asks for", [policy(deny("imm:Delete*"))], DELETE, PROJECT, DENY),
    ("a denial of another action", [policy(allow("*"), deny(DELETE))], GET, PROJECT, ALLOW),
    ("a denial of another resource", [policy(allow("*"), deny("*", on=OTHER))], GET, PROJECT, ALLOW),
    ("a denial of the resource", [policy(allow("*"), deny("*", on=f"{PROJECT}*"))], GET, DATASET, DENY),
    ("a denial with every wildcard", [policy(allow("*"), deny("*", on="acs:i*:*-*:?*:*/*"))], GET, DATASET, DENY),
    ("a denial against an administrator", [ADMINISTRATOR, policy(deny("imm:Delete*"))], DELETE, PROJECT, DENY),
    ("the second of two that allow", [policy(allow(DELETE)), policy(allow(GET))], GET, PROJECT, ALLOW),
    ("none of two", [policy(allow(DELETE)), policy(allow("oss:*"))], GET, PROJECT, NOTHING),
    ("half of one, half of another", [policy(allow(GET, on=OTHER), allow(DELETE))], GET, PROJECT, NOTHING),
    # system policies
    ("AdministratorAccess, in IMM", [ADMINISTRATOR], DELETE, PROJECT, ALLOW),
    ("AdministratorAccess, in RAM", [ADMINISTRATOR], "ram:CreateUser", f"acs:ram::{ACCOUNT}:user/anna", ALLOW),
    ("AliyunIMMFullAccess reads", [IMM], BATCH_GET, DATASET, ALLOW),
    ("AliyunIMMFullAccess writes", [IMM], DELETE, PROJECT, ALLOW),
    ("AliyunIMMFullAccess lists buckets", [IMM], "oss:ListBuckets", "acs:oss:*:*:*", ALLOW),
    ("AliyunIMMFullAccess opens no bucket", [IMM], "oss:GetObject", "acs:oss:*:*:photos/a", NOTHING),
    ("AliyunIMMFullAccess lists roles", [IMM], "ram:ListRoles", f"acs:ram::{ACCOUNT}:role/*", ALLOW),
    ("AliyunIMMFullAccess makes no users", [IMM], "ram:CreateUser", f"acs:ram::{ACCOUNT}:user/anna", NOTHING),
    ("AliyunIMMFullAccess passes no role on to others", [IMM], "ram:PassRole", ROLE, NOTHING),
    ("AliyunIMMReadOnlyAccess gets", [IMM_READ], GET, DATASET, ALLOW),
    ("AliyunIMMReadOnlyAccess gets a project", [IMM_READ], "imm:GetProject", PROJECT, ALLOW),
    ("AliyunIMMReadOnlyAccess lists", [IMM_READ], "imm:ListDatasets", PROJECT, ALLOW),
    ("AliyunIMMReadOnlyAccess gets no batches", [IMM_READ], BATCH_GET, DATASET, NOTHING),
    ("AliyunIMMReadOnlyAccess queries no clusters", [IMM_READ], "imm:QueryFigureClusters", DATASET, NOTHING),
    ("AliyunIMMReadOnlyAccess searches no cluster", [IMM_READ], "imm:SearchImageFigureCluster", DATASET, NOTHING),
    ("AliyunIMMReadOnlyAccess queries no files", [IMM_READ], "imm:SimpleQuery", DATASET, NOTHING),
    ("AliyunIMMReadOnlyAccess gets no batch of files", [IMM_READ], "imm:BatchGetFileMeta", DATASET, NOTHING),
    ("AliyunIMMReadOnlyAccess writes nothing", [IMM_READ], "imm:UpdateFigureCluster", DATASET, NOTHING),
    ("AliyunIMMReadOnlyAccess and batches", [IMM_READ, policy(allow("imm:Batch*"))], BATCH_GET, DATASET, ALLOW),
    ("AliyunRAMFullAccess", [RAM], "ram:CreateUser", f"acs:ram::{ACCOUNT}:user/anna", ALLOW),
    ("AliyunRAMFullAccess takes on no role", [RAM], ASSUME, ROLE, NOTHING),
    ("AliyunRAMReadOnlyAccess gets", [RAM_READ], "ram:GetUser", f"acs:ram::{ACCOUNT}:user/anna", ALLOW),
    ("AliyunRAMReadOnlyAccess makes no users", [RAM_READ], "ram:CreateUser", f"acs:ram::{ACCOUNT}:user/anna", NOTHING),
    ("AliyunSTSAssumeRoleAccess", [STS], ASSUME, ROLE, ALLOW),
    ("AliyunSTSAssumeRoleAccess does nothing else", [STS], "ram:GetRole", ROLE, NOTHING),
    # Alibaba's own samples
    ("a role by its name", [policy(allow(ASSUME, on=f"acs:ram:*:{ACCOUNT}:role/reader"))], ASSUME, ROLE, ALLOW),
    ("a role by its ARN", [policy(allow(ASSUME, on=ROLE))], ASSUME, ROLE, ALLOW),
    ("all roles", [policy(allow(ASSUME, on="acs:ram::*"))], ASSUME, ROLE, ALLOW),
    ("all but fees", [policy(allow("*"), deny("bss:*", "efc:*"))], "bss:Pay", f"acs:bss::{ACCOUNT}:order/1", DENY),
]


def rows(table):
    """The rows of a table as parameters, each under what it is about."""
    return [pytest.param(*row, id=about) for about, *row in table]


@pytest.mark.parametrize(("policies", "action", "resource", "reason"), rows(TABLE))
def test_policies_decide(policies, action, resource, reason):
    verdict = decide(policies, None, action, resource, {})
    assert (verdict.reason, verdict.allowed, verdict.by) == (reason, reason == ALLOW, "IdentityBasedPolicy")


SECURE = when("Bool", "acs:SecureTransport", "true")
INSECURE = FROM_HOME | {"acs:SecureTransport": False}
AT_HOME = when("IpAddress", "acs:SourceIp", "10.0.0.0/8")
ABROAD = when("NotIpAddress", "acs:SourceIp", "10.0.0.0/8")
NO_FACTOR = policy(all_but("ram:BindMFADevice", effect="Deny", **when("Bool", "acs:MFAPresent", "false")))
ANNA = policy(allow("*", **when("StringLike", "acs:PrincipalARN", "acs:ram::*:user/an*")))
THIS_YEAR = policy(allow("*", **when("DateLessThan", "acs:CurrentTime", "2027-01-01T00:00:00+08:00")))

#: what it is about: policies, context, expected verdict
CONDITIONED = [
    ("allowed at home, at home", [policy(allow("*", **AT_HOME))], FROM_HOME, ALLOW),
    ("allowed at home, abroad", [policy(allow("*", **AT_HOME))], FROM_ABROAD, NOTHING),
    ("allowed at home, nowhere", [policy(allow("*", **AT_HOME))], {}, NOTHING),
    ("denied abroad, at home", [ADMINISTRATOR, policy(deny("*", **ABROAD))], FROM_HOME, ALLOW),
    ("denied abroad, abroad", [ADMINISTRATOR, policy(deny("*", **ABROAD))], FROM_ABROAD, DENY),
    ("denied abroad, nowhere", [ADMINISTRATOR, policy(deny("*", **ABROAD))], {}, DENY),
    ("allowed over TLS, with it", [policy(allow("*", **SECURE))], FROM_HOME, ALLOW),
    ("allowed over TLS, without", [policy(allow("*", **SECURE))], INSECURE, NOTHING),
    ("a denial whose condition does not hold", [ADMINISTRATOR, policy(deny("*", **AT_HOME))], FROM_ABROAD, ALLOW),
    ("one of two conditions", [policy(allow("*", **AT_HOME), allow("*", **SECURE))], INSECURE, ALLOW),
    ("a role that is passed on to IMM", [IMM], {"acs:Service": "imm.aliyuncs.com"}, ALLOW),
    ("a role that is passed on to another service", [IMM], {"acs:Service": "oss.aliyuncs.com"}, NOTHING),
    ("without a second factor", [ADMINISTRATOR, NO_FACTOR], {"acs:MFAPresent": False}, DENY),
    ("with a second factor", [ADMINISTRATOR, NO_FACTOR], {"acs:MFAPresent": True}, ALLOW),
    ("where nobody asked for a second factor", [ADMINISTRATOR, NO_FACTOR], {}, ALLOW),
    ("Anna", [ANNA], {"acs:PrincipalARN": f"acs:ram::{ACCOUNT}:user/anna"}, ALLOW),
    ("Bert", [ANNA], {"acs:PrincipalARN": f"acs:ram::{ACCOUNT}:user/bert"}, NOTHING),
    ("before the year is over in Shanghai", [THIS_YEAR], {"acs:CurrentTime": "2026-12-31T15:59:59Z"}, ALLOW),
    ("after it is", [THIS_YEAR], {"acs:CurrentTime": "2026-12-31T16:00:00Z"}, NOTHING),
]


@pytest.mark.parametrize(("policies", "context", "reason"), rows(CONDITIONED))
def test_policies_decide_under_conditions(policies, context, reason):
    assert decide(policies, None, "ram:PassRole", ROLE, context).reason == reason


READ = policy(allow("imm:Get*"), kind="Session")

#: what it is about: the role's policies, the session's policy, action, expected verdict and who gave it
SESSIONS = [
    ("both allow", [IMM], READ, GET, ALLOW, "IdentityBasedPolicy"),
    ("the session does not", [IMM], READ, DELETE, NOTHING, "SessionPolicy"),
    ("the role does not", [IMM_READ], policy(allow("*")), DELETE, NOTHING, "IdentityBasedPolicy"),
    ("neither does", [IMM_READ], READ, DELETE, NOTHING, "SessionPolicy"),
    ("the session denies", [IMM], policy(allow("*"), deny(GET)), GET, DENY, "SessionPolicy"),
    ("the role denies", [IMM, policy(deny(GET))], READ, GET, DENY, "IdentityBasedPolicy"),
    ("the role denies what the session does not allow", [policy(deny(DELETE))], READ, DELETE, NOTHING, "SessionPolicy"),
    ("the session allows more than the role has", [], policy(allow("*")), GET, NOTHING, "IdentityBasedPolicy"),
    ("a session without a policy", [IMM], None, DELETE, ALLOW, "IdentityBasedPolicy"),
    ("a condition of the session holds", [IMM], policy(allow("*", **AT_HOME)), GET, ALLOW, "IdentityBasedPolicy"),
    ("a condition of the session does not", [IMM], policy(allow("*", **ABROAD)), GET, NOTHING, "SessionPolicy"),
]


@pytest.mark.parametrize(("policies", "session", "action", "reason", "by"), rows(SESSIONS))
def test_role_and_session_must_both_allow(policies, session, action, reason, by):
    verdict = decide(policies, session, action, PROJECT, FROM_HOME)
    assert (verdict.reason, verdict.by, verdict.allowed) == (reason, by, reason == ALLOW)


def test_a_verdict_names_policy_and_statement():
    first = policy(allow("oss:*"), deny("imm:Delete*"), name="first")
    second = policy(deny("oss:Put*"), allow("imm:Get*"), allow("imm:*"), name="second")
    denied = decide([first, second], None, DELETE, PROJECT, {})
    assert (denied.policy, denied.statement) == (first, 2)
    allowed = decide([first, second], None, GET, PROJECT, {})
    assert (allowed.policy, allowed.statement) == (second, 2)
    nothing = decide([first, second], None, "ram:GetUser", "acs:ram::1:user/anna", {})
    assert (nothing.policy, nothing.statement) == (None, None)
