"""The embedded PostgreSQL: made, started, watched and stopped from the programs in the installed wheel.

No process owns the server. Whoever needs it holds a shared lock and starts it if it is not running; the last one out
stops it. A command that was killed leaves it running, and the next one takes it over.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from hotline.config.account import Account, server_account
from hotline.config.configuration import CONFIGURATION
from hotline.config.databases import APP_ROLE, DATABASE_NAME, OWNER_ROLE
from hotline.config.environment import kept_secrets
from hotline.config.places import Places
from hotline.config.telling import Trouble, say

START_SECONDS = 120  # a crash after heavy writing is recovered from before the server answers
_SUPERUSER = "postgres"
_MADE = "hotline.made"  # written last: without it the roles are made again


@contextmanager
def in_use(places: Places, *, extra: Mapping[str, str] | None = None) -> Iterator[None]:
    """Keep the embedded server running for the length of a block; the last block anywhere to end stops it.

    `extra` overrides server settings (used when this block is the one that starts it). Raises Trouble when the server
    cannot be made or started.
    """
    places.data_dir.mkdir(parents=True, exist_ok=True)
    with places.users_lock.open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            ensure_running(places, extra=extra)
            yield
        finally:
            # Only the last user gets the lock for itself. A newcomer waits for it, then starts the server anew.
            with _alone(places), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(places)


def ensure_running(places: Places, *, extra: Mapping[str, str] | None = None) -> bool:
    """Make and start the server unless it answers already. True when it had to be started. Raises Trouble."""
    with _alone(places):
        account = server_account(places)
        if is_alive(places):
            _wait_until_it_answers(places)
            return False
        _prepare_folders(places, account)
        if not (places.cluster / "PG_VERSION").exists():
            _make_cluster(places, account)
        _check_version(places)
        _clear_stale_locks(places)
        _configure(places, account, extra or {})
        _start(places, account)
        if not (places.cluster / _MADE).exists():
            _make_roles(places)
            account.write(places.cluster / _MADE, "")
        return True


def stop(places: Places) -> None:
    """Stop the server, letting running statements roll back. Does nothing when it is not running."""
    if is_alive(places):
        _run(places, server_account(places), "pg_ctl", "stop", "-D", str(places.cluster), "-m", "fast", "-w", "-s")


def postmaster_pid(places: Places) -> int | None:
    """The process number in the server's lock file, alive or not."""
    try:
        return int((places.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def is_alive(places: Places) -> bool:
    """Whether the server's main process lives (it may still be recovering)."""
    pid = postmaster_pid(places)
    if pid is None:
        return False
    with suppress(ChildProcessError):  # where we are its parent (process 1 in a container) nobody else buries it
        os.waitpid(pid, os.WNOHANG)
    if Path("/proc/self").exists():
        return _works_in(pid, places.cluster)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def connect(places: Places, role: str, database: str = DATABASE_NAME) -> psycopg.Connection[Any]:
    """An autocommitting connection as "postgres" (the superuser), "owner" or "app"."""
    users = {"postgres": _SUPERUSER, "owner": OWNER_ROLE, "app": APP_ROLE}
    return psycopg.connect(
        host=str(places.socket_dir),
        port=5432,
        user=users[role],
        password=kept_secrets(places.data_dir)[f"database_{role}"],
        dbname=database,
        connect_timeout=10,
        autocommit=True,
    )


# --- making ----------------------------------------------------------------------------------------------------------
def _prepare_folders(places: Places, account: Account) -> None:
    if not (places.wheel_dir / "bin" / "postgres").exists():
        raise Trouble(
            "找不到内置的 PostgreSQL 程序：请重新运行 make setup，或用 DATABASE_URL 指定数据库服务器",
            "The embedded PostgreSQL is not installed: run make setup again, or name a server in DATABASE_URL",
        )
    if places.moved and not places.home.exists():
        places.home.mkdir(parents=True)
        say(
            f"数据库用户进不了 {places.data_dir}，数据库放在 {places.home}",
            f"The database's user cannot walk to {places.data_dir}: the database lives in {places.home}",
        )
    if places.program_dir != places.wheel_dir and not places.program_dir.exists():
        aside = Path(tempfile.mkdtemp(prefix=".programs-", dir=places.program_dir.parent))
        shutil.copytree(places.wheel_dir, aside / "copy")
        aside.chmod(0o755)
        (aside / "copy").rename(places.program_dir)
        aside.rmdir()
    account.make_private_folder(places.socket_dir)


def _make_cluster(places: Places, account: Account) -> None:
    aside = places.home / "postgres.making"
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(places.cluster, ignore_errors=True)  # holds no PG_VERSION: a remnant, never a database
    account.make_private_folder(aside)
    password = places.socket_dir / "password"
    account.write(password, kept_secrets(places.data_dir)["database_postgres"])
    try:
        _run(
            places,
            account,
            "initdb",
            f"--pgdata={aside}",
            f"--username={_SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        )
    finally:
        password.unlink(missing_ok=True)
    account.write(aside / "pg_hba.conf", "local all all scram-sha-256\n")
    with (aside / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude 'hotline.conf'\n")
    aside.rename(places.cluster)


def _make_roles(places: Places) -> None:
    """The owner migrates, the app role runs; neither is a superuser. May be repeated."""
    secrets = kept_secrets(places.data_dir)
    with connect(places, "postgres", "postgres") as connection:
        for role, name, rights in (("owner", OWNER_ROLE, "CREATEDB"), ("app", APP_ROLE, "NOCREATEDB")):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
            connection.execute(
                sql.SQL("{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEROLE {rights} PASSWORD {password}").format(
                    verb=sql.SQL("ALTER" if known else "CREATE"),
                    name=sql.Identifier(name),
                    rights=sql.SQL(rights),
                    password=sql.Literal(secrets[f"database_{role}"]),
                )
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE_NAME), sql.Identifier(OWNER_ROLE))
            )


# --- starting --------------------------------------------------------------------------------------------------------
def _check_version(places: Places) -> None:
    made_by = (places.cluster / "PG_VERSION").read_text().strip()
    text = subprocess.run(
        [_program(places, "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    runs = text.split()[2].split(".")[0]
    if made_by != runs:
        raise Trouble(
            f"数据库由 PostgreSQL {made_by} 建立，现装的是 {runs}：请先用旧版本导出（pg_dump）再导入新的数据目录",
            f"The database was made by PostgreSQL {made_by}, installed is {runs}: dump it with the old "
            "version (pg_dump) and load it into a new data folder",
        )


def _configure(places: Places, account: Account, extra: Mapping[str, str]) -> None:
    settings = {**CONFIGURATION, "unix_socket_directories": str(places.socket_dir), **extra}
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
    account.write(places.cluster / "hotline.conf", "".join(lines))


def _start(places: Places, account: Account) -> None:
    account.write(places.log, "")
    options = ["-w", "-s", "-t", str(START_SECONDS), "-l", str(places.log)]
    _run(places, account, "pg_ctl", "start", "-D", str(places.cluster), *options)


def _wait_until_it_answers(places: Places) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            connect(places, "postgres", "postgres").close()
            return
        except psycopg.OperationalError as fault:
            if time.monotonic() > until or not is_alive(places):
                raise Trouble(f"数据库没有应答：{fault}", f"The database does not answer: {fault}") from fault
            time.sleep(0.1)


def _clear_stale_locks(places: Places) -> None:
    """After a crash the lock files stay, and their number may by now be another program's.

    PostgreSQL refuses to start over such files. They are removed only once no process at all works in the cluster.
    """
    if postmaster_pid(places) is None or not Path("/proc/self").exists():
        return
    until = time.monotonic() + 30
    while any(_works_in(int(p.name), places.cluster) for p in Path("/proc").iterdir() if p.name.isdigit()):
        if time.monotonic() > until:
            raise Trouble(
                f"上次的数据库进程还在退出，请稍后再试（{places.cluster}）",
                f"Processes of the database that died are still there, try again later ({places.cluster})",
            )
        time.sleep(0.05)
    for left in (places.cluster / "postmaster.pid", *places.socket_dir.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:
        return False


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    with places.start_lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _program(places: Places, name: str) -> str:
    return str(places.program_dir / "bin" / name)


def _run(places: Places, account: Account, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [_program(places, program), *arguments],
        cwd=places.socket_dir,
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        **account.subprocess_arguments(),
    )
    if done.returncode:
        tail = places.log.read_text(errors="replace")[-400:] if places.log.exists() else ""
        raise Trouble(
            f"数据库程序 {program} 失败：{done.stderr.strip()} {tail.strip()}",
            f"The database program {program} failed: {done.stderr.strip()} {tail.strip()}",
        )
