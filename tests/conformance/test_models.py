"""Our structs and the classes of the official SDK name and type every field alike."""

import json
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from alibabacloud_imm20200930 import models as sdk

from tests.conformance.sdk_shape import SCALARS, attributes, faults, fields, is_model, shape
from vultus import model
from vultus.operations.dispatch import operations

EXAMPLE = json.loads((Path(__file__).parent / "figure_cluster.json").read_text("utf-8"))


def our_shape(hint: Any) -> Any:
    """As ``sdk_shape.shape``, for our structs."""
    if get_origin(hint) in (UnionType, Union):
        (hint,) = (member for member in get_args(hint) if member is not msgspec.UnsetType)
    if hasattr(hint, "__metadata__"):
        return our_shape(hint.__origin__)
    if get_origin(hint) is Literal:
        return SCALARS[type(get_args(hint)[0])]
    if get_origin(hint) is list:
        return ("list", our_shape(get_args(hint)[0]))
    if get_origin(hint) is dict:
        return ("map", our_shape(get_args(hint)[1]))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return {field.encode_name: our_shape(field.type) for field in msgspec.structs.fields(hint)}
    return SCALARS[hint]


@pytest.mark.parametrize("name", model.__all__)
def test_every_field_of_a_struct_is_named_and_typed_as_in_the_sdk(name):
    assert our_shape(getattr(model, name)) == shape(getattr(sdk, name))


OPERATIONS = [each for each in operations().values() if each.product == "imm"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_parameter_of_an_operation_is_named_and_typed_as_in_the_sdk(operation):
    assert our_shape(operation.request) == shape(getattr(sdk, f"{operation.name}Request"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_every_field_of_an_answer_is_named_and_typed_as_in_the_sdk(operation):
    assert our_shape(operation.response) == shape(getattr(sdk, f"{operation.name}ResponseBody"))


def test_the_central_structs_carry_every_field_of_the_documentation():
    assert len(our_shape(model.FigureCluster)) == 19
    assert len(our_shape(model.File)) == 84
    assert len(our_shape(model.Figure)) == 26


def unset_fields(value: Any, expected: Any, path: str = "$") -> list[str]:
    """The fields of a shape that a JSON value leaves out."""
    if isinstance(expected, tuple):
        inner = value if isinstance(value, list) else list(value.values())
        return [f"{path} is empty"] if not inner else unset_fields(inner[0], expected[1], f"{path}[]")
    if isinstance(expected, dict):
        missing = [f"{path}.{name}" for name in expected.keys() - value.keys()]
        return missing + [
            fault
            for name in expected.keys() & value.keys()
            for fault in unset_fields(value[name], expected[name], name)
        ]
    return []


def test_the_example_sets_every_field_and_none_that_the_sdk_does_not_know():
    assert unset_fields(EXAMPLE, shape(sdk.FigureCluster)) == []
    assert faults(EXAMPLE, sdk.FigureCluster) == []


def test_a_figure_cluster_with_every_field_goes_through_our_structs_unchanged():
    cluster = msgspec.json.decode(json.dumps(EXAMPLE), type=model.FigureCluster)
    assert json.loads(msgspec.json.encode(cluster)) == EXAMPLE


def test_the_sdk_reads_every_field_of_what_we_write():
    written = json.loads(msgspec.json.encode(msgspec.convert(EXAMPLE, model.FigureCluster)))
    assert sdk.FigureCluster().from_map(written).to_map() == EXAMPLE


def test_what_is_not_known_is_left_out_but_nothing_and_no_are_sent():
    cluster = model.FigureCluster(object_id="Cluster-1", face_count=0, average_age=0.0, meta_lock_version=0)
    assert json.loads(msgspec.json.encode(cluster)) == {
        "ObjectId": "Cluster-1",
        "FaceCount": 0,
        "AverageAge": 0.0,
        "MetaLockVersion": 0,
    }


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"FaceCounts": 1}, "$.FaceCounts is unknown to FigureCluster"),
        ({"FaceCount": "1"}, "$.FaceCount is no whole: '1'"),
        ({"FaceCount": True}, "$.FaceCount is no whole: True"),
        ({"Cover": {"Figures": [{"AgeSd": 1.0}]}}, "$.Cover.Figures[0].AgeSd is unknown to Figure"),
        ({"Cover": {"Size": 1.5}}, "$.Cover.Size is no whole: 1.5"),
        ({"Cover": []}, "$.Cover is no File: []"),
        ({"Name": None}, "$.Name is no text: None"),
    ],
)
def test_the_checker_notices_a_wrong_name_or_type(wrong, fault):
    assert faults(wrong, sdk.FigureCluster) == [fault]


def test_the_checker_notices_what_is_left_out():
    promised = {"FigureCluster": {"ObjectId"}, "File": {"URI"}}
    assert faults({"Cover": {}}, sdk.FigureCluster, promised) == ["$.ObjectId is missing", "$.Cover.URI is missing"]


def test_the_names_found_in_the_sdk_are_those_it_writes():
    names = attributes(sdk.File)
    assert names["OSSURI"] == "ossuri"
    assert names["ContentMd5"] == "content_md_5"
    assert names.keys() == fields(sdk.File).keys()
    assert all(is_model(each) for each in (sdk.File, sdk.Figure))
    assert set(names.values()) == get_type_hints(sdk.File.__init__).keys()
