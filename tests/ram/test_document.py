import json

import pytest

from tests.ram.writing import allow, document
from vultus.errors import MalformedPolicy, PolicyTooLong
from vultus.ram.document import LONGEST, read, show


def refusal(text) -> MalformedPolicy:
    with pytest.raises(MalformedPolicy) as raised:
        read(text)
    assert raised.value.status == 400
    return raised.value


def test_a_single_statement_may_stand_without_its_list():
    assert read(json.dumps({"Version": "1", "Statement": allow("imm:*")})) == read(document(allow("imm:*")))


@pytest.mark.parametrize("length", [LONGEST, LONGEST + 1])
def test_a_policy_may_have_6144_characters_and_no_more(length):
    text = document(allow("imm:*")).ljust(length)
    if length <= LONGEST:
        assert len(read(text)) == 1
    else:
        error = refusal(text)
        assert isinstance(error, PolicyTooLong)
        assert error.code == "InvalidParameter.PolicyDocument.Length"
        assert error.message == "The policy document has 6,145 characters; 6,144 are the most."


@pytest.mark.parametrize("text", ["[" * 100_000, '{"Statement":' * 100_000, "x" * 10_000_000])
def test_what_is_much_too_long_is_not_even_read(text):
    assert "6,144 are the most" in refusal(text).message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The policy document is not JSON; see line 1, character 1."),
        ("{\n  'Version': 1}", "The policy document is not JSON; see line 2, character 3."),
        ('{"Version": "1",}', "The policy document is not JSON; see line 1, character 17."),
        ('{"Version": "1"} {}', "The policy document is not JSON; see line 1, character 18."),
        ("\ufeff{}", "The policy document is not JSON; see line 1, character 1."),
        ('{"Version": "\n"}', "The policy document is not JSON; see line 1, character 14."),
        ("[" * 6000, "The policy document has brackets within brackets without end."),
        ('{"a":' * 1200, "The policy document has brackets within brackets without end."),
        ('{"Version": NaN}', "The policy document is not JSON, which has no NaN."),
        ('{"Version": -Infinity}', "The policy document is not JSON, which has no -Infinity."),
        ('{"Version": "\ud800"}', "The policy document holds half a character, which cannot be stored."),
        ("[]", "The policy document must be a JSON object, not a list."),
        ("null", "The policy document must be a JSON object, not null."),
        ('"Allow"', 'The policy document must be a JSON object, not "Allow".'),
        ("9" * 5000, f"The policy document must be a JSON object, not {'9' * 64}...."),
        ("{}", 'The policy document has no Version; it is always "1".'),
        ('{"Version": "2012-10-17"}', 'The Version of the policy document is "2012-10-17"; "1" is the only one.'),
        ('{"Version": 1}', 'The Version of the policy document is 1; "1" is the only one.'),
        ('{"Version": 1e999}', 'The Version of the policy document is 1e999; "1" is the only one.'),
        ('{"Version": ["1"]}', 'The Version of the policy document is a list; "1" is the only one.'),
        ('{"Version": "1"}', "The policy document has no Statement."),
        (
            '{"Version": "1", "Id": "x"}',
            'The policy document has the unknown element "Id"; known are Version, Statement.',
        ),
        ('{"version": "1"}', 'The policy document has the unknown element "version"; known are Version, Statement.'),
        ('{"Version": "1", "Version": "1"}', 'The policy document has "Version" more than once.'),
        (
            '{"Version": "1", "Statement": []}',
            "The Statement of the policy document must be a list of at least one statement.",
        ),
        (
            '{"Version": "1", "Statement": "Allow"}',
            "The Statement of the policy document must be a list of at least one statement.",
        ),
        ('{"Version": "1", "Statement": [{}, []]}', "Statement 2 must be a JSON object, not a list."),
        ('{"Version": "1", "Statement": [{}, {"a": 1, "b": 2, "a": 1}]}', 'Statement 2 has "a" more than once.'),
    ],
)
def test_what_is_no_policy_is_refused_in_one_clear_sentence(text, message):
    error = refusal(text)
    assert error.code == "MalformedPolicyDocument"
    assert error.message == message


def test_a_message_can_be_sent_whatever_it_quotes():
    assert show("\ud800\n" + "x" * 1000).encode().startswith(b'"\\\\ud800\\nxxx')
    assert len(show("x" * 1000)) < 80
