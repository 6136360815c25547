"""An account to be administered: RAM's operations, called in this process as its root."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vultus.ram.keyring import KeyRing
from vultus.ram.principal import Principal

if TYPE_CHECKING:
    from tests.operations.conftest import Desk


def allowing(action: str, resource: str = "*", effect: str = "Allow") -> str:
    """A policy of one statement."""
    return json.dumps({"Version": "1", "Statement": [{"Effect": effect, "Action": action, "Resource": resource}]})


READ = allowing("imm:Get*")
WRITE = allowing("imm:*")


@dataclass(frozen=True, slots=True)
class Office:
    """Where the account is administered."""

    desk: "Desk"

    @property
    def owner_id(self) -> str:
        return self.desk.owner

    def call(self, action: str, **parameters: Any) -> Any:
        """Carry out an operation of RAM; parameters carry their wire names."""
        return self.desk.call(action, "ram", **parameters)

    def refusal(self, action: str, **parameters: Any) -> tuple[str, str]:
        """Code and message of the error that a call ends with."""
        return self.desk.refusal(action, "ram", **parameters)

    def pages(self, action: str, **parameters: Any) -> list[Any]:
        """The answers of a list, page by page."""
        answers = [self.call(action, **parameters)]
        while answers[-1].is_truncated:
            answers.append(self.call(action, Marker=answers[-1].marker, **parameters))
        return answers

    def trusting(self, *names: str, **elements: Any) -> str:
        """A trust policy for some of the account."""
        trusted = [f"acs:ram::{self.owner_id}:{name}" for name in names or ("root",)]
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": trusted}, **elements}
        return json.dumps({"Version": "1", "Statement": [statement]})

    def hire(self, name: str, *documents: str) -> Principal:
        """Make a user with policies and a key, and return who signs with it."""
        self.call("CreateUser", UserName=name)
        for number, document in enumerate(documents):
            self.call("CreatePolicy", PolicyName=f"{name}-{number}", PolicyDocument=document)
            policy = {"PolicyType": "Custom", "PolicyName": f"{name}-{number}"}
            self.call("AttachPolicyToUser", UserName=name, **policy)
        return self.signer(self.call("CreateAccessKey", UserName=name).access_key.access_key_id)

    def signer(self, key_id: str, token: str = "") -> Principal:
        """Who signs with a key, as the API finds out."""
        service = self.desk.service
        keys = KeyRing(service.catalog, service.cipher, service.tokens)
        key = keys.find_session(key_id, token) if token else keys.find(key_id)
        assert key is not None
        return key.principal
