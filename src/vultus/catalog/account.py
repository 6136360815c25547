"""The account that owns everything in this catalog."""

from sqlalchemy import select

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.catalog.identifier import new_owner_id
from vultus.model import moment


class Account:
    """The one account; its owner id is chosen once and for all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> str | None:
        """Return the owner id, 16 digits, or None before the first start."""
        with self._database.reading() as connection:
            return connection.scalar(select(schema.account.c.owner_id))

    def ensure(self) -> str:
        """Return the owner id, and choose it first if there is none yet."""
        with self._database.writing() as connection:
            if (owner_id := connection.scalar(select(schema.account.c.owner_id))) is not None:
                return str(owner_id)
            row = {"id": 1, "owner_id": new_owner_id(), "create_time": moment.now()}
            connection.execute(self._database.insert_new(schema.account), row)
            return str(connection.scalar(select(schema.account.c.owner_id)))

    def lock(self) -> None:
        """Wait until nobody else holds the account, and hold it until the transaction that is open ends."""
        with self._database.writing() as connection:
            connection.execute(select(schema.account.c.id).with_for_update())
