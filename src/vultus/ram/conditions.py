"""Conditions of a statement: an operator, a key that the request has a value for, and the values to compare it with.

A condition holds when the request's value matches one of its values; that of a negated operator (``StringNotEquals``,
``NotIpAddress`` ...) when it matches none. A statement applies when all its conditions hold.

A key that the request does not have matches nothing: the condition does not hold, and a negated one does. RAM's own
pages do not say so; those of OSS rely on it (``StringNotLike`` on ``acs:SourceVpc`` with ``vpc-*`` means "not through a
VPC", where the key is absent), and AWS has it that way. The same goes for a value of the request that cannot be read,
an address that is none. So a Deny by ``NotIpAddress`` holds against whoever hides their address; and an Allow by a
negated operator should have a condition beside it that says what is allowed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import isfinite
from operator import ge, gt, le, lt
from typing import Any, TypeVar

from vultus.errors import MalformedPolicy
from vultus.ram.document import Number, as_list, as_object, show
from vultus.ram.pattern import AnyOf

Value = str | bool | float

#: What is known of a request: ``acs:SourceIp`` and other keys. A time is text or seconds since 1970.
Context = Mapping[str, Value]

Test = Callable[[Value], bool]
T = TypeVar("T")

_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?([Ee][+-]?\d{1,3})?", re.ASCII)
_BLOCK = re.compile(r"[0-9A-Fa-f:.]+(/\d{1,3})?", re.ASCII)
_MAPPED = IPv6Network("::ffff:0:0/96")  # IPv4 addresses in the shape of IPv6 ones


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, compiled.

    Attributes:
        operator: as the language names it.
        key: as the document has it. Names of keys are the same in any case, except after a slash, where the name of a
            tag begins.
        values: as the document has them.
        negated: whether it holds when none of the values matches.
        test: whether a value of a request matches one of the values.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    negated: bool
    test: Test = field(repr=False, compare=False)

    def holds(self, context: Context) -> bool:
        """Whether a request meets it."""
        value = context.get(self.key)
        if value is None:
            value = _find(self.key, context)
        return self.negated != (value is not None and self.test(value))


def _find(key: str, context: Context) -> Value | None:
    folded = _fold(key)
    return next((value for name, value in context.items() if _fold(name) == folded), None)


@lru_cache(1024)
def _fold(key: str) -> str:
    name, slash, tag = key.partition("/")
    return name.lower() + slash + tag


def read_conditions(element: Any, what: str) -> tuple[Condition, ...]:
    """Compile the Condition of a statement.

    Args:
        element: as the document has it.
        what: the statement, for messages.

    Raises:
        MalformedPolicy: it is not one.
    """
    conditions = []
    for operator, keys in _filled(element, f"{what}: Condition"):
        if operator not in OPERATORS:
            raise MalformedPolicy(f"{what}: the condition operator {show(operator)} is not known.")
        for key, values in _filled(keys, f"{what}: the condition {operator}"):
            conditions.append(_read_condition(operator, key, values, what))
    return tuple(conditions)


def _filled(element: Any, what: str) -> list[tuple[str, Any]]:
    """Return what is in an object; an empty one would hold for everybody, which nobody can have meant."""
    value = as_object(element, what)
    if not value:
        raise MalformedPolicy(f"{what} is empty; leave it out.")
    return list(value.items())


def _read_condition(operator: str, key: str, values: Any, what: str) -> Condition:
    service, _, name = key.partition(":")
    if not service or not name:
        raise MalformedPolicy(f"{what}: the condition key {show(key)} is not of the form SERVICE:KEY.")
    what = f"{what}: the condition {operator} on {show(key)}"
    texts = tuple(_text(value, what) for value in as_list(values, what))
    compiled, negated = OPERATORS[operator]
    try:
        return Condition(operator, key, texts, negated, compiled(texts))
    except ValueError as error:
        raise MalformedPolicy(f"{what} {error}.") from None


def _text(value: Any, what: str) -> str:
    if isinstance(value, bool):
        return _written(value)
    if type(value) not in (str, Number):
        raise MalformedPolicy(f"{what} takes strings, numbers and booleans, not {show(value)}.")
    return str(value)


def _written(value: Value) -> str:
    """The text of a value of a request: what a document would have for it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_all(texts: Sequence[str], read: Callable[[str], T | None], kind: str) -> list[T]:
    values = []
    for text in texts:
        value = read(text)
        if value is None:
            raise ValueError(f"takes {kind}, not {show(text)}")
        values.append(value)
    return values


def _same_text(texts: Sequence[str]) -> Test:
    wanted = frozenset(texts)
    return lambda value: _written(value) in wanted


def _same_letters(texts: Sequence[str]) -> Test:
    wanted = frozenset(text.casefold() for text in texts)
    return lambda value: _written(value).casefold() in wanted


def _like(texts: Sequence[str]) -> Test:
    patterns = AnyOf(texts)
    return lambda value: patterns.match(_written(value))


def _same_number(texts: Sequence[str]) -> Test:
    wanted = frozenset(_read_all(texts, _number, "numbers"))
    return lambda value: _number(value) in wanted


def _same_moment(texts: Sequence[str]) -> Test:
    wanted = frozenset(_read_all(texts, _moment, _TIMES))
    return lambda value: _moment(value) in wanted


def _number_bounded(compare: Callable[[float, float], bool], texts: Sequence[str]) -> Test:
    return _bounded(compare, _read_all(texts, _number, "numbers"), _number)


def _moment_bounded(compare: Callable[[float, float], bool], texts: Sequence[str]) -> Test:
    return _bounded(compare, _read_all(texts, _moment, _TIMES), _moment)


def _bounded(
    compare: Callable[[float, float], bool], bounds: Sequence[float], read: Callable[[Value], float | None]
) -> Test:
    def test(value: Value) -> bool:
        found = read(value)
        return found is not None and any(compare(found, bound) for bound in bounds)

    return test


def _boolean(texts: Sequence[str]) -> Test:
    if len(texts) != 1:  # both would be no condition at all; RAM has one, too
        raise ValueError("takes one value")
    wanted = texts[0].lower()
    if wanted not in ("true", "false"):
        raise ValueError(f'takes "true" or "false", not {show(texts[0])}')
    return lambda value: _written(value).lower() == wanted


def _within(texts: Sequence[str]) -> Test:
    blocks: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
    for version, first, last in _read_all(texts, _block, "IP addresses and CIDR blocks"):
        blocks[version].append((first, last))

    def test(value: Value) -> bool:
        found = _address(value) if isinstance(value, str) else None
        if found is None:
            return False
        version, address = found
        return any(first <= address <= last for first, last in blocks[version])

    return test


_TIMES = "times in ISO 8601 with Z or an offset"


def _number(value: Value) -> float | None:
    """Read a number; whole ones stay whole, so that those of sixteen digits and more are told apart."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        value = float(value) if set(value) & set(".eE") else int(value)
    return value if isinstance(value, int) or isfinite(value) else None


def _moment(value: Value) -> float | None:
    """Read a time: seconds since 1970."""
    return _read_moment(value) if isinstance(value, str) else _number(value)


@lru_cache(256)
def _read_moment(text: str) -> float | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time.timestamp() if time.tzinfo is not None else None


@lru_cache(4096)
def _address(text: str) -> tuple[int, int] | None:
    """Read an address: version and number. An IPv4 address is one in whatever shape it comes."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return address.version, int(address)


def _block(text: str) -> tuple[int, int, int] | None:
    """Read an address or a CIDR block: version, first and last address. Bits beyond the prefix do not matter."""
    if not _BLOCK.fullmatch(text):
        return None
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        network = IPv4Network((int(network[0]) & 0xFFFFFFFF, network.prefixlen - _MAPPED.prefixlen))
    return network.version, int(network[0]), int(network[-1])


#: Every operator: how its values are compiled, and whether it is a negated one. ``IncludeBorder`` is Alibaba's word for
#: blocks with their first and last address; ours always have them.
OPERATORS: dict[str, tuple[Callable[[Sequence[str]], Test], bool]] = {
    "StringEquals": (_same_text, False),
    "StringNotEquals": (_same_text, True),
    "StringEqualsIgnoreCase": (_same_letters, False),
    "StringNotEqualsIgnoreCase": (_same_letters, True),
    "StringLike": (_like, False),
    "StringNotLike": (_like, True),
    "NumericEquals": (_same_number, False),
    "NumericNotEquals": (_same_number, True),
    "NumericLessThan": (partial(_number_bounded, lt), False),
    "NumericLessThanEquals": (partial(_number_bounded, le), False),
    "NumericGreaterThan": (partial(_number_bounded, gt), False),
    "NumericGreaterThanEquals": (partial(_number_bounded, ge), False),
    "DateEquals": (_same_moment, False),
    "DateNotEquals": (_same_moment, True),
    "DateLessThan": (partial(_moment_bounded, lt), False),
    "DateLessThanEquals": (partial(_moment_bounded, le), False),
    "DateGreaterThan": (partial(_moment_bounded, gt), False),
    "DateGreaterThanEquals": (partial(_moment_bounded, ge), False),
    "Bool": (_boolean, False),
    "IpAddress": (_within, False),
    "NotIpAddress": (_within, True),
    "IpAddressIncludeBorder": (_within, False),
    "NotIpAddressIncludeBorder": (_within, True),
}
