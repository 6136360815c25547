"""Trust policies: who may take a role on."""

import re
from dataclasses import dataclass
from typing import Self

from vultus.errors import MalformedPolicy
from vultus.ram.conditions import Condition, Context, read_conditions
from vultus.ram.document import Object, as_object, known, read, show, strings
from vultus.ram.principal import Principal

ACTION = "sts:AssumeRole"

_ELEMENTS = ("Effect", "Principal", "Action", "Condition")
#: Accounts, users, roles and sessions; services; identity providers. Of the last two there are none here, but roles
#: that are made for other clouds name them.
_KINDS = ("RAM", "Service", "Federated")
_TRUSTED = re.compile(r"acs:ram:\*?:(\d+):(root|(?:user|role)/[^/*?]+|assumed-role/[^/*?]+/[^/*?]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class TrustStatement:
    """A statement of a trust policy.

    Attributes:
        allows: whether it lets them, or keeps them from it.
        trusted: the account with a name in it, each of which is one of those meant.
        conditions: all of which must hold.
    """

    allows: bool
    trusted: frozenset[tuple[str, str]]
    conditions: tuple[Condition, ...]

    def applies(self, principal: Principal, context: Context) -> bool:
        """Whether it is about a caller."""
        return not self.trusted.isdisjoint(_names(principal)) and all(each.holds(context) for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may take a role on."""

    statements: tuple[TrustStatement, ...]

    @classmethod
    def parse(cls, document: str) -> Self:
        """Read a trust policy (``AssumeRolePolicyDocument``).

        Raises:
            MalformedPolicy: it does not follow the policy language; the message names statement and element.
        """
        return cls(tuple(_statement(each, f"Statement {number}") for number, each in enumerate(read(document), 1)))

    def allows(self, principal: Principal, context: Context) -> bool:
        """Whether a caller may take the role on; one statement against it outweighs any that is for it."""
        effects = {each.allows for each in self.statements if each.applies(principal, context)}
        return effects == {True}


def _names(principal: Principal) -> set[tuple[str, str]]:
    """What a trust policy can call somebody: the account covers its users and sessions, a role covers its own."""
    if principal.kind == "Root":
        return {(principal.owner_id, "root")}
    if principal.kind == "User":
        names = ["root", f"user/{principal.user}"]
    else:
        role, _, _ = principal.user.partition("/")
        names = ["root", f"role/{role}", f"assumed-role/{principal.user}"]
    return {(principal.owner_id, name) for name in names}


def _statement(statement: Object, what: str) -> TrustStatement:
    known(statement, what, _ELEMENTS)
    for element in ("Effect", "Principal", "Action"):
        if element not in statement:
            raise MalformedPolicy(f"{what} has no {element}.")
    if statement["Effect"] not in ("Allow", "Deny"):
        raise MalformedPolicy(f"{what}: Effect is {show(statement['Effect'])}; it must be Allow or Deny.")
    actions = strings(statement["Action"], f"{what}: Action")
    if any(action.lower() != ACTION.lower() for action in actions):
        raise MalformedPolicy(f"{what}: the Action of a trust policy is {ACTION}.")
    return TrustStatement(
        statement["Effect"] == "Allow",
        _trusted(statement, what),
        read_conditions(statement["Condition"], what) if "Condition" in statement else (),
    )


def _trusted(statement: Object, what: str) -> frozenset[tuple[str, str]]:
    principal = as_object(statement["Principal"], f"{what}: Principal")
    known(principal, f"{what}: Principal", _KINDS)
    if not principal:
        raise MalformedPolicy(f"{what}: Principal names nobody.")
    named = {kind: strings(names, f"{what}: Principal: {kind}") for kind, names in principal.items()}
    return frozenset(_account_and_name(arn, what) for arn in named.get("RAM", ()))


def _account_and_name(arn: str, what: str) -> tuple[str, str]:
    match = _TRUSTED.fullmatch(arn)
    if match is None:
        raise MalformedPolicy(
            f"{what}: Principal has {show(arn)}, which is not of the form acs:ram::ACCOUNT:root, "
            "acs:ram::ACCOUNT:user/NAME or acs:ram::ACCOUNT:role/NAME."
        )
    return match[1], match[2]
