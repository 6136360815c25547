"""Decisions: the journal of what people said of faces and clusters, which no algorithm overwrites."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select

from vultus.catalog import schema
from vultus.catalog.database import Database
from vultus.model import moment


class DecisionRow(msgspec.Struct, frozen=True):
    """One decision; an undone one stays in the journal."""

    id: int
    dataset_id: int
    kind: str
    payload: dict[str, Any]
    actor: str
    time: int
    undone_time: int | None


_decisions = schema.decisions.c
_COLUMNS = [_decisions[name] for name in DecisionRow.__struct_fields__]


class Decisions:
    """The journals of all datasets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, dataset_id: int, kind: str, payload: Mapping[str, object], actor: str) -> int:
        """Write a decision down.

        Args:
            dataset_id: whose journal.
            kind: what was decided, in a word.
            payload: about what.
            actor: who decided.

        Returns:
            Its row.
        """
        row = {
            "dataset_id": dataset_id,
            "kind": kind,
            "payload": msgspec.json.encode(payload).decode(),
            "actor": actor,
            "time": moment.now(),
        }
        with self._database.writing() as connection:
            return int(connection.scalar(insert(schema.decisions).returning(_decisions.id), row) or 0)

    def list(self, dataset_id: int, after: int = 0, limit: int = 1000) -> list[DecisionRow]:
        """Return the decisions of a dataset in the order they were made, from after the row ``after``."""
        found = select(*_COLUMNS).where(_decisions.dataset_id == dataset_id, _decisions.id > after)
        with self._database.reading() as connection:
            return [_decision(row) for row in connection.execute(found.order_by(_decisions.id).limit(limit))]


def _decision(row: Row[*tuple[Any, ...]]) -> DecisionRow:
    values = row._asdict()
    return DecisionRow(**{**values, "payload": msgspec.json.decode(values["payload"])})
