"""Users: people and programs that act in the account, each with keys of their own."""

from typing import Any, TypedDict, Unpack

import msgspec
from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.identifier import new_entity_id
from vultus.errors import DeleteConflict, EntityAlreadyExists, EntityNotExist, QuotaExceeded
from vultus.model import moment

LIMIT = 5000  # users of the account (RAM's own)


class UserFields(TypedDict, total=False):
    """What a caller may say of a user beside the name."""

    display_name: str
    comments: str
    mobile_phone: str
    email: str


class UserRow(msgspec.Struct, frozen=True):
    """A user as it is stored.

    Attributes:
        id: the row.
        user_id: 18 digits, never given twice.
    """

    id: int
    user_id: str
    name: str
    display_name: str
    comments: str
    mobile_phone: str
    email: str
    create_time: int
    update_time: int


_users = schema.users.c
_ROWS = select(*[_users[name] for name in UserRow.__struct_fields__])


class Users:
    """The users of the account. Names are found as they are written, and two never differ by case alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, **fields: Unpack[UserFields]) -> UserRow:
        """Make a user, who may do nothing and has no keys.

        Raises:
            EntityAlreadyExists: there is one of that name, in whatever case.
            QuotaExceeded: there are as many as there may be.
        """
        now = moment.now()
        row = {"display_name": "", "comments": "", "mobile_phone": "", "email": "", **fields}
        row |= {"user_id": new_entity_id(), "name": name, "folded": name.lower()}
        with self._database.writing() as connection:
            if (connection.scalar(select(func.count()).select_from(schema.users)) or 0) >= LIMIT:
                raise QuotaExceeded("User", f"The account has {LIMIT} users, as many as it may.")
            try:
                with connection.begin_nested():
                    connection.execute(insert(schema.users), {**row, "create_time": now, "update_time": now})
            except IntegrityError:
                raise _taken(name) from None
            return self.get(name)

    def get(self, name: str, *, lock: bool = False) -> UserRow:
        """Return a user.

        Args:
            name: as it was given.
            lock: whether the user is to stay as it is until the transaction that is open ends.

        Raises:
            EntityNotExist: there is none of that name.
        """
        found = _ROWS.where(_users.name == name)
        return self._one(found.with_for_update() if lock else found, f"The user {name} does not exist.")

    def by_id(self, user_id: str) -> UserRow:
        """Return a user by its 18 digits.

        Raises:
            EntityNotExist: it is gone.
        """
        return self._one(_ROWS.where(_users.user_id == user_id), f"The user {user_id} does not exist.")

    def page(self, after: str = "", limit: int = 100) -> list[UserRow]:
        """List users by name.

        Args:
            after: name of the last user of the page before.
            limit: how many, at most.
        """
        with self._database.reading() as connection:
            rows = connection.execute(_ROWS.where(_users.name > after).order_by(_users.name).limit(limit))
            return [UserRow(*row) for row in rows]

    def update(self, name: str, new_name: str | None = None, **fields: Unpack[UserFields]) -> UserRow:
        """Change what is given and leave the rest. Keys, groups and policies go with the user to a new name.

        Raises:
            EntityNotExist: there is none of that name.
            EntityAlreadyExists: there is another of the new name, in whatever case.
        """
        changed: dict[str, object] = {**fields, "update_time": moment.now()}
        if new_name is not None:
            changed |= {"name": new_name, "folded": new_name.lower()}
        with self._database.writing() as connection:
            user = self.get(name, lock=True)
            try:
                with connection.begin_nested():
                    connection.execute(update(schema.users).where(_users.id == user.id), changed)
            except IntegrityError:
                raise _taken(str(new_name)) from None
            return self.by_id(user.user_id)

    def delete(self, name: str) -> None:
        """Delete a user who has nothing any more.

        Raises:
            EntityNotExist: there is none of that name.
            DeleteConflict: the user is in a group, or has keys or policies; the code says which.
        """
        with self._database.writing() as connection:
            user = self.get(name, lock=True)
            for table, entity, what in (
                (schema.memberships, "User.Group", "is in a group"),
                (schema.access_keys, "User.AccessKey", "has access keys"),
                (schema.attachments, "User.Policy", "has policies"),
            ):
                if connection.scalar(select(table.c.id).where(table.c.user_id == user.id).limit(1)) is not None:
                    raise DeleteConflict(entity, f"The user {name} still {what}.")
            connection.execute(delete(schema.users).where(_users.id == user.id))

    def _one(self, query: Select[*tuple[Any, ...]], absent: str) -> UserRow:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise EntityNotExist("User", absent)
        return UserRow(*row)


def _taken(name: str) -> EntityAlreadyExists:
    return EntityAlreadyExists("User", f"There is a user {name} already; names that differ by case alone are the same.")
