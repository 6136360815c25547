"""RAM's operations, called in this process as the root of the account."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.operations.conftest import Desk

READ = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "imm:Get*", "Resource": "*"}]})
WRITE = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "imm:*", "Resource": "*"}]})


@dataclass(frozen=True, slots=True)
class Office:
    """Where the account is administered."""

    desk: Desk

    @property
    def owner_id(self) -> str:
        return self.desk.catalog.account.ensure()

    def call(self, action: str, **parameters: Any) -> Any:
        """Carry out an operation of RAM; parameters carry their wire names."""
        return self.desk.call(action, "ram", **parameters)

    def refusal(self, action: str, **parameters: Any) -> tuple[str, str]:
        """Code and message of the error that a call ends with."""
        return self.desk.refusal(action, "ram", **parameters)

    def trusting(self, *names: str) -> str:
        """A trust policy for some of the account."""
        trusted = [f"acs:ram::{self.owner_id}:{name}" for name in names or ("root",)]
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": trusted}}
        return json.dumps({"Version": "1", "Statement": [statement]})

    def pages(self, action: str, **parameters: Any) -> list[Any]:
        """The answers of a list, page by page."""
        answers = [self.call(action, **parameters)]
        while answers[-1].is_truncated:
            answers.append(self.call(action, Marker=answers[-1].marker, **parameters))
        return answers


@pytest.fixture
def office(desk: Desk) -> Office:
    """An account without users."""
    return Office(desk)
