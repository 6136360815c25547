"""Users and sessions of an account, made by signed calls of its root."""

import json
from dataclasses import dataclass
from itertools import count

from tests.conformance.clients import Credentials
from tests.conformance.raw import call_v1
from tests.conformance.running import Running

VERSIONS = {"AssumeRole": "2015-04-01"}
_numbers = count()


def policy(effect: str, *actions: str, resource: str = "*") -> str:
    """A policy of one statement."""
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "1", "Statement": [statement]})


@dataclass(frozen=True)
class Caller:
    """Somebody who signs requests to a server by hand."""

    endpoint: str
    key: Credentials


@dataclass(frozen=True)
class Staff:
    """Who works for the account of a server."""

    server: Running

    def user(self, *documents: str) -> tuple[str, Credentials]:
        """Make a user with policies; return name and key."""
        name = f"user-{next(_numbers)}"
        self.call("CreateUser", UserName=name)
        self._attach("User", name, documents)
        key = self.call("CreateAccessKey", UserName=name)["AccessKey"]
        return name, Credentials(key["AccessKeyId"], key["AccessKeySecret"])

    def session(self, document: str, narrowed: str = "") -> Credentials:
        """Have a role with a policy taken on, narrowed by the policy of the session; return what it signs with."""
        name, key = self.user(policy("Allow", "sts:AssumeRole"))
        principal = {"RAM": [f"acs:ram::{self.server.account.owner_id}:user/{name}"]}
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
        trust = json.dumps({"Version": "1", "Statement": [statement]})
        role = self.call("CreateRole", RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
        self._attach("Role", name, [document])
        given = {"RoleArn": role["Arn"], "RoleSessionName": "anna"} | ({"Policy": narrowed} if narrowed else {})
        told = self.call("AssumeRole", key, **given)["Credentials"]
        return Credentials(told["AccessKeyId"], told["AccessKeySecret"], told["SecurityToken"])

    def call(self, action: str, key: Credentials | None = None, **parameters: str) -> dict:
        """Call an operation of RAM or STS, as the root or with another key."""
        caller = Caller(self.server.endpoint, key) if key else self.server
        reply = call_v1(caller, action, Version=VERSIONS.get(action, "2015-05-01"), **parameters)
        assert reply.status == 200, reply.body
        return reply.json

    def _attach(self, kind: str, name: str, documents) -> None:
        for number, document in enumerate(documents):
            made = f"{kind}-{name}-{number}"
            self.call("CreatePolicy", PolicyName=made, PolicyDocument=document)
            self.call(f"AttachPolicyTo{kind}", PolicyType="Custom", PolicyName=made, **{f"{kind}Name": name})
