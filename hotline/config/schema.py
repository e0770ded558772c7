"""Tables and rights brought up to date, once at a time, by the owner role."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from hotline.config import grants, postgres
from hotline.config.databases import conninfo, database
from hotline.config.environment import Environment
from hotline.config.places import Places
from hotline.config.telling import Trouble, say

# Any number will do, as long as every command of every version takes the same.
_MIGRATING = 12345


@contextmanager
def database_in_use(environment: Environment) -> Iterator[None]:
    """The embedded server running for the length of a block; nothing to do where DATABASE_URL names another."""
    if environment.database_url:
        yield
    else:
        with postgres.in_use(Places.of(environment.data_path)):
            yield


def bring_up_to_date(environment: Environment) -> None:
    """Apply what migrations are missing and mend the running role's rights. Others who do the same wait.

    Needs Django set up. Raises Trouble when the database cannot be reached or a migration fails.
    """
    role = _running_role(environment)
    with as_owner(environment) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        missing = pending(owner)
        if missing:
            say(f"正在更新数据库结构（{len(missing)} 步）……", f"Migrating the database ({len(missing)} steps) …")
            _migrate()
        if missing or grants.faults(owner, app_role=role, append_only=settings.APPEND_ONLY_TABLES):
            grants.grant(owner, app_role=role, append_only=settings.APPEND_ONLY_TABLES)


def pending(owner: psycopg.Connection[Any]) -> list[str]:
    """Migrations on disk that the database has not had, as "room.name"."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert loader.disk_migrations is not None  # noqa: S101 - it has just loaded them
    row = owner.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
    had = set(owner.execute("SELECT app, name FROM django_migrations").fetchall()) if row and row[0] else set()
    return sorted(f"{room}.{name}" for room, name in loader.disk_migrations if (room, name) not in had)


def right_faults(environment: Environment) -> list[str]:
    """What the running role may do and should not, or the other way round."""
    with as_owner(environment) as owner:
        return grants.faults(owner, app_role=_running_role(environment), append_only=settings.APPEND_ONLY_TABLES)


@contextmanager
def as_owner(environment: Environment) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the owner role, committing each statement by itself. Raises Trouble."""
    with _connection(environment, "owner") as connection:
        yield connection


def _running_role(environment: Environment) -> str:
    with _connection(environment, "app") as connection:
        row = connection.execute("SELECT current_user").fetchone()
        assert row is not None  # noqa: S101 - a SELECT of one value
        return str(row[0])


@contextmanager
def _connection(environment: Environment, role: str) -> Iterator[psycopg.Connection[Any]]:
    try:
        connection = psycopg.connect(conninfo(database(environment, role)), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as fault:
        reason = str(fault).strip().splitlines()[0]
        raise Trouble(
            f"连不上数据库：{reason}。请检查 DATABASE_URL（和 HOTLINE_MIGRATE_URL）以及数据库服务是否在运行",
            f"The database cannot be reached: {reason}. Check DATABASE_URL (and HOTLINE_MIGRATE_URL), and that the "
            "server is running",
        ) from fault
    with connection:
        yield connection


def _migrate() -> None:
    # In a process of its own: migrations see every model as the owner does, and leave no connection behind.
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0"],
        env={
            **os.environ,
            "HOTLINE_DATABASE_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "hotline.config.settings"),
        },
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise Trouble(
            f"更新数据库结构失败：{''.join(last)}。数据没有改动；修好后再启动，或运行 hotline manage migrate 看详情",
            f"Migrating failed: {''.join(last)}. Mend it and start again; hotline manage migrate shows the details",
        )
