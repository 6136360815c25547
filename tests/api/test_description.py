import json
import re

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts import openapi_docs
from vultus.api import description
from vultus.api.catalogue import catalogue
from vultus.operations.dispatch import operations
from vultus.operations.operation import VERSIONS

DOCUMENT = json.loads(description.encoded())
EVERY = sorted(operations().values(), key=lambda each: (each.product, each.name))


@pytest.fixture(params=EVERY, ids=lambda each: each.name)
def each(request):
    return request.param


def described(operation):
    return DOCUMENT["paths"][f"/#{operation.name}"]["post"]


def test_it_is_valid():
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_the_file_in_docs_is_up_to_date():
    assert openapi_docs.TARGET.read_bytes() == description.encoded(), "run: make docs"


def test_it_holds_every_operation_and_no_other():
    assert len(DOCUMENT["paths"]) == len(EVERY)
    assert {(path["post"]["tags"][0], path["post"]["operationId"]) for path in DOCUMENT["paths"].values()} == {
        (each.product, each.name) for each in EVERY
    }


def test_an_operation_is_named_by_its_action_and_version(each):
    named = {parameter["name"]: parameter["schema"] for parameter in described(each)["parameters"][:2]}
    assert named == {"Action": {"const": each.name}, "Version": {"const": VERSIONS[each.product]}}


def test_an_operation_has_its_parameters(each):
    parameters = described(each)["parameters"][3:]
    assert [(parameter["name"], parameter.get("required", False)) for parameter in parameters] == [
        (parameter.wire, parameter.required) for parameter in each.reader.parameters
    ]
    for parameter, declared in zip(parameters, each.reader.parameters, strict=True):
        assert ("content" in parameter) is declared.structured
        assert declared.expected.lower() in parameter["description"].lower()


def test_an_operation_says_what_it_does_and_what_it_takes(each):
    said = " ".join(f"{described(each)['summary']} {described(each)['description']}".split())
    assert " ".join(each.description.split()) in said
    for resource in each.resource_names:
        assert f"`{each.ram_action}`, level {each.level}, on " in said
        assert f"`{resource}`" in said


def test_an_operation_has_every_error_by_its_status(each):
    responses = described(each)["responses"]
    assert responses.keys() == {"200"} | {str(error.status) for error in catalogue()}
    told = "".join(response["description"] for response in DOCUMENT["components"]["responses"].values())
    for error in catalogue():
        assert f"`{error.code}`: {error.when} {error.remedy}" in told


def test_an_answer_has_its_fields_and_the_request_id(each):
    schema = described(each)["responses"]["200"]["content"]["application/json"]["schema"]
    component = DOCUMENT["components"]["schemas"][schema["allOf"][0]["$ref"].rsplit("/", 1)[1]]
    assert list(component["properties"]) == [field.encode_name for field in msgspec.structs.fields(each.response)]
    assert schema["allOf"][1] == {"required": ["RequestId"]}


def test_limits_are_said():
    asked = {
        parameter["name"]: parameter for parameter in DOCUMENT["paths"]["/#CreateDataset"]["post"]["parameters"][3:]
    }
    assert asked["DatasetMaxBindCount"]["schema"] == {"type": "integer", "format": "int64", "minimum": 1, "maximum": 10}
    assert asked["DatasetName"]["schema"]["pattern"] == "^[A-Za-z_][A-Za-z0-9_-]{0,127}$"
    assert asked["Description"]["schema"]["maxLength"] == 256


def test_every_pattern_is_one_of_json_schema():
    patterns = re.findall(r'"pattern": "(.*)"', description.encoded().decode())
    assert patterns
    assert not [pattern for pattern in patterns if re.search(r"\\\\[AZz]|\(\?", pattern)]


def test_both_ways_of_signing_are_told_and_either_will_do():
    assert DOCUMENT["security"] == [{"ACS3-HMAC-SHA256": []}, {"HMAC-SHA1": []}]
    assert DOCUMENT["components"]["securitySchemes"].keys() == {"ACS3-HMAC-SHA256", "HMAC-SHA1"}
