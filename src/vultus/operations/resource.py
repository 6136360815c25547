"""What RAM protects: the resources that operations name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from vultus.errors import InvalidArgument, InvalidParameter
from vultus.model.dataset import Dataset
from vultus.model.project import Project


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of resource.

    Attributes:
        name: the last part of its ARN, with the parameters in braces that fill it in. A name that is one parameter
            alone, ``{RoleArn}``, is an ARN as the caller gives it.
    """

    name: str

    @property
    def is_arn(self) -> bool:
        """Whether the caller gives the whole ARN."""
        return self.name in ("{RoleArn}",)


PROJECT = Resource("project/{ProjectName}")
DATASET = Resource("project/{ProjectName}/dataset/{DatasetName}")
ANY = Resource("*")
USERS, USER = Resource("user/*"), Resource("user/{UserName}")
GROUPS, GROUP = Resource("group/*"), Resource("group/{GroupName}")
ROLES, ROLE = Resource("role/*"), Resource("role/{RoleName}")
POLICIES, POLICY = Resource("policy/*"), Resource("policy/{PolicyName}")
ROLE_ARN = Resource("{RoleArn}")

#: Stands where an account does in the ARN of a policy of the system: ``acs:ram::system:policy/AliyunIMMFullAccess``.
SYSTEM = "system"

#: Nouns of the API that stand for the resource of that name in declarations.
NOUNS: dict[type[Project] | type[Dataset] | None, Resource] = {Project: PROJECT, Dataset: DATASET, None: ANY}

#: Characters of a name or an ARN that a caller gives; nothing is called by more. A text of millions would be matched
#: with each pattern of the caller's policies, and be in the trail, before anybody finds that there is no such thing.
LONGEST = 128

Protected = Resource | type[Project] | type[Dataset] | None


def resources(protected: Protected | Sequence[Resource]) -> tuple[Resource, ...]:
    """The resources that a declaration means."""
    if isinstance(protected, Sequence):
        return tuple(protected)
    return (protected if isinstance(protected, Resource) else NOUNS[protected],)


class ArnWriter:
    """Writes the ARN of the resource that a request names.

    Args:
        resource: of which kind.
        product: RAM's code of the product.
        fields: of the request, by the wire name of their parameter.
    """

    def __init__(self, resource: Resource, product: str, fields: dict[str, str]) -> None:
        self._resource = resource
        self._product = product
        # RAM's and STS's own resources are the same in every region, and named without one.
        self._regional = product not in ("ram", "sts")
        self._policy_type = fields.get("PolicyType") if resource is POLICY else None
        pieces = re.split(r"\{(\w+)\}", resource.name)
        self._texts, self._wire = pieces[::2], pieces[1::2]
        self._fields = [fields[name] for name in self._wire]

    def write(self, request: msgspec.Struct, region: str, account: str, caller: str) -> str:
        """Return the ARN.

        Args:
            request: the parameters.
            region: of this server.
            account: the owner's id.
            caller: user who is meant where the request names none.

        Raises:
            InvalidArgument, InvalidParameter: a name is longer than any.
        """
        written = self._texts[0]
        for wire, field, text in zip(self._wire, self._fields, self._texts[1:], strict=True):
            value: Any = getattr(request, field)
            if value is msgspec.UNSET:
                value = caller
            elif len(value) > LONGEST:
                raise self._too_long(wire)
            written += f"{value}{text}"
        if self._resource.is_arn:
            return written
        if self._policy_type and getattr(request, self._policy_type) == "System":
            account = SYSTEM
        return f"acs:{self._product}:{region if self._regional else ''}:{account}:{written}"

    def _too_long(self, wire: str) -> InvalidArgument | InvalidParameter:
        message = f"{wire} must be of at most {LONGEST} characters."
        return InvalidArgument(message) if self._regional else InvalidParameter(f"{wire}.Length", message)
