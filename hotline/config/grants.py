"""Who may do what to which table: the running role reads and writes, but what only grows it may only add to."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

# What the running role never writes: migrating is the owner's.
_READ_ONLY = "django_migrations"
_FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE")


def grant(connection: psycopg.Connection[Any], *, app_role: str, append_only: Iterable[str]) -> None:
    """Give the running role its rights on every table of the schema, and take what it must not have.

    `connection` is the owner's. Where one role does both, it loses the three rights on append-only tables too: as owner
    it could give them back to itself, so two roles are better. A superuser is bound by nothing.
    """
    owner = _one(connection, "SELECT current_user")
    tables = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    with connection.transaction():
        if app_role != owner:
            _give(connection, app_role)
            _execute(connection, "REVOKE ALL ON {table} FROM {role}", app_role, _READ_ONLY)
            _execute(connection, "GRANT SELECT ON {table} TO {role}", app_role, _READ_ONLY)
        for table in sorted(tables & set(append_only)):
            _execute(connection, "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}, PUBLIC", app_role, table)


def faults(connection: psycopg.Connection[Any], *, app_role: str, append_only: Iterable[str]) -> list[str]:
    """What is wrong with the running role's rights, in words like "DELETE ledger_event"; nothing when all is well."""
    found = []
    rows = connection.execute(
        "SELECT tablename, has_table_privilege(%s, quote_ident(tablename), 'INSERT') FROM pg_tables "
        "WHERE schemaname = 'public'",
        [app_role],
    ).fetchall()
    found += [f"no INSERT {table}" for table, may_insert in rows if not may_insert and table != _READ_ONLY]
    for table in sorted({table for table, _ in rows} & set(append_only)):
        for right in _FORBIDDEN:
            if _one(connection, "SELECT has_table_privilege(%s, quote_ident(%s), %s)", app_role, table, right):
                found.append(f"{right} {table}")
    return found


def _give(connection: psycopg.Connection[Any], role: str) -> None:
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ):
        _execute(connection, statement, role)


def _execute(connection: psycopg.Connection[Any], statement: str, role: str, table: str = "") -> None:
    parts = {"role": sql.Identifier(role), "table": sql.Identifier(table or "-")}
    connection.execute(sql.SQL(statement).format(**parts))


def _one(connection: psycopg.Connection[Any], statement: str, *parameters: object) -> Any:
    row = connection.execute(statement, parameters).fetchone()
    return row[0] if row else None
