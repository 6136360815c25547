"""Whatever a caller puts into any parameter of any operation is read, or refused in our own words."""

import json
import re

import msgspec
import pytest

from vultus.errors import InvalidArgument
from vultus.operations.dispatch import operations

HOSTILE = {
    "brackets": "[" * 100_000,
    "closed brackets": "[" * 100_000 + "]" * 100_000,
    "braces": '{"a":' * 100_000,
    "deep in a list": "[" * 33 + "]" * 33,
    "deep in a map": '{"a":' * 33 + "1" + "}" * 33,
    "deep in a struct": json.dumps({name: [[[["x"]]]] for name in ("URI", "Figures", "CustomLabels", "MNS", "Start")}),
    "an empty struct": "{}",
    "a list of empty structs": "[{}]",
    "a list of lists": "[[]]",
    "a giant number": "9" * 5000,
    "a number of 25 digits": "9" * 25,
    "a number of 25 digits in a list": f"[{'9' * 25}]",
    "a number of 25 digits in a map": f'{{"a": {"9" * 25}, "MetaLockVersion": {"9" * 25}}}',
    "an infinite number": "1e999",
    "an infinite number in a map": '{"a": 1e999, "MetaLockVersion": -1e999}',
    "infinity": "Infinity",
    "no number": "NaN",
    "no number in a map": '{"a": NaN}',
    "no number in a text": '[{"LabelConfidence": "nan"}]',
    "half a surrogate pair": '["\\ud800"]',
    "half a surrogate pair in a name": '{"\\udfff": 1}',
    "a NUL": '{"a": "\\u0000"}',
    "a bare NUL": "\0",
    "a name twice": '{"URI": "oss://a/b", "URI": "oss://c/d"}',
    "an unknown name": '{"__class__": {"__init__": 1}}',
    "no JSON": "{'a': 1}",
    "a broken end": '{"a": [1, 2',
    "a mark of byte order": "\ufeff[]",
    "a null": "null",
    "nulls": '[null, {"a": null}]',
}
#: What a parser would say of it, and what no caller should be bothered with.
PARSERS_WORDS = re.compile(r"`|msgspec|Expected|Object |malformed|truncated|<class|Error|\$")
PARAMETERS = [
    pytest.param(parameter, id=f"{operation.name}.{parameter.wire}")
    for operation in sorted(operations().values(), key=lambda each: each.name)
    for parameter in operation.reader.parameters
]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_it_is_read_or_refused_in_our_own_words(parameter):
    refusals = [message for value in HOSTILE.values() if (message := refusal(parameter, value))]
    for message in refusals:
        assert message.startswith(parameter.wire)
        assert message.endswith(".")
        assert not PARSERS_WORDS.search(message), message
        assert len(message) < 500


def refusal(parameter, value):
    """The message by which a value is refused; None when it is read, and can be written again."""
    try:
        read = parameter.read(value)
    except InvalidArgument as refused:
        return refused.message
    msgspec.json.encode(None if read is msgspec.UNSET else read)
    return None


@pytest.mark.parametrize(
    "what", [what for what in HOSTILE if what.startswith(("brackets", "closed", "braces", "deep in a l"))]
)
def test_nothing_deep_is_taken_by_any_structured_parameter(what):
    structured = [each.values[0] for each in PARAMETERS if each.values[0].structured]
    assert len(structured) > 20
    for parameter in structured:
        with pytest.raises(InvalidArgument, match=rf"^{parameter.wire} is nested too deeply; 32 levels are read\.$"):
            parameter.read(HOSTILE[what])
