import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.errors import MalformedPolicy
from vultus.ram.principal import Principal
from vultus.ram.trust import Trust

OWNER = "1234567890123456"
ALICE = Principal(OWNER, user="alice", kind="User")
BOB = Principal(OWNER, user="bob", kind="User")
SESSION = Principal(OWNER, user="reader/anna", kind="Role")
ROOT = Principal(OWNER)


def statement(*trusted: str, effect: str = "Allow", **elements: object) -> dict[str, object]:
    principal = {"RAM": [f"acs:ram::{OWNER}:{each}" for each in trusted]}
    return {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole", **elements}


def trust(*statements: object) -> Trust:
    return Trust.parse(json.dumps({"Version": "1", "Statement": list(statements)}))


@pytest.mark.parametrize(
    ("trusted", "who"),
    [
        ("root", [ROOT, ALICE, BOB, SESSION]),
        ("user/alice", [ALICE]),
        ("role/reader", [SESSION]),
        ("assumed-role/reader/anna", [SESSION]),
        ("assumed-role/reader/otto", []),
        ("user/ALICE", []),
        ("user/reader", []),
        ("role/alice", []),
    ],
)
def test_an_account_covers_everybody_in_it_and_a_name_only_who_is_called_so(trusted, who):
    read = trust(statement(trusted))
    assert [each for each in (ROOT, ALICE, BOB, SESSION) if read.allows(each, {})] == who


def test_an_account_of_that_number_elsewhere_is_somebody_else():
    stranger = Principal("9999999999999999", user="alice", kind="User")
    assert not trust(statement("root")).allows(stranger, {})


def test_one_statement_against_a_caller_outweighs_those_for_it():
    read = trust(statement("root"), statement("user/bob", effect="Deny"))
    assert read.allows(ALICE, {})
    assert not read.allows(BOB, {})


def test_conditions_are_heeded():
    read = trust(statement("root", Condition={"StringEquals": {"sts:ExternalId": "secret"}}))
    assert read.allows(ALICE, {"sts:ExternalId": "secret"})
    assert not read.allows(ALICE, {"sts:ExternalId": "guess"})
    assert not read.allows(ALICE, {})


def test_a_role_for_a_service_is_nobodys():
    read = trust({"Effect": "Allow", "Principal": {"Service": "imm.aliyuncs.com"}, "Action": ["sts:AssumeRole"]})
    assert not any(read.allows(each, {}) for each in (ROOT, ALICE, SESSION))


def test_the_document_is_as_alibaba_writes_it():
    document = f"""
    {{ "Statement": [ {{ "Action": "sts:AssumeRole", "Effect": "Allow",
                        "Principal": {{ "RAM": [ "acs:ram::{OWNER}:root" ] }} }} ], "Version": "1" }}
    """
    assert Trust.parse(document).allows(ALICE, {})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"Effect": "Perhaps"}, "Effect"),
        ({"Effect": None}, "Effect"),
        ({"Action": "imm:GetProject"}, "sts:AssumeRole"),
        ({"Action": "*"}, "sts:AssumeRole"),
        ({"Resource": "*"}, "Resource"),
        ({"Principal": "*"}, "Principal"),
        ({"Principal": {}}, "nobody"),
        ({"Principal": {"RAM": []}}, "Principal"),
        ({"Principal": {"RAM": "*"}}, "acs:ram::ACCOUNT"),
        ({"Principal": {"RAM": f"acs:ram::{OWNER}:user/*"}}, "acs:ram::ACCOUNT"),
        ({"Principal": {"RAM": f"acs:ram::{OWNER}:user/a"}, "Condition": {}}, "Condition"),
        ({"Principal": {"AWS": "x"}}, "AWS"),
        ({"Condition": {"StringEqual": {"sts:ExternalId": "a"}}}, "StringEqual"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_named(wrong, told):
    with pytest.raises(MalformedPolicy, match=r"^Statement 1.*\.$") as raised:
        trust({**statement("root"), **wrong})
    assert told in raised.value.message


@pytest.mark.parametrize("element", ["Effect", "Principal", "Action"])
def test_each_element_is_missed_by_name(element):
    without = statement("root")
    del without[element]
    with pytest.raises(MalformedPolicy, match=f"has no {element}"):
        trust(without)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.fixed_dictionaries(dict.fromkeys(("Effect", "Principal", "Action", "Condition"), json_values)))
def test_no_document_does_anything_but_parse_or_be_refused(wild):
    with contextlib.suppress(MalformedPolicy):
        trust({**statement("root"), **wild})
