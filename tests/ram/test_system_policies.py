import json

import pytest

from vultus.ram.document import LONGEST
from vultus.ram.evaluation import decide
from vultus.ram.system_policies import SYSTEM_POLICIES


def test_the_system_policies_are_those_that_are_named():
    assert list(SYSTEM_POLICIES) == [
        "AdministratorAccess",
        "AliyunIMMFullAccess",
        "AliyunIMMReadOnlyAccess",
        "AliyunRAMFullAccess",
        "AliyunRAMReadOnlyAccess",
        "AliyunSTSAssumeRoleAccess",
    ]


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_each_is_a_document_that_anybody_could_have_written(name):
    entry = SYSTEM_POLICIES[name]
    assert entry.name == entry.policy.name == name
    assert entry.policy.kind == "System"
    assert len(entry.document) <= LONGEST
    assert json.loads(entry.document)["Version"] == "1"


def test_full_access_to_imm_is_as_alibaba_has_it():
    entry = SYSTEM_POLICIES["AliyunIMMFullAccess"]
    assert entry.version == "v3"
    assert json.loads(entry.document)["Statement"] == [
        {"Action": "imm:*", "Resource": "*", "Effect": "Allow"},
        {"Action": "oss:ListBuckets", "Resource": "*", "Effect": "Allow"},
        {"Action": "ram:ListRoles", "Resource": "*", "Effect": "Allow"},
        {
            "Action": "ram:PassRole",
            "Resource": "*",
            "Effect": "Allow",
            "Condition": {"StringEquals": {"acs:Service": "imm.aliyuncs.com"}},
        },
    ]


def test_read_only_access_to_imm_is_as_alibaba_has_it():
    entry = SYSTEM_POLICIES["AliyunIMMReadOnlyAccess"]
    assert entry.version == "v1"
    assert json.loads(entry.document)["Statement"] == [
        {"Action": ["imm:Get*", "imm:List*"], "Resource": "*", "Effect": "Allow"}
    ]


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_what_vultus_adds_is_covered_by_the_administrators_policy_alone(name):
    verdict = decide(
        [SYSTEM_POLICIES[name].policy], None, "vultus:GetProgress", "acs:vultus:cn-shanghai:1:project/a", {}
    )
    assert verdict.allowed is (name == "AdministratorAccess")
