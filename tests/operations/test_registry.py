"""What every operation promises, whatever it does."""

import re

import msgspec
import pytest

from scripts import imm_actions, operations_docs
from vultus.operations.actions import IMM_ACTIONS
from vultus.operations.dispatch import operations
from vultus.operations.operation import REGISTRY, VERSIONS, Request, Response, operation
from vultus.operations.resource import ANY, DATASET, PROJECT

EVERY = sorted(operations().values(), key=lambda each: (each.product, each.name))
OFFERED = {
    *(f"{verb}{noun}" for noun in ("Project", "Dataset") for verb in ("Create", "Get", "Update", "Delete")),
    *("ListProjects", "ListDatasets", "CreateFigureClusteringTask", "GetTask", "ListTasks"),
    *(f"{batch}{verb}FileMeta" for batch in ("", "Batch") for verb in ("Index", "Get", "Delete")),
    *("GetFigureCluster", "BatchGetFigureCluster", "QueryFigureClusters", "UpdateFigureCluster"),
    *("CreateFigureClustersMergingTask", "UpdateFileMeta", "BatchUpdateFileMeta"),
    *("DetectImageFaces", "CompareImageFaces"),
}

#: Levels that an operation's name would not tell.
OTHER_LEVELS = {"ListEntitiesForPolicy": "get", "ExplainPermission": "get"}


@pytest.fixture(params=EVERY, ids=lambda each: each.name)
def each(request):
    return request.param


def test_the_operations_of_the_main_job_are_offered():
    assert len(OFFERED) == 28
    assert {each.name for each in EVERY if each.product == "imm"} >= OFFERED
    assert {each.name for each in EVERY if each.product == "vultus"} >= {
        "GetProgress",
        "ListFailures",
        "ExplainFigures",
    }


def test_an_operation_is_found_under_the_name_and_version_it_is_called_by(each):
    assert operations()[VERSIONS[each.product], each.name] is each
    assert each.product != "imm" or each.name in IMM_ACTIONS


def test_an_operation_says_what_it_does(each):
    summary = each.description.split("\n\n")[0]
    assert re.fullmatch(r"[A-Z][a-z]+ .+\.", summary, re.DOTALL)


def test_an_operation_types_its_request_and_response(each):
    assert issubclass(each.request, Request)
    assert each.request is not Request
    assert issubclass(each.response, Response)
    assert each.response is not Response
    assert each.request.__name__ == f"{each.name}Request"
    assert each.response.__name__ == f"{each.name}Response"


def test_the_level_of_an_operation_fits_its_name(each):
    verbs = {"Create": "create", "Index": "create", "List": "list", "Query": "list", "Explain": "list"}
    verbs |= {"Get": "get", "Update": "update", "Delete": "delete"}
    decisions = ("Move", "Reject", "Ignore", "Merge", "Split", "Distinguish", "Undo", "Cancel", "Use")
    verbs |= dict.fromkeys(decisions, "update") | {"Audit": "get", "Repair": "update"}
    verbs |= {"Add": "create", "Attach": "create", "Remove": "delete", "Detach": "delete", "Set": "update"}
    verbs |= dict.fromkeys(("Assume", "Detect", "Compare"), "none")
    verb = re.match("(?:Batch)?([A-Z][a-z]+)", each.name)[1]
    assert each.level == OTHER_LEVELS.get(each.name, verbs[verb])


def test_the_resource_of_an_operation_is_the_smallest_that_its_parameters_name(each):
    names = {parameter.wire for parameter in each.reader.parameters if parameter.required}
    smallest = DATASET if "DatasetName" in names else PROJECT if "ProjectName" in names else ANY
    if each.product in ("imm", "vultus"):
        assert each.resources == (smallest,)
    named = {parameter.wire for parameter in each.reader.parameters}
    assert set(re.findall(r"\{([A-Z]\w+)\}", " ".join(each.resource_names))) <= named


def test_a_name_is_declared_once(each):
    def again(call: object, request: Request) -> Response:
        """Do it again."""
        return Response()

    again.__name__ = re.sub(r"(?<!^)(?=[A-Z])", "_", each.name).lower()
    before = dict(REGISTRY)
    with pytest.raises(ValueError, match=each.name):
        operation(level="get", resource=None, product=each.product)(again)
    assert before == REGISTRY


def test_no_parameter_collides_with_those_of_the_protocol(each):
    public = {"Action", "Version", "Format", "AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion"}
    public |= {"SignatureNonce", "SignatureType", "Timestamp", "RegionId", "SecurityToken", "BearerToken"}
    assert public.isdisjoint(parameter.wire for parameter in each.reader.parameters)


def test_every_answer_carries_the_request_id(each):
    names = [field.encode_name for field in msgspec.structs.fields(each.response)]
    assert names[0] == "RequestId"


def test_the_list_of_imms_operations_is_that_of_the_sdk():
    assert imm_actions.TARGET.read_text("utf-8") == imm_actions.module()
    assert len(IMM_ACTIONS) == 105


def test_the_page_about_operations_is_up_to_date():
    assert operations_docs.TARGET.read_text("utf-8") == operations_docs.document(), "run: make docs"


def test_the_page_about_operations_names_each_with_its_parameters_and_answer(each):
    page = operations_docs.document()
    section = page.split(f"\n### {each.name}\n")[1].split("\n### ")[0].split("\n## ")[0]
    assert each.description in section
    assert f"`{each.ram_action}`, level {each.level}, " in section
    assert all(f"`{name}`" in section for name in each.resource_names)
    for parameter in each.reader.parameters:
        assert f"| `{parameter.wire}` | {'yes' if parameter.required else ''} |" in section
    for field in msgspec.structs.fields(each.response)[1:]:
        assert f"| `{field.encode_name}` |" in section


def test_only_what_reads_single_rows_by_their_keys_is_quick():
    assert {each.name for each in EVERY if each.quick} == {
        *("GetFigureCluster", "BatchGetFigureCluster", "GetFileMeta", "BatchGetFileMeta", "GetTask"),
        "GetTaskProgress",
    }
