"""Writing new rows on the hot paths: one prepared statement for a table, whatever its model says of columns.

`bulk_create` compiles its SQL anew for every call; on the way of an appeal that was a quarter of all CPU time. Here
the text of the statement is made once for a model and a number of rows, so that the server keeps its plan too. The
rows are new and plain: no conflict handling, no conversion beyond what the driver does. For many rows `bulk_create`
sends arrays, whose text form the driver escapes character by character: JSON full of quotes cost more than reading it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.types.json import Jsonb

Row = TypeVar("Row", bound=models.Model)
# More rows than this go in several statements, so that few different statements are prepared.
MOST = 200


def insert(rows: Sequence[Row]) -> Sequence[Row]:
    """Write new rows of one model, their keys set by the database; returns the same rows with their keys. 1 statement
    for every `MOST` rows. Raises IntegrityError like any insert."""
    for start in range(0, len(rows), MOST):
        _insert(rows[start : start + MOST])
    return rows


def _insert(rows: Sequence[models.Model]) -> None:
    statement, fields = _statement(type(rows[0]), len(rows))
    values: list[Any] = [
        Jsonb(getattr(row, name)) if is_json else getattr(row, name) for row in rows for name, is_json in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
            row._state.adding = False


@cache
def _statement(model: type[models.Model], count: int) -> tuple[str, tuple[tuple[str, bool], ...]]:
    """The statement for `count` rows, and the attributes that its values come from, with whether they are JSON."""
    quote = connection.ops.quote_name
    meta = model._meta
    written = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(quote(str(field.column)) for field in written)
    row = f"({', '.join(['%s'] * len(written))})"
    assert meta.pk is not None  # noqa: S101 - every model has a key
    into, rows, key = quote(meta.db_table), ", ".join([row] * count), quote(str(meta.pk.column))
    text = f"INSERT INTO {into} ({columns}) VALUES {rows} RETURNING {key}"  # noqa: S608 - names of our own models
    return text, tuple((field.attname, isinstance(field, models.JSONField)) for field in written)
