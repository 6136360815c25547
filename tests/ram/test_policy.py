import pytest

from tests.ram.writing import all_but, allow, deny, document, policy, when
from vultus.errors import MalformedPolicy
from vultus.ram.policy import Policy

KNOWN = "known are Effect, Action, NotAction, Resource, Condition."
ACTION_FORM = "which is not of the form SERVICE:ACTION."
ARN_FORM = "which is not of the form acs:SERVICE:REGION:ACCOUNT:NAME."


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({}, "Statement 1 must have either Action or NotAction, and not both."),
        (allow("*") | all_but("*"), "Statement 1 must have either Action or NotAction, and not both."),
        ({"Action": "*", "Resource": "*"}, "Statement 1 has no Effect."),
        ({"Action": "*", "Effect": "Allow"}, "Statement 1 has no Resource."),
        (allow("*", Effect="allow"), 'Statement 1: Effect is "allow"; it must be Allow or Deny.'),
        (allow("*", Effect=["Allow"]), "Statement 1: Effect is a list; it must be Allow or Deny."),
        (allow("*", Effect=None), "Statement 1: Effect is null; it must be Allow or Deny."),
        (
            allow("*", Sid="x"),
            f'Statement 1 has the unknown element "Sid"; {KNOWN}',
        ),
        (
            allow("*", NotResource="*"),
            f'Statement 1 has the unknown element "NotResource"; {KNOWN}',
        ),
        (
            allow("*", Principal={"RAM": "*"}),
            f'Statement 1 has the unknown element "Principal"; {KNOWN}',
        ),
        (allow(), "Statement 1: Action is an empty list."),
        (all_but(), "Statement 1: NotAction is an empty list."),
        (allow(1), "Statement 1: Action takes strings, not 1."),
        (allow(None), "Statement 1: Action takes strings, not null."),
        (allow(["imm:*"]), "Statement 1: Action takes strings, not a list."),
        (allow("*", Action={}), "Statement 1: Action takes strings, not an object."),
        (allow("imm:*", ""), "Statement 1: Action has an empty string."),
        (all_but("GetProject"), f'Statement 1: NotAction has "GetProject", {ACTION_FORM}'),
        (allow("imm*"), f'Statement 1: Action has "imm*", {ACTION_FORM}'),
        (allow("imm:"), f'Statement 1: Action has "imm:", {ACTION_FORM}'),
        (allow(":Get*"), f'Statement 1: Action has ":Get*", {ACTION_FORM}'),
        (allow("imm: Get*"), f'Statement 1: Action has "imm: Get*", {ACTION_FORM}'),
        (allow("imm:İ"), f'Statement 1: Action has "imm:İ", {ACTION_FORM}'),
        (allow("*", on=[]), "Statement 1: Resource is an empty list."),
        (allow("*", on=True), "Statement 1: Resource takes strings, not true."),
        (
            allow("*", on="photos"),
            f'Statement 1: Resource has "photos", {ARN_FORM}',
        ),
        (
            allow("*", on=""),
            f'Statement 1: Resource has "", {ARN_FORM}',
        ),
        (
            allow("*", on="acs*"),
            f'Statement 1: Resource has "acs*", {ARN_FORM}',
        ),
        (
            allow("*", on="arn:aws:s3:::photos"),
            f'Statement 1: Resource has "arn:aws:s3:::photos", {ARN_FORM}',
        ),
        (
            allow("*", on=["*", "acs:imm:*:project/photos"]),
            f'Statement 1: Resource has "acs:imm:*:project/photos", {ARN_FORM}',
        ),
    ],
)
def test_a_wrong_statement_is_refused_in_one_clear_sentence(statement, message):
    with pytest.raises(MalformedPolicy) as raised:
        policy(statement)
    assert raised.value.message == message


def test_the_message_says_which_statement_is_wrong():
    with pytest.raises(MalformedPolicy, match=r"^Statement 3 has no Resource\.$"):
        policy(allow("imm:*"), deny("imm:*"), {"Effect": "Allow", "Action": "imm:*"})


@pytest.mark.parametrize(
    "statement", [{"Effect": "Allow", "Action": "imm:*", "Resource": "*"}, allow("imm:*", on=["*"])]
)
def test_a_string_may_stand_for_a_list_of_one(statement):
    (read,) = policy(statement).statements
    assert (read.actions, read.resources) == (("imm:*",), ("*",))


def test_a_policy_keeps_what_it_was_made_of():
    read = Policy.parse(
        document(allow("imm:*"), all_but("imm:Get*", effect="Deny", **when("Bool", "acs:SecureTransport", False))),
        "mine",
        "Session",
    )
    assert (read.name, read.kind, len(read.statements)) == ("mine", "Session", 2)
    allows, denies = read.statements
    assert (allows.effect, allows.all_but, allows.conditions) == ("Allow", False, ())
    assert (denies.effect, denies.all_but, denies.actions) == ("Deny", True, ("imm:Get*",))
    (condition,) = denies.conditions
    assert (condition.operator, condition.key, condition.values) == ("Bool", "acs:SecureTransport", ("false",))


def test_policies_of_the_same_document_are_equal_and_cannot_be_changed():
    read = policy(allow("imm:*", **when("IpAddress", "acs:SourceIp", "10.0.0.0/8")))
    assert read == policy(allow("imm:*", **when("IpAddress", "acs:SourceIp", "10.0.0.0/8")))
    with pytest.raises(AttributeError):
        read.name = "other"
