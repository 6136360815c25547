"""What holds for all policies and all requests."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.ram.writing import allow, document, policy, when
from vultus.errors import MalformedPolicy
from vultus.ram.conditions import OPERATORS
from vultus.ram.evaluation import decide
from vultus.ram.policy import Policy

# Policies, requests and contexts that often have to do with one another.
ACTIONS = st.sampled_from(["*", "imm:*", "imm:Get*", "IMM:get?", "imm:GetA", "ram:*", "*:*A"])
RESOURCES = st.sampled_from(["*", "acs:imm:*", "acs:imm:*:*:a*", "acs:imm:cn:1:a", "acs:imm:cn:?:a/b", "acs:ram:*:*:*"])
CONDITIONS = st.one_of(
    st.builds(
        lambda operator, value: {operator: {"acs:Key": value}},
        st.sampled_from(["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]),
        st.sampled_from(["x", "y", "*", ["x", "y"]]),
    ),
    st.builds(
        lambda operator, value: {operator: {"acs:SourceIp": value}},
        st.sampled_from(["IpAddress", "NotIpAddress"]),
        st.sampled_from(["10.0.0.0/8", "10.0.0.1", "::/0"]),
    ),
)
STATEMENTS = st.builds(
    lambda effect, element, actions, resources, condition: {
        "Effect": effect,
        element: actions,
        "Resource": resources,
        **({"Condition": condition} if condition else {}),
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["Action", "Action", "NotAction"]),
    st.lists(ACTIONS, min_size=1, max_size=2),
    st.lists(RESOURCES, min_size=1, max_size=2),
    st.none() | CONDITIONS,
)
DOCUMENTS = st.lists(st.lists(STATEMENTS, min_size=1, max_size=4), max_size=3)
SESSION_POLICIES = st.none() | st.lists(STATEMENTS, min_size=1, max_size=3).map(lambda each: policy(*each))
REQUESTS = st.tuples(
    st.sampled_from(["imm:GetA", "imm:GetB", "imm:PutA", "ram:GetA"]),
    st.sampled_from(["acs:imm:cn:1:a", "acs:imm:cn:1:a/b", "acs:imm:cn:2:b", "acs:ram::1:a"]),
    st.fixed_dictionaries(
        {},
        optional={
            "acs:Key": st.sampled_from(["x", "y", "z"]),
            "acs:SourceIp": st.sampled_from(["10.0.0.1", "10.9.9.9", "11.0.0.1", "2001:db8::1", "?"]),
        },
    ),
)


def compiled(documents):
    return [policy(*statements) for statements in documents if statements]


@given(DOCUMENTS, SESSION_POLICIES, REQUESTS, STATEMENTS, st.data())
def test_adding_a_denial_never_allows_more(documents, session, request, statement, data):
    before = decide(compiled(documents), session, *request)
    documents = [*documents, []]
    index = data.draw(st.integers(0, len(documents) - 1))
    position = data.draw(st.integers(0, len(documents[index])))
    documents[index] = [*documents[index]]
    documents[index].insert(position, statement | {"Effect": "Deny"})
    after = decide(compiled(documents), session, *request)
    assert before.allowed or not after.allowed


@given(DOCUMENTS, SESSION_POLICIES, REQUESTS, st.data())
def test_removing_what_allows_never_allows_more(documents, session, request, data):
    before = decide(compiled(documents), session, *request)
    allowing = [(at, statement) for at in documents for statement in at if statement["Effect"] == "Allow"]
    if allowing:
        lessened, statement = data.draw(st.sampled_from(allowing))
        documents = [[each for each in at if at is not lessened or each is not statement] for at in documents]
    after = decide(compiled(documents), session, *request)
    assert before.allowed or not after.allowed


@given(DOCUMENTS, st.lists(STATEMENTS, min_size=1, max_size=3), REQUESTS)
def test_a_session_never_allows_more_than_its_role(documents, session, request):
    policies = compiled(documents)
    assert decide(policies, None, *request).allowed or not decide(policies, policy(*session), *request).allowed


@given(DOCUMENTS, REQUESTS, st.randoms(use_true_random=False))
def test_the_order_of_policies_and_statements_does_not_matter(documents, request, random):
    before = decide(compiled(documents), None, *request)
    documents = [random.sample(statements, len(statements)) for statements in documents]
    random.shuffle(documents)
    assert decide(compiled(documents), None, *request).reason == before.reason


@given(DOCUMENTS, SESSION_POLICIES, REQUESTS)
def test_the_statement_that_is_named_is_the_one_that_decides(documents, session, request):
    verdict = decide(compiled(documents), session, *request)
    assert (verdict.policy is None) == (verdict.statement is None) == (verdict.reason == "ImplicitDeny")
    if verdict.policy is not None:
        named = verdict.policy.statements[verdict.statement - 1]
        assert named.effect == ("Allow" if verdict.allowed else "Deny")
        assert named.applies(request[0].lower(), *request[1:])


# Anything that JSON can hold, in places where a policy has something, and anywhere else.
NAMES = st.sampled_from(["Statement", "Effect", "Action", "NotAction", "Resource", "Condition", "Allow", "acs:Key"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | NAMES | ACTIONS | RESOURCES
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=4)
)


def mostly(right):
    """The right thing nine times out of ten, and else anything."""
    return st.integers(1, 10).flatmap(lambda roll: ANYTHING if roll == 10 else right)


def right_values(operator):
    kinds = {
        "String": st.text("a*?", max_size=6) | st.booleans() | st.integers(),
        "Numeric": st.integers() | st.floats(-1e9, 1e9) | st.sampled_from(["1e9", "-0.5"]),
        "Date": st.datetimes().map(lambda time: f"{time.isoformat()}+08:00"),
        "Bool": st.booleans() | st.sampled_from(["True", "false"]),
        "Ip": st.sampled_from(["10.0.0.0/8", "::/0"]) | st.ip_addresses().map(str),
    }
    (kind,) = (kind for name, kind in kinds.items() if operator.removeprefix("Not").startswith(name))
    return st.fixed_dictionaries({operator: st.dictionaries(KEYS, mostly(kind), min_size=1, max_size=2)})


KEYS = mostly(st.sampled_from(["acs:Key", "acs:SourceIp"])).filter(lambda key: isinstance(key, str))
ALMOST = st.builds(
    lambda statements: {"Version": "1", "Statement": statements},
    mostly(
        st.lists(
            st.fixed_dictionaries(
                {
                    "Effect": mostly(st.sampled_from(["Allow", "Deny"])),
                    "Action": mostly(st.lists(ACTIONS, min_size=1, max_size=2)),
                    "Resource": mostly(st.lists(RESOURCES, min_size=1, max_size=2)),
                },
                optional={"Condition": mostly(st.sampled_from(list(OPERATORS)).flatmap(right_values))},
            ),
            min_size=1,
            max_size=2,
        )
    ),
)
CONTEXTS = st.dictionaries(
    st.sampled_from(["acs:SourceIp", "acs:Key", "ACS:KEY"]) | st.text(max_size=8),
    st.text(max_size=12) | st.booleans() | st.integers() | st.floats() | st.sampled_from(["10.0.0.1", "true", "1"]),
)


def read_and_judge(text, context):
    try:
        read = Policy.parse(text)
    except MalformedPolicy as error:
        message = error.message
    else:
        message = "."
        for action, resource in [("imm:GetA", "acs:imm:cn:1:a"), ("", ""), ("\ud800", "::::::")]:
            decide([read], read, action, resource, context)
    assert message.encode().endswith(b".")
    assert "\n" not in message


@given(st.text() | st.text(st.sampled_from('{}[]",:1Versn \\u')), CONTEXTS)
def test_no_text_brings_anything_but_a_malformed_policy(text, context):
    read_and_judge(text, context)


@given(ANYTHING, CONTEXTS)
def test_no_json_brings_anything_but_a_malformed_policy(value, context):
    read_and_judge(json.dumps(value), context)


@given(ALMOST, CONTEXTS)
def test_nothing_like_a_policy_brings_anything_but_a_malformed_policy(value, context):
    read_and_judge(json.dumps(value), context)


@given(st.text("*?a:/", max_size=30), st.text("*?a", max_size=30), st.text("a:/", max_size=60))
def test_no_pattern_is_too_much(resource, like, text):
    statement = allow("*", on=["*", f"acs:{resource}:*"], **when("StringLike", "acs:Key", like))
    read_and_judge(document(statement), {"acs:Key": text})
