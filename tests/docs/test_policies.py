"""docs/policies.md shows policies that work, and names every operator, key and system policy."""

import inspect
import re
from pathlib import Path

import pytest

from vultus.operations.call import Call
from vultus.ram.conditions import OPERATORS
from vultus.ram.evaluation import decide
from vultus.ram.policy import Policy
from vultus.ram.system_policies import SYSTEM_POLICIES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policies.md").read_text("utf-8")
EXAMPLES = [text for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if "Version" in text]


def test_every_operator_is_named():
    rows = re.findall(r"^\| (`\w+`.*)$", PAGE.split("### Conditions")[1].split("| key |")[0], re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(row.rsplit(" | ", 1)[0] for row in rows))) == set(OPERATORS)


def test_every_key_that_requests_have_is_named():
    assert isinstance(Call.context, property)
    given = set(re.findall(r'"(acs:\w+)"', inspect.getsource(Call.context.fget)))
    assert set(re.findall(r"^\| `(acs:\w+)` \|", PAGE, re.MULTILINE)) == given


def test_every_system_policy_is_named_with_its_version():
    named = re.findall(r"^\| `(\w+)` \| (v\d+) \|", PAGE, re.MULTILINE)
    assert named == [(each.name, each.version) for each in SYSTEM_POLICIES.values()]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_policies(example):
    assert Policy.parse(example).statements


@pytest.mark.parametrize(
    ("action", "resource", "address", "reason"),
    [
        ("imm:BatchGetFigureCluster", "project/family/dataset/photos", "10.1.2.3", "Allow"),
        ("imm:GetProject", "project/family", "192.168.1.1", "Allow"),
        ("imm:GetProject", "project/family2", "192.168.1.1", "ImplicitDeny"),
        ("imm:UpdateFigureCluster", "project/family/dataset/photos", "10.1.2.3", "ImplicitDeny"),
        ("imm:BatchGetFigureCluster", "project/family/dataset/photos", "203.0.113.9", "ExplicitDeny"),
    ],
)
def test_the_first_example_does_what_the_page_says(action, resource, address, reason):
    policy = Policy.parse(EXAMPLES[0])
    context = {"acs:SourceIp": address}
    assert decide([policy], None, action, f"acs:imm:cn-shanghai:1:{resource}", context).reason == reason
