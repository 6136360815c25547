import json
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta

from vultus.errors import InvalidArgument, MissingParameter, VultusError
from vultus.model import InputFile, TimeRange
from vultus.model.wire import Map, Text, Unset, Wire
from vultus.operations.parameters import Reader


class Pair(Wire):
    key: Annotated[str, Meta(pattern="^[a-z]$", description="one small letter")]


class Everything(Wire):
    project_name: str
    object_ids: Annotated[list[str], Meta(min_length=1, max_length=100)]
    description: Annotated[str, Meta(max_length=4)] | Unset = UNSET
    next_token: Text = UNSET
    max_results: Annotated[int, Meta(ge=0, le=100)] | Unset = UNSET
    order: Literal["asc", "desc"] = "asc"
    with_statistics: bool = False
    create_time_range: TimeRange | Unset = UNSET
    tags: Map = UNSET
    file: InputFile | Unset = UNSET
    pairs: dict[str, list[Pair]] | Unset = UNSET
    count: int | Unset = UNSET
    colours: list[Literal["red", "blue"]] = []
    share: float | Unset = UNSET


READER = Reader(Everything)
LEAST = {"ProjectName": "p", "ObjectIds": '["a", "b"]'}


def read(**values: Any) -> Everything:
    return READER.read(LEAST | values)


def refusal(**values: Any) -> str:
    with pytest.raises(InvalidArgument) as refused:
        read(**values)
    return refused.value.message


def test_text_from_the_wire_becomes_the_type_of_the_field():
    request = read(MaxResults="7", Order="desc", CreateTimeRange='{"Start":"a"}', Tags='{"k":"v"}')
    assert request == Everything(
        project_name="p",
        object_ids=["a", "b"],
        max_results=7,
        order="desc",
        create_time_range=TimeRange(start="a"),
        tags={"k": "v"},
    )


@pytest.mark.parametrize(("text", "value"), [("True", True), ("true", True), ("TRUE", True), ("False", False)])
def test_a_boolean_is_read_in_any_case(text, value):
    assert read(WithStatistics=text).with_statistics is value


def test_a_caller_in_the_process_hands_values_over_as_they_are():
    assert read(ObjectIds=["a"], MaxResults=7, File={"URI": "oss://b/k"}).file.uri == "oss://b/k"


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", ["ProjectName", "ObjectIds"])
def test_a_mandatory_parameter_that_is_absent_or_empty_is_named(name, value):
    with pytest.raises(MissingParameter) as missing:
        read(**{name: value})
    assert missing.value.code == f"Missing{name}"
    assert missing.value.message == f"{name} is mandatory for this action."


def test_a_mandatory_parameter_that_is_the_json_null_is_absent():
    with pytest.raises(MissingParameter):
        read(ObjectIds="null")


def test_an_empty_value_says_something_only_where_text_is_optional():
    request = read(Description="", NextToken="", MaxResults="", Order="", CreateTimeRange="", Tags="")
    assert (request.description, request.next_token) == ("", "")
    assert (request.max_results, request.order, request.create_time_range, request.tags) == (UNSET, "asc", UNSET, UNSET)


def test_a_null_in_a_struct_or_map_is_absent():
    request = read(File='{"URI": "oss://b/k", "Title": null, "CustomLabels": {"a": null, "b": "1"}}')
    assert request.file == InputFile(uri="oss://b/k", custom_labels={"b": "1"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MaxResults", "101", "MaxResults must be a whole number, 0 to 100."),
        ("MaxResults", "many", "MaxResults must be a whole number, 0 to 100."),
        ("Order", "up", "Order must be one of asc, desc."),
        ("WithStatistics", "perhaps", "WithStatistics must be true or false."),
        ("Description", "abcde", "Description must be text of at most 4 characters."),
        ("ObjectIds", "[]", "ObjectIds must be a list of 1 to 100 texts; it holds 0."),
        ("ObjectIds", json.dumps(["a"] * 101), "ObjectIds must be a list of 1 to 100 texts; it holds 101."),
        (
            "ObjectIds",
            "a,b",
            "ObjectIds must be a list of 1 to 100 texts, as one JSON text; it is none from byte 0 on.",
        ),
        ("ObjectIds", '["a"', "ObjectIds must be a list of 1 to 100 texts, as one JSON text."),
        ("ObjectIds", '["a", 1]', "ObjectIds must be a list of 1 to 100 texts; [1] must be text."),
        ("ObjectIds", "7", "ObjectIds must be a list of 1 to 100 texts."),
        ("File", '{"Title": 1}', "File must be an InputFile; Title must be text."),
        ("File", '{"Figures": {}}', "File must be an InputFile; Figures must be a list of InputFileFigures."),
        (
            "File",
            '{"Labels": [{}, {"LabelConfidence": "much"}]}',
            "File must be an InputFile; Labels[1].LabelConfidence must",
        ),
        ("Pairs", '{"a": [{"Key": "k"}, {}]}', "Pairs must be a map; [...][1] lacks Key."),
        ("Pairs", '{"a": [{"Key": 7}]}', "Pairs must be a map; [...][0].Key must be one small letter."),
        ("Colours", '["red", "mud"]', "Colours must be a list of texts, each one of blue, red; [1] is none of them."),
        ("Tags", "[]", "Tags must be a map."),
        ("Tags", "[" * 100_000, "Tags is nested too deeply; 32 levels are read."),
        ("Tags", "[" * 100_000 + "]" * 100_000, "Tags is nested too deeply; 32 levels are read."),
        ("Tags", '{"a":' * 33 + "1" + "}" * 33, "Tags is nested too deeply; 32 levels are read."),
        ("Tags", '{"a": {"b": 1, "c": 2, "b": 1}}', "Tags gives b twice in one struct or map."),
        ("Tags", '{"a": 1, "\\u0061": 1}', "Tags gives a twice in one struct or map."),
        ("Tags", '{"a": NaN}', "Tags must be a map, as one JSON text; it is none from byte 6 on."),
        ("Tags", '{"a": -Infinity}', "Tags must be a map, as one JSON text; it is none from byte 7 on."),
        ("Tags", '{"a": 1e999}', "Tags holds a number that cannot be stored; 64 bits are."),
        ("Tags", '{"a": 1' + "0" * 5000 + "}", "Tags holds a number that cannot be stored; 64 bits are."),
        ("Tags", f'{{"a": {2**63}}}', "Tags holds a number that cannot be stored; 64 bits are."),
        ("Tags", {"a": float("nan")}, "Tags holds a number that cannot be stored; 64 bits are."),
        ("Count", f"{-(2**63) - 1}", "Count holds a number that cannot be stored; 64 bits are."),
        ("Count", "1" * 5000, "Count must be a whole number."),
        ("Share", "nan", "Share holds a number that cannot be stored; 64 bits are."),
        ("Share", "-inf", "Share holds a number that cannot be stored; 64 bits are."),
        ("Share", "1e999", "Share must be a number."),
        ("File", '{"Labels": [{"LabelConfidence": "inf"}]}', "File holds a number that cannot be stored; 64 bits are."),
        ("Tags", '{"a": "\\ud800"}', "Tags must be a map, as one JSON text"),
        ("ProjectName", "a\0", "ProjectName holds a character that cannot be stored."),
        ("ProjectName", "\ud800", "ProjectName holds a character that cannot be stored."),
        ("Tags", '{"a": ["\\u0000"]}', "Tags holds a character that cannot be stored."),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_words(name, value, said):
    assert refusal(**{name: value}).startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "read_as"),
    [
        ("Count", f"{2**63 - 1}", 2**63 - 1),
        ("Count", f"{-(2**63)}", -(2**63)),
        ("Share", "1e300", 1e300),
        ("Tags", '{"a":' * 32 + "1" + "}" * 32, None),
        ("Tags", '{"a": {"b": 1}, "b": {"b": 1}}', {"a": {"b": 1}, "b": {"b": 1}}),
    ],
)
def test_a_value_that_just_can_be_used_is_read(name, value, read_as):
    got = getattr(read(**{name: value}), name.lower())
    assert got == (json.loads(value) if read_as is None else read_as)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


parameter_values = st.dictionaries(
    st.sampled_from([parameter.wire for parameter in READER.parameters]),
    st.text() | json_values | json_values.map(json.dumps),
)


@given(parameter_values)
def test_whatever_comes_is_read_or_refused_by_name(values):
    try:
        request = READER.read(values)
    except VultusError as refused:
        error = refused
    else:
        assert msgspec.json.decode(msgspec.json.encode(request), type=Everything) == request
        return
    assert error.status == 400
    assert any(parameter.wire in error.message for parameter in READER.parameters)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=100))
def test_a_list_means_the_same_as_json_text_and_as_it_is(ids):
    assert read(ObjectIds=json.dumps(ids)) == read(ObjectIds=json.dumps(ids, ensure_ascii=False)) == read(ObjectIds=ids)


def test_a_description_on_a_type_words_the_refusal():
    class Named(Wire):
        name: Annotated[str, Meta(pattern="^[a-z]+$", description="some small letters")]

    with pytest.raises(InvalidArgument, match=r"^Name must be some small letters\.$"):
        Reader(Named).read({"Name": "A"})
