import pytest

from tests.ram.writing import allow, deny, policy, when
from vultus.errors import MalformedPolicy
from vultus.ram.conditions import OPERATORS
from vultus.ram.evaluation import decide
from vultus.ram.policy import Policy

HELD, NOT_HELD = True, False

NOON = "2026-11-22T12:00:00Z"
IN_SHANGHAI = "2026-11-22T20:00:00+08:00"
BEFORE, AFTER = "2026-11-22T11:59:59.999Z", "2026-11-22T13:30:00+01:00"
SECONDS = 1_795_348_800  # noon as seconds since 1970

#: operator, values in the policy, value of the request (... for none), whether the condition holds
TABLE = [
    ("StringEquals", ["dev"], "dev", HELD),
    ("StringEquals", ["dev"], "Dev", NOT_HELD),
    ("StringEquals", ["dev", "test"], "test", HELD),
    ("StringEquals", ["d*"], "dev", NOT_HELD),
    ("StringEquals", ["d*"], "d*", HELD),
    ("StringEquals", [""], "", HELD),
    ("StringEquals", [True], True, HELD),
    ("StringEquals", ["true"], True, HELD),
    ("StringEquals", [10], 10.0, HELD),
    ("StringEquals", [10], "10.0", NOT_HELD),
    ("StringEquals", ["10.5"], 10.5, HELD),
    ("StringEquals", ["dev"], ..., NOT_HELD),
    ("StringNotEquals", ["dev"], "Dev", HELD),
    ("StringNotEquals", ["dev"], "dev", NOT_HELD),
    ("StringNotEquals", ["dev", "test"], "test", NOT_HELD),
    ("StringNotEquals", ["dev", "test"], "live", HELD),
    ("StringNotEquals", ["dev"], ..., HELD),
    ("StringEqualsIgnoreCase", ["dev"], "DEV", HELD),
    ("StringEqualsIgnoreCase", ["Straße"], "STRASSE", HELD),
    ("StringEqualsIgnoreCase", ["dev"], "devel", NOT_HELD),
    ("StringEqualsIgnoreCase", ["dev"], ..., NOT_HELD),
    ("StringNotEqualsIgnoreCase", ["dev"], "DEV", NOT_HELD),
    ("StringNotEqualsIgnoreCase", ["dev"], "live", HELD),
    ("StringNotEqualsIgnoreCase", ["dev"], ..., HELD),
    ("StringLike", ["acs:ram::*:user/a?na"], "acs:ram::1:user/anna", HELD),
    ("StringLike", ["acs:*/anna"], "acs:ram::1:user/anna", HELD),
    ("StringLike", ["*ANNA"], "acs:ram::1:user/anna", NOT_HELD),
    ("StringLike", ["b*", "*a"], "anna", HELD),
    ("StringLike", ["10.0.*"], "10.0.3.4", HELD),
    ("StringLike", ["*"], ..., NOT_HELD),
    ("StringNotLike", ["vpc-*"], "vpc-1", NOT_HELD),
    ("StringNotLike", ["vpc-*"], "net-1", HELD),
    ("StringNotLike", ["net-*", "vpc-*"], "net-1", NOT_HELD),
    ("StringNotLike", ["vpc-*"], ..., HELD),
    ("NumericEquals", [10], 10.0, HELD),
    ("NumericEquals", ["1e1"], "10", HELD),
    ("NumericEquals", ["+10.0"], 10, HELD),
    ("NumericEquals", [9007199254740993], "9007199254740992", NOT_HELD),
    ("NumericEquals", [1, 2], 2, HELD),
    ("NumericEquals", [1], True, NOT_HELD),
    ("NumericEquals", [1], "one", NOT_HELD),
    ("NumericEquals", [1], float("nan"), NOT_HELD),
    ("NumericEquals", [1], ..., NOT_HELD),
    ("NumericNotEquals", [10], 10, NOT_HELD),
    ("NumericNotEquals", [10, 11], 12, HELD),
    ("NumericNotEquals", [10, 11], 11, NOT_HELD),
    ("NumericNotEquals", [10], "many", HELD),
    ("NumericNotEquals", [10], ..., HELD),
    ("NumericLessThan", [10], 9.9, HELD),
    ("NumericLessThan", [10], 10, NOT_HELD),
    ("NumericLessThan", [10, 20], 15, HELD),
    ("NumericLessThan", [10], ..., NOT_HELD),
    ("NumericLessThanEquals", [10], 10, HELD),
    ("NumericLessThanEquals", [10], 10.1, NOT_HELD),
    ("NumericLessThanEquals", ["-1"], "-1.5", HELD),
    ("NumericLessThanEquals", [10], ..., NOT_HELD),
    ("NumericGreaterThan", [10], 11, HELD),
    ("NumericGreaterThan", [10], 10, NOT_HELD),
    ("NumericGreaterThan", [10], float("inf"), NOT_HELD),
    ("NumericGreaterThan", [10], ..., NOT_HELD),
    ("NumericGreaterThanEquals", [10], 10, HELD),
    ("NumericGreaterThanEquals", [10], 9, NOT_HELD),
    ("NumericGreaterThanEquals", [20, 10], 15, HELD),
    ("NumericGreaterThanEquals", [10], ..., NOT_HELD),
    ("DateEquals", [NOON], IN_SHANGHAI, HELD),
    ("DateEquals", [NOON], SECONDS, HELD),
    ("DateEquals", [NOON], BEFORE, NOT_HELD),
    ("DateEquals", [NOON], "2026-11-22T12:00:00", NOT_HELD),
    ("DateEquals", [NOON], ..., NOT_HELD),
    ("DateNotEquals", [NOON], IN_SHANGHAI, NOT_HELD),
    ("DateNotEquals", [NOON], BEFORE, HELD),
    ("DateNotEquals", [NOON], ..., HELD),
    ("DateLessThan", [IN_SHANGHAI], BEFORE, HELD),
    ("DateLessThan", [IN_SHANGHAI], NOON, NOT_HELD),
    ("DateLessThan", [NOON], "yesterday", NOT_HELD),
    ("DateLessThan", [NOON], True, NOT_HELD),
    ("DateLessThan", [NOON], ..., NOT_HELD),
    ("DateLessThanEquals", [NOON], IN_SHANGHAI, HELD),
    ("DateLessThanEquals", [NOON], AFTER, NOT_HELD),
    ("DateLessThanEquals", ["2026-11-22T12:00Z"], "2026-11-22T12:00:00.000000000Z", HELD),
    ("DateLessThanEquals", [NOON], ..., NOT_HELD),
    ("DateGreaterThan", [NOON], AFTER, HELD),
    ("DateGreaterThan", [NOON], IN_SHANGHAI, NOT_HELD),
    ("DateGreaterThan", [NOON], SECONDS + 0.5, HELD),
    ("DateGreaterThan", [NOON], ..., NOT_HELD),
    ("DateGreaterThanEquals", [NOON], IN_SHANGHAI, HELD),
    ("DateGreaterThanEquals", [NOON], BEFORE, NOT_HELD),
    ("DateGreaterThanEquals", ["20261122T120000+0000"], NOON, HELD),
    ("DateGreaterThanEquals", [NOON], ..., NOT_HELD),
    ("Bool", ["true"], True, HELD),
    ("Bool", [True], "true", HELD),
    ("Bool", ["True"], True, HELD),
    ("Bool", ["true"], False, NOT_HELD),
    ("Bool", [False], False, HELD),
    ("Bool", ["false"], 0, NOT_HELD),
    ("Bool", ["false"], ..., NOT_HELD),
    ("IpAddress", ["10.0.0.1"], "10.0.0.1", HELD),
    ("IpAddress", ["10.0.0.1"], "10.0.0.2", NOT_HELD),
    ("IpAddress", ["10.0.0.0/8"], "10.255.255.255", HELD),
    ("IpAddress", ["10.0.0.0/8"], "10.0.0.0", HELD),
    ("IpAddress", ["10.0.0.0/8"], "11.0.0.0", NOT_HELD),
    ("IpAddress", ["10.1.2.3/8"], "10.9.9.9", HELD),
    ("IpAddress", ["10.0.0.1/32"], "10.0.0.1", HELD),
    ("IpAddress", ["0.0.0.0/0"], "203.0.113.9", HELD),
    ("IpAddress", ["0.0.0.0/0"], "2001:db8::1", NOT_HELD),
    ("IpAddress", ["::/0"], "203.0.113.9", NOT_HELD),
    ("IpAddress", ["192.0.2.0/24", "203.0.113.2"], "203.0.113.2", HELD),
    ("IpAddress", ["192.0.2.0/24", "203.0.113.2"], "203.0.113.3", NOT_HELD),
    ("IpAddress", ["2001:db8::/32"], "2001:DB8:0:1::1", HELD),
    ("IpAddress", ["2001:db8::/32"], "2001:db9::1", NOT_HELD),
    ("IpAddress", ["2001:db8::1"], "2001:0db8:0:0:0:0:0:1", HELD),
    ("IpAddress", ["fe80::/10"], "fe80::1%eth0", HELD),
    ("IpAddress", ["10.0.0.0/8"], "::ffff:10.1.2.3", HELD),
    ("IpAddress", ["::ffff:10.0.0.0/104"], "10.1.2.3", HELD),
    ("IpAddress", ["::ffff:10.0.0.0/104"], "11.1.2.3", NOT_HELD),
    ("IpAddress", ["::/0"], "::ffff:10.1.2.3", NOT_HELD),
    ("IpAddress", ["10.0.0.1"], "unknown", NOT_HELD),
    ("IpAddress", ["0.0.0.1"], 1, NOT_HELD),
    ("IpAddress", ["0.0.0.0/0"], ..., NOT_HELD),
    ("NotIpAddress", ["10.0.0.0/8"], "11.0.0.1", HELD),
    ("NotIpAddress", ["10.0.0.0/8"], "10.0.0.1", NOT_HELD),
    ("NotIpAddress", ["10.0.0.0/8"], "::ffff:10.0.0.1", NOT_HELD),
    ("NotIpAddress", ["10.0.0.0/8", "11.0.0.1"], "11.0.0.1", NOT_HELD),
    ("NotIpAddress", ["10.0.0.0/8"], "2001:db8::1", HELD),
    ("NotIpAddress", ["10.0.0.0/8"], "unknown", HELD),
    ("NotIpAddress", ["0.0.0.0/0", "::/0"], ..., HELD),
    ("IpAddressIncludeBorder", ["10.0.0.0/30"], "10.0.0.3", HELD),
    ("IpAddressIncludeBorder", ["10.0.0.0/30"], "10.0.0.4", NOT_HELD),
    ("NotIpAddressIncludeBorder", ["10.0.0.0/30"], "10.0.0.3", NOT_HELD),
    ("NotIpAddressIncludeBorder", ["10.0.0.0/30"], "10.0.0.4", HELD),
]


@pytest.mark.parametrize(("operator", "values", "value", "held"), TABLE)
def test_a_statement_applies_when_its_condition_holds(operator, values, value, held):
    condition = when(operator, "acs:Key", *values)
    context = {} if value is ... else {"acs:Key": value}
    allowing = decide([policy(allow("*", **condition))], None, "imm:GetProject", "acs:imm:cn:1:*", context)
    denying = decide([policy(allow("*"), deny("*", **condition))], None, "imm:GetProject", "acs:imm:cn:1:*", context)
    assert allowing.reason == ("Allow" if held else "ImplicitDeny")
    assert denying.reason == ("ExplicitDeny" if held else "Allow")


def test_the_table_has_every_operator_both_ways_and_without_its_key():
    seen = {(operator, held) for operator, _, _, held in TABLE}
    assert seen == {(operator, held) for operator in OPERATORS for held in (HELD, NOT_HELD)}
    without = {operator for operator, _, value, _ in TABLE if value is ...}
    assert set(OPERATORS) - without == {"IpAddressIncludeBorder", "NotIpAddressIncludeBorder"}


@pytest.mark.parametrize(
    ("condition", "context", "held"),
    [
        (
            {"Bool": {"acs:SecureTransport": "true"}, "IpAddress": {"acs:SourceIp": "10.0.0.1"}},
            ("10.0.0.1", True),
            HELD,
        ),
        (
            {"Bool": {"acs:SecureTransport": "true"}, "IpAddress": {"acs:SourceIp": "10.0.0.1"}},
            ("10.0.0.2", True),
            NOT_HELD,
        ),
        (
            {"Bool": {"acs:SecureTransport": "true"}, "IpAddress": {"acs:SourceIp": "10.0.0.1"}},
            ("10.0.0.1", False),
            NOT_HELD,
        ),
        (
            {"StringEquals": {"acs:SecureTransport": "true", "acs:SourceIp": ["1.1.1.1", "10.0.0.1"]}},
            ("10.0.0.1", True),
            HELD,
        ),
        ({"StringEquals": {"acs:SecureTransport": "true", "acs:SourceIp": "10.0.0.1"}}, ("10.0.0.2", True), NOT_HELD),
        ({"StringNotEquals": {"acs:SecureTransport": "true", "acs:SourceIp": "1.1.1.1"}}, ("10.0.0.1", True), NOT_HELD),
        ({"StringEquals": {"acs:SecureTransport": "true", "acs:Unheard": "of"}}, ("10.0.0.1", True), NOT_HELD),
        ({"IpAddress": {"ACS:sourceip": "10.0.0.1"}}, ("10.0.0.1", True), HELD),
        ({"NotIpAddress": {"acs:SOURCEIP": "10.0.0.1"}}, ("10.0.0.1", True), NOT_HELD),
    ],
)
def test_all_operators_and_all_keys_must_hold_and_keys_are_the_same_in_any_case(condition, context, held):
    address, secure = context
    verdict = decide(
        [policy(allow("*", Condition=condition))],
        None,
        "imm:GetProject",
        "acs:imm:cn:1:*",
        {"acs:SourceIp": address, "acs:SecureTransport": secure},
    )
    assert verdict.allowed is held


@pytest.mark.parametrize(("key", "held"), [("ACS:ResourceTag/Team", HELD), ("acs:ResourceTag/team", NOT_HELD)])
def test_the_name_of_a_tag_is_taken_as_it_is_written(key, held):
    tagged = policy(allow("*", **when("StringEquals", key, "dev")))
    verdict = decide([tagged], None, "imm:GetProject", "acs:imm:cn:1:*", {"acs:ResourceTag/Team": "dev"})
    assert verdict.allowed is held


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ([], "Condition must be a JSON object, not a list."),
        (None, "Condition must be a JSON object, not null."),
        ({}, "Condition is empty; leave it out."),
        ({"StringEquals": {}}, "the condition StringEquals is empty; leave it out."),
        ({"StringEquals": "dev"}, 'the condition StringEquals must be a JSON object, not "dev".'),
        ({"StringEquals": {"acs:Key": []}}, 'the condition StringEquals on "acs:Key" is an empty list.'),
        ({"StringEquals": {"Key": "x"}}, 'the condition key "Key" is not of the form SERVICE:KEY.'),
        ({"StringEquals": {"acs:": "x"}}, 'the condition key "acs:" is not of the form SERVICE:KEY.'),
        ({"stringequals": {"acs:Key": "x"}}, 'the condition operator "stringequals" is not known.'),
        ({"BoolIfExists": {"acs:Key": "true"}}, 'the condition operator "BoolIfExists" is not known.'),
        ({"Null": {"acs:Key": "true"}}, 'the condition operator "Null" is not known.'),
        (
            {"ForAnyValue:StringEquals": {"acs:Key": "x"}},
            'the condition operator "ForAnyValue:StringEquals" is not known.',
        ),
        (
            {"StringEquals": {"acs:Key": None}},
            'the condition StringEquals on "acs:Key" takes strings, numbers and booleans, not null.',
        ),
        (
            {"StringEquals": {"acs:Key": ["x", ["y"]]}},
            'the condition StringEquals on "acs:Key" takes strings, numbers and booleans, not a list.',
        ),
        (
            {"NumericEquals": {"acs:Key": "1_000"}},
            'the condition NumericEquals on "acs:Key" takes numbers, not "1_000".',
        ),
        ({"NumericEquals": {"acs:Key": "٣"}}, 'the condition NumericEquals on "acs:Key" takes numbers, not "٣".'),
        (
            {"NumericLessThan": {"acs:Key": True}},
            'the condition NumericLessThan on "acs:Key" takes numbers, not "true".',
        ),
        (
            {"NumericLessThan": {"acs:Key": "1e999"}},
            'the condition NumericLessThan on "acs:Key" takes numbers, not "1e999".',
        ),
        (
            {"DateLessThan": {"acs:Key": "2026-11-22T12:00:00"}},
            'the condition DateLessThan on "acs:Key" takes times in ISO 8601 with Z or an offset,'
            ' not "2026-11-22T12:00:00".',
        ),
        (
            {"DateEquals": {"acs:Key": 1795348800}},
            'the condition DateEquals on "acs:Key" takes times in ISO 8601 with Z or an offset, not "1795348800".',
        ),
        ({"Bool": {"acs:Key": "yes"}}, 'the condition Bool on "acs:Key" takes "true" or "false", not "yes".'),
        ({"Bool": {"acs:Key": ["true", "false"]}}, 'the condition Bool on "acs:Key" takes one value.'),
        *(
            (
                {"IpAddress": {"acs:Key": wrong}},
                f'the condition IpAddress on "acs:Key" takes IP addresses and CIDR blocks, not "{wrong}".',
            )
            for wrong in ("10.0.0", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "010.0.0.1", "::/129", "fe80::1%eth0", "*", "")
        ),
    ],
)
def test_a_wrong_condition_is_refused_in_one_clear_sentence(condition, message):
    with pytest.raises(MalformedPolicy) as raised:
        policy(allow("*", Condition=condition))
    assert raised.value.message == f"Statement 1: {message}"


@pytest.mark.parametrize(
    "condition",
    ['{"Bool": {"a:b": true}, "Bool": {"a:b": false}}', '{"StringEquals": {"acs:Key": "x", "acs:Key": "y"}}'],
)
def test_an_operator_or_key_that_comes_twice_is_refused(condition):
    text = '{"Version": "1", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": %s}}'
    with pytest.raises(MalformedPolicy, match="more than once"):
        Policy.parse(text % condition)
