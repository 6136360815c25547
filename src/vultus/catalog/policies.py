"""Policies that people write, with their versions; one version of each counts."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded
from vultus.model import moment

LIMIT = 1500  # custom policies of the account (RAM's own)
VERSIONS = 5  # of a policy (RAM's own)


class PolicyRow(msgspec.Struct, frozen=True):
    """A policy as it is stored.

    Attributes:
        id: the row.
        default_version: number of the version that counts: 3 for ``v3``.
        document: of that version, JSON.
    """

    id: int
    name: str
    description: str
    default_version: int
    create_time: int
    update_time: int
    document: str


class PolicyVersionRow(msgspec.Struct, frozen=True):
    """A version of a policy.

    Attributes:
        version: its number: 3 for ``v3``.
        document: JSON.
        is_default: whether it is the one that counts.
    """

    version: int
    document: str
    is_default: bool
    create_time: int


_policies, _versions, _attachments = schema.policies.c, schema.policy_versions.c, schema.attachments.c
_ROWS = (
    select(*[*(_policies[name] for name in PolicyRow.__struct_fields__[:-1]), _versions.document])
    .join_from(schema.policies, schema.policy_versions)
    .where(_versions.version == _policies.default_version)
)
_VERSION_ROWS = select(
    _versions.version, _versions.document, _versions.version == _policies.default_version, _versions.create_time
).join_from(schema.policy_versions, schema.policies)


class Policies:
    """The custom policies of the account. Names are found as written, and two never differ by case alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, document: str, description: str = "") -> PolicyRow:
        """Make a policy, with ``v1`` that counts.

        Raises:
            EntityAlreadyExists: there is one of that name, in whatever case.
            QuotaExceeded: there are as many as there may be.
        """
        now = moment.now()
        row = {"name": name, "folded": name.lower(), "description": description, "create_time": now}
        row |= {"default_version": 1, "last_version": 1, "update_time": now}
        with self._database.writing() as connection:
            if (connection.scalar(select(func.count()).select_from(schema.policies)) or 0) >= LIMIT:
                raise QuotaExceeded("Policy", f"The account has {LIMIT} custom policies, as many as it may.")
            try:
                with connection.begin_nested():
                    made = connection.execute(insert(schema.policies), row).inserted_primary_key
            except IntegrityError:
                raise EntityAlreadyExists(
                    "Policy", f"There is a policy {name} already; names that differ by case alone are the same."
                ) from None
            assert made is not None
            _insert_version(connection, made[0], 1, document, now)
            return self.get(name)

    def get(self, name: str, *, lock: bool = False) -> PolicyRow:
        """Return a policy.

        Args:
            name: as it was given.
            lock: whether the policy is to stay as it is until the transaction that is open ends.

        Raises:
            EntityNotExist: there is none of that name.
        """
        found = _ROWS.where(_policies.name == name)
        return self._one(found.with_for_update(of=schema.policies) if lock else found, name)

    def page(self, after: str = "", limit: int = 100) -> list[PolicyRow]:
        """List policies by name.

        Args:
            after: name of the last policy of the page before.
            limit: how many, at most.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_ROWS.where(_policies.name > after).order_by(_policies.name).limit(limit))
            return [PolicyRow(*row) for row in rows]

    def describe(self, name: str, description: str) -> PolicyRow:
        """Give a policy another description.

        Raises:
            EntityNotExist: there is none of that name.
        """
        with self._database.writing() as connection:
            policy = self.get(name, lock=True)
            _change(connection, policy.id, description=description)
            return self.get(name)

    def delete(self, name: str, *, with_versions: bool = False) -> None:
        """Delete a policy that nobody has any more.

        Args:
            name: of the policy.
            with_versions: whether versions that do not count may go with it.

        Raises:
            EntityNotExist: there is none of that name.
            DeleteConflict: a user, group or role has it, or it has other versions; the code says which.
        """
        with self._database.writing() as connection:
            policy = self.get(name, lock=True)
            for holder in ("user", "group", "role"):
                held = select(_attachments.id).where(_attachments.policy_id == policy.id)
                held = held.where(_attachments[f"{holder}_id"].is_not(None)).limit(1)
                if connection.scalar(held) is not None:
                    raise DeleteConflict(
                        f"Policy.{holder.capitalize()}", f"The policy {name} is attached to a {holder}."
                    )
            if not with_versions and len(self.versions(name)) > 1:
                raise DeleteConflict("Policy.Version", f"The policy {name} has versions beside the default one.")
            connection.execute(delete(schema.policies).where(_policies.id == policy.id))

    def versions(self, name: str) -> list[PolicyVersionRow]:
        """List the versions of a policy, the newest first.

        Raises:
            EntityNotExist: there is no such policy.
        """
        with self._database.reading() as connection:
            policy = self.get(name)
            found = _VERSION_ROWS.where(_versions.policy_id == policy.id).order_by(_versions.version.desc())
            return [PolicyVersionRow(*row) for row in connection.execute(found)]

    def version(self, name: str, version: int) -> PolicyVersionRow:
        """Return a version of a policy.

        Raises:
            EntityNotExist: there is no such policy, or it has no such version; the code says which.
        """
        for row in self.versions(name):
            if row.version == version:
                return row
        raise _no_version(name, version)

    def add_version(self, name: str, document: str, *, default: bool = False, rotate: bool = False) -> PolicyVersionRow:
        """Give a policy another version.

        Args:
            name: of the policy.
            document: JSON.
            default: whether it is to be the one that counts.
            rotate: whether the oldest that does not count makes room for it, where there is none left.

        Raises:
            EntityNotExist: there is no such policy.
            QuotaExceeded: it has as many versions as may be.
        """
        now = moment.now()
        with self._database.writing() as connection:
            policy = self.get(name, lock=True)
            versions = self.versions(name)
            if len(versions) >= VERSIONS:
                if not rotate:
                    raise QuotaExceeded(
                        "Policy.Version", f"The policy {name} has {VERSIONS} versions, as many as may be."
                    )
                oldest = min(row.version for row in versions if not row.is_default)
                self.delete_version(name, oldest)
            last = select(_policies.last_version).where(_policies.id == policy.id)
            number = int(connection.scalar(last) or 0) + 1
            _insert_version(connection, policy.id, number, document, now)
            _change(connection, policy.id, last_version=number, **({"default_version": number} if default else {}))
            return PolicyVersionRow(number, document, default, now)

    def set_default_version(self, name: str, version: int) -> None:
        """Make another version the one that counts.

        Raises:
            EntityNotExist: there is no such policy, or it has no such version; the code says which.
        """
        with self._database.writing() as connection:
            policy = self.get(name, lock=True)
            self.version(name, version)
            _change(connection, policy.id, default_version=version)

    def delete_version(self, name: str, version: int) -> None:
        """Delete a version that does not count.

        Raises:
            EntityNotExist: there is no such policy, or it has no such version; the code says which.
            DeleteConflict: it is the one that counts.
        """
        with self._database.writing() as connection:
            policy = self.get(name, lock=True)
            if self.version(name, version).is_default:
                raise DeleteConflict(
                    "Policy.Version.Default", f"v{version} is the default version of the policy {name}."
                )
            gone = delete(schema.policy_versions).where(_versions.policy_id == policy.id, _versions.version == version)
            connection.execute(gone)
            _change(connection, policy.id)

    def _one(self, query: Select[*tuple[Any, ...]], name: str) -> PolicyRow:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise EntityNotExist("Policy", f"The policy {name} does not exist.")
        return PolicyRow(*row)


def _insert_version(connection: Connection, policy_id: int, number: int, document: str, now: int) -> None:
    row = {"policy_id": policy_id, "version": number, "document": document, "create_time": now}
    connection.execute(insert(schema.policy_versions), row)


def _change(connection: Connection, policy_id: int, **values: object) -> None:
    connection.execute(
        update(schema.policies).where(_policies.id == policy_id), {**values, "update_time": moment.now()}
    )


def _no_version(name: str, version: int) -> EntityNotExist:
    return EntityNotExist("Policy.Version", f"The policy {name} has no version v{version}.")
