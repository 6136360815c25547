"""Policies: what they allow and deny, compiled so that a request is judged in microseconds."""

from dataclasses import dataclass, field
from typing import Any, Literal, Self

from vultus.errors import MalformedPolicy
from vultus.ram.conditions import Condition, Context, read_conditions
from vultus.ram.document import Object, known, read, show, strings
from vultus.ram.pattern import ARN_SEGMENTS, AnyOf, translate_arn

Effect = Literal["Allow", "Deny"]
Kind = Literal["System", "Custom", "Session"]

_ELEMENTS = ("Effect", "Action", "NotAction", "Resource", "Condition")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: it applies to actions on resources, under conditions.

    Attributes:
        effect: what it does with them.
        actions: patterns of the actions it is about; case does not matter.
        all_but: whether it is about all other actions instead (``NotAction``).
        resources: patterns of the ARNs it is about; case matters.
        conditions: all of which must hold.
    """

    effect: Effect
    actions: tuple[str, ...]
    all_but: bool
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    _actions: AnyOf = field(init=False, repr=False, compare=False)
    _resources: AnyOf = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_actions", AnyOf(action.lower() for action in self.actions))
        object.__setattr__(self, "_resources", AnyOf(self.resources, translate_arn))

    def applies(self, action: str, resource: str, context: Context) -> bool:
        """Whether it is about a request.

        Args:
            action: in lower case.
            resource: its ARN.
            context: what conditions look at.
        """
        if self._actions.match(action) == self.all_but or not self._resources.match(resource):
            return False
        # Most statements have no condition, and all() of nothing would take as long as the rest.
        return not self.conditions or all(condition.holds(context) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy.

    Attributes:
        name: empty where it has none, that of a session.
        kind: who made it.
        statements: in the order of the document; the first is number 1.
        denials: those that deny, with their numbers.
        allowances: those that allow, with their numbers.
    """

    name: str
    kind: Kind
    statements: tuple[Statement, ...]
    denials: tuple[tuple[int, Statement], ...] = field(init=False, repr=False, compare=False)
    allowances: tuple[tuple[int, Statement], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbered = tuple(enumerate(self.statements, 1))
        object.__setattr__(self, "denials", tuple(each for each in numbered if each[1].effect == "Deny"))
        object.__setattr__(self, "allowances", tuple(each for each in numbered if each[1].effect == "Allow"))

    @classmethod
    def parse(cls, document: str, name: str = "", kind: Kind = "Custom") -> Self:
        """Read a policy document.

        Args:
            document: JSON, of whatever origin.
            name: of the policy.
            kind: who made it.

        Raises:
            MalformedPolicy: it does not follow the policy language; the message names statement and element.
        """
        statements = read(document)
        return cls(name, kind, tuple(_statement(each, f"Statement {n}") for n, each in enumerate(statements, 1)))


def _statement(statement: Object, what: str) -> Statement:
    known(statement, what, _ELEMENTS)
    all_but = "NotAction" in statement
    if all_but == ("Action" in statement):
        raise MalformedPolicy(f"{what} must have either Action or NotAction, and not both.")
    return Statement(
        _effect(statement, what),
        _actions(statement, "NotAction" if all_but else "Action", what),
        all_but,
        _resources(statement, what),
        read_conditions(statement["Condition"], what) if "Condition" in statement else (),
    )


def _effect(statement: Object, what: str) -> Effect:
    effect: Any = _needed(statement, "Effect", what)
    if effect == "Allow":
        return "Allow"
    if effect == "Deny":
        return "Deny"
    raise MalformedPolicy(f"{what}: Effect is {show(effect)}; it must be Allow or Deny.")


def _actions(statement: Object, element: str, what: str) -> tuple[str, ...]:
    actions = strings(statement[element], f"{what}: {element}")
    for action in actions:
        service, _, name = action.partition(":")
        named = service and name and action.isascii() and action.isprintable() and " " not in action
        if not named and action.strip("*"):
            raise MalformedPolicy(f"{what}: {element} has {show(action)}, which is not of the form SERVICE:ACTION.")
        if not action:
            raise MalformedPolicy(f"{what}: {element} has an empty string.")
    return actions


def _resources(statement: Object, what: str) -> tuple[str, ...]:
    resources = strings(_needed(statement, "Resource", what), f"{what}: Resource")
    for resource in resources:
        segments = resource.split(":", ARN_SEGMENTS - 1)
        whole = len(segments) == ARN_SEGMENTS or (len(segments) > 1 and resource.endswith("*"))
        if not resource or (resource.strip("*") and not (segments[0] == "acs" and whole)):
            raise MalformedPolicy(
                f"{what}: Resource has {show(resource)}, which is not of the form acs:SERVICE:REGION:ACCOUNT:NAME."
            )
    return resources


def _needed(statement: Object, element: str, what: str) -> Any:
    if element not in statement:
        raise MalformedPolicy(f"{what} has no {element}.")
    return statement[element]
