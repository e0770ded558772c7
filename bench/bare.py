"""The yardstick: pgbench doing the bare inserts of one appeal on the same server, without a line of our code.

The rows are copies of what a real appeal left behind, in tables of the same columns and indexes, without foreign keys.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from hotline.config.databases import conninfo, database
from hotline.config.environment import Environment
from hotline.config.places import Places

# Table, rows that one appeal leaves there, and the columns that must be new in every row.
ROWS: tuple[tuple[str, int, dict[str, str]], ...] = (
    ("vault_key", 2, {}),
    ("residents_resident", 1, {"phone_index": "uuid_send(gen_random_uuid())"}),
    ("workorder_order", 1, {"number": "gen_random_uuid()::text"}),
    ("workorder_note", 3, {}),
    ("ledger_head", 1, {"stream_id": "(random() * 9e15)::bigint"}),
    ("ledger_event", 2, {"stream_id": "(random() * 9e15)::bigint"}),
    ("ledger_pending", 1, {"event_id": "(random() * 9e15)::bigint"}),
    ("contact_message", 1, {"delivery_ref": "gen_random_uuid()", "event_id": "(random() * 9e15)::bigint"}),
    ("workorder_searchentry", 1, {"order_id": "(random() * 9e15)::bigint"}),
    ("understanding_orderreading", 1, {"order_id": "(random() * 9e15)::bigint"}),
    ("dispatch_suggestionrecord", 1, {}),
)


def inserts_per_second(environment: Environment, *, clients: int, seconds: int) -> float:
    """Transactions a second, each with all the inserts of one appeal."""
    owner = database(environment, "owner")
    with psycopg.connect(conninfo(owner), autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bare CASCADE")
        connection.execute("CREATE SCHEMA bare")
        lines = [line for table, rows, fresh in ROWS for line in [_copy(connection, table, fresh)] * rows]
        try:
            return _pgbench(environment, owner, ["BEGIN;", *lines, "COMMIT;"], clients, seconds)
        finally:
            connection.execute("DROP SCHEMA bare CASCADE")


def _copy(connection: psycopg.Connection[Any], table: str, fresh: dict[str, str]) -> str:
    """A table like `table` and one sample row beside it; the insert that writes the sample with fresh keys."""
    names = {"like": sql.Identifier("bare", table), "from": sql.Identifier(table),
             "sample": sql.Identifier("bare", f"{table}_sample")}  # fmt: skip
    if connection.execute("SELECT to_regclass(%s)", [f"bare.{table}"]).fetchone() == (None,):
        connection.execute(sql.SQL("CREATE TABLE {like} (LIKE {from} INCLUDING ALL)").format(**names))
        connection.execute(sql.SQL("CREATE TABLE {sample} AS SELECT * FROM {from} LIMIT 1").format(**names))
    columns = [
        row[0]
        for row in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " AND is_identity = 'NO' AND column_default IS NULL ORDER BY ordinal_position",
            [table],
        )
    ]
    values = ", ".join(fresh.get(column, f'"{column}"') for column in columns)
    into = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO bare.{table} ({into}) SELECT {values} FROM bare.{table}_sample;"  # noqa: S608


def _pgbench(environment: Environment, owner: dict[str, Any], lines: list[str], clients: int, seconds: int) -> float:
    program = Places.of(environment.data_path).program_dir / "bin" / "pgbench"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write("\n".join(lines))
        script.flush()
        words = ["--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2", f"--time={seconds}",
                 f"--file={script.name}", f"--host={owner['HOST']}", f"--username={owner['USER']}"]  # fmt: skip
        if owner["PORT"]:
            words.append(f"--port={owner['PORT']}")
        done = subprocess.run(
            [program if Path(program).exists() else "pgbench", *words, owner["NAME"]],
            env={"PGPASSWORD": owner["PASSWORD"], "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if done.returncode or found is None:
        raise SystemExit(f"pgbench: {done.stderr or done.stdout}")
    return float(found[1])
