"""System policies: those that every account has, and nobody can change.

The documents are Alibaba's, statement by statement, services that there are none of here included, so that an account
that is moved keeps its policies by name. AliyunIMMReadOnlyAccess allows what begins with Get or List and nothing else:
not BatchGetFigureCluster, not QueryFigureClusters. What Vultus adds to IMM has actions of its own (``vultus:*``), which
only AdministratorAccess covers.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vultus.ram.policy import Policy


@dataclass(frozen=True, slots=True)
class SystemPolicy:
    """A system policy.

    Attributes:
        name: which never changes.
        version: that Alibaba was at when the document was taken over.
        create_date: as Alibaba tells it; empty where it was not to be found.
        update_date: the same.
        description: what it is for.
        document: JSON.
        policy: the document, compiled.
    """

    name: str
    version: str
    create_date: str
    update_date: str
    description: str
    document: str
    policy: Policy = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy", Policy.parse(self.document, self.name, "System"))


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": statements}, indent=2)


def _allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions[0] if len(actions) == 1 else actions, "Resource": "*", **more}


#: By name, in the order of their names.
SYSTEM_POLICIES: Mapping[str, SystemPolicy] = {
    each.name: each
    for each in (
        SystemPolicy(
            "AdministratorAccess",
            "v1",
            "",
            "",
            "Everything, on everything.",
            _document(_allow("*")),
        ),
        SystemPolicy(
            "AliyunIMMFullAccess",
            "v3",
            "2018-02-27T09:45:31Z",
            "2018-05-23T07:10:03Z",
            "Everything in IMM.",
            _document(
                _allow("imm:*"),
                _allow("oss:ListBuckets"),
                _allow("ram:ListRoles"),
                _allow("ram:PassRole", Condition={"StringEquals": {"acs:Service": "imm.aliyuncs.com"}}),
            ),
        ),
        SystemPolicy(
            "AliyunIMMReadOnlyAccess",
            "v1",
            "2018-02-27T09:45:28Z",
            "2018-02-27T09:45:28Z",
            "What begins with Get or List in IMM.",
            _document(_allow("imm:Get*", "imm:List*")),
        ),
        SystemPolicy(
            "AliyunRAMFullAccess",
            "v1",
            "",
            "",
            "Everything in RAM.",
            _document(_allow("ram:*")),
        ),
        SystemPolicy(
            "AliyunRAMReadOnlyAccess",
            "v3",
            "2015-04-28T16:15:45Z",
            "2025-12-03T10:03:48Z",
            "What begins with Get or List in RAM, and the report on credentials.",
            _document(
                _allow("ram:Get*", "ram:List*", "ram:GenerateCredentialReport"),
                _allow("accessanalyzer:Get*", "accessanalyzer:List*"),
            ),
        ),
        SystemPolicy(
            "AliyunSTSAssumeRoleAccess",
            "v1",
            "2015-08-03T04:52:09Z",
            "2017-04-27T16:48:07Z",
            "Taking on any role that trusts the caller.",
            _document(_allow("sts:AssumeRole")),
        ),
    )
}
