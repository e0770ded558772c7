"""A running installation that tests may kill parts of, and the questions to ask it afterwards."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

OF_THE_TESTS = {"DATABASE_URL", "HOTLINE_MIGRATE_URL", "DJANGO_SETTINGS_MODULE", "HOTLINE_TEST_DATA_DIR"}
_HALT = 987654321  # the advisory lock that a halted statement waits for; nobody else may take this number
_HALTED = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_PATIENCE = 120.0  # seconds; a loaded machine is slow, a broken house is for ever


@dataclass
class Running:
    """A command that runs; what it says is in `log`."""

    process: subprocess.Popen[bytes]
    log: Path

    def heard(self) -> int:
        """How much it has said by now."""
        return self.log.stat().st_size

    def said(self, pattern: str, since: int = 0) -> str:
        """Wait until it has said this after `since`; returns what matched."""
        until(lambda: bool(re.search(pattern, self._text(since))), lambda: self._text(0)[-2000:])
        found = re.search(pattern, self._text(since))
        assert found is not None
        return found[0]

    def _text(self, since: int) -> str:
        return self.log.read_bytes()[since:].decode("utf-8", "replace")

    def kill(self) -> None:
        """As the kernel does when memory runs out: no chance to tidy up."""
        self.process.kill()
        self.process.wait()


@dataclass
class Installation:
    """Where it lives, the variables that make a command use it, and an API key of a partner."""

    data_dir: Path
    environment: dict[str, str]
    url: str  # of the running role
    owner_url: str
    key: str = ""
    address: str = ""
    _serve: Running | None = None

    def start(self, *arguments: str) -> Running:
        """Begin a command; it is the caller's to end it."""
        kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
        own = {"LC_ALL": "en_US.UTF-8", "HOTLINE_POOL_SIZE": "8", "HOTLINE_WEB_PROCESSES": "1"}
        log = self.data_dir / f"{arguments[0]}-{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "hotline", *arguments],
                env={**kept, **own, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return Running(process, log)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[Running]:
        """A command for the length of a block; asked to end at its end, if it has not been killed."""
        command = self.start(*arguments)
        try:
            yield command
        finally:
            if command.process.poll() is None:
                command.process.terminate()
                command.process.wait(60)

    def run(self, *arguments: str) -> str:
        """Run a command to its good end; returns what it said."""
        command = self.start(*arguments)
        code = command.process.wait(_PATIENCE)
        output = command.log.read_text()
        assert code == 0, output
        return output

    def serving(self) -> Running:
        """`hotline serve` at `address`: the one that runs already, or a new one."""
        if self._serve is None or self._serve.process.poll() is not None:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = str(free.getsockname()[1])
            self._serve = self.start("serve", "--port", port)
        self.address = self._serve.said(r"http://[0-9.:]+")
        return self._serve

    def close(self) -> None:
        """End what serves."""
        if self._serve is not None and self._serve.process.poll() is None:
            self._serve.process.terminate()
            self._serve.process.wait(60)
        self._serve = None

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The answer to a question in SQL, asked as the running role."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(question.encode(), values).fetchall()

    def one(self, question: str, *values: object) -> Any:
        """The single value of the answer."""
        return self.rows(question, *values)[0][0]

    @contextmanager
    def halting(self, table: str, doing: str, when: str = "true") -> Iterator[Callable[[], None]]:
        """Stop every statement `doing` (an SQL event) on `table` just before it, where `when` holds.

        Yields a function that waits until one is stopped. After the block it goes on, if its client still lives.
        """
        body = sql.SQL("BEGIN IF {} THEN PERFORM pg_advisory_xact_lock_shared({}); END IF; RETURN NULL; END").format(
            sql.SQL(when), sql.Literal(_HALT)
        )
        name = sql.Identifier(table)
        with psycopg.connect(self.owner_url, autocommit=True) as owner:
            owner.execute(
                sql.SQL("CREATE FUNCTION test_halt() RETURNS trigger LANGUAGE plpgsql AS {}").format(
                    sql.Literal(body.as_string(owner))
                )
            )
            owner.execute(
                sql.SQL("CREATE TRIGGER test_halt BEFORE {} ON {} FOR EACH STATEMENT EXECUTE FUNCTION test_halt()")
                .format(sql.SQL(doing), name)
            )  # fmt: skip
            owner.execute("SELECT pg_advisory_lock(%s)", [_HALT])
            try:
                yield self._halted
            finally:
                owner.execute("SELECT pg_advisory_unlock(%s)", [_HALT])
                owner.execute(sql.SQL("DROP TRIGGER test_halt ON {}").format(name))
                owner.execute("DROP FUNCTION test_halt()")

    def _halted(self) -> None:
        until(lambda: bool(self.rows(_HALTED, _HALT)))

    def drop_halted(self) -> None:
        """Take the connections away that halted statements came by: they never reached the server."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SET ROLE NONE")  # on a given server only who connected may end what is connected
            for (pid,) in connection.execute(_HALTED.encode(), [_HALT]).fetchall():
                connection.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])

    def quiet(self) -> None:
        """Wait until the server has noticed that every client of ours is gone."""
        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        )
        until(lambda: self.one(others) == 0)

    def delivered(self) -> list[dict[str, Any]]:
        """Every whole line of the outbox files, in order."""
        lines = []
        for file in sorted((self.data_dir / "outbox").glob("*.jsonl")):
            for line in file.read_bytes().splitlines(keepends=True):
                try:
                    lines.append(json.loads(line))
                except ValueError:
                    continue  # torn by a crash
        return lines

    def prove(self) -> None:
        """The ledger is whole, and nothing waits on the operators' list."""
        proof = json.loads(self.run("ledger", "verify", "--json").strip().splitlines()[-1])
        assert proof["ok"], proof
        assert self.one("SELECT count(*) FROM ledger_pending WHERE state = 'parked'") == 0


def until(true: Callable[[], bool], why: Callable[[], str] = lambda: "") -> None:
    """Wait for something; fails with `why` when it does not come."""
    end = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < end, why()
        time.sleep(0.02)


def every_process() -> dict[int, tuple[int, str]]:
    """Every living process with its parent and its command line."""
    found = {}
    for path in Path("/proc").iterdir():
        if not path.name.isdigit():
            continue
        try:
            fields = (path / "stat").read_text().rsplit(") ", 1)[1].split()
            command = (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # gone meanwhile
        if fields[0] != "Z":
            found[int(path.name)] = (int(fields[1]), command)
    return found


def children(parent: int) -> dict[int, str]:
    """The living child processes of a process, with their command lines."""
    return {pid: command for pid, (above, command) in every_process().items() if above == parent}


def part(serve: Running, words: str) -> int:
    """The process number of serve's child whose command line holds `words`."""
    return next(pid for pid, command in children(serve.process.pid).items() if words in command)


def kill(pid: int) -> None:
    """SIGKILL."""
    os.kill(pid, signal.SIGKILL)
