"""The databases of the tests: made and migrated as the owner, used as the running role, copied instead of emptied."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from hotline.config import grants, postgres
from hotline.config.configuration import HASTY
from hotline.config.databases import conninfo, database
from hotline.config.environment import Environment
from hotline.config.places import Places

TEST_ROLE = "hotline_test_app"  # on a server given by DATABASE_URL, taken on at connecting


@dataclass(frozen=True)
class Copy:
    """A private database: its name, and the variables that make a command use it."""

    name: str
    environment: dict[str, str]


@contextmanager
def server() -> Iterator[None]:
    """The embedded server in the tests' data folder, unless DATABASE_URL names another."""
    if Environment().database_url:
        yield
    else:
        with postgres.in_use(Places.of(Environment().data_path), extra=HASTY):
            yield


@contextmanager
def migrated(name: str) -> Iterator[None]:
    """A migrated database of this name, with Django connected to it as the running role; dropped afterwards."""
    environment = Environment()
    owner = database(environment, "owner")
    with _maintenance(owner) as maintenance:
        _create(maintenance, name, "template0", owner)
        app = _app_entry(environment, maintenance)
    try:
        use({**owner, "NAME": name})
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        connections["default"].ensure_connection()
        raw = connections["default"].connection
        role = TEST_ROLE if environment.database_url else app["USER"]
        grants.grant(raw, app_role=role, append_only=settings.APPEND_ONLY_TABLES)
        use({**app, "NAME": name})
        yield
    finally:
        connections["default"].close()
        with _maintenance(owner) as maintenance:
            _drop(maintenance, name)


@contextmanager
def copied(template: str, name: str) -> Iterator[Copy]:
    """A copy of a migrated database, with Django connected to it; the template is in use again afterwards."""
    environment = Environment()
    owner = database(environment, "owner")
    before = dict(connections["default"].settings_dict)
    connections["default"].close()
    with _maintenance(owner) as maintenance:
        _create(maintenance, name, template, owner)
    use({**before, "NAME": name})
    try:
        yield Copy(name, {"DATABASE_URL": conninfo(before, name), "HOTLINE_MIGRATE_URL": conninfo(owner, name)})
    finally:
        use(before)
        with _maintenance(owner) as maintenance:
            _drop(maintenance, name)


def use(entry: dict[str, Any]) -> None:
    """Connect Django (all threads) with these settings from now on."""
    connections["default"].close()
    target = connections["default"].settings_dict
    for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
        target[key] = entry[key]


def _app_entry(environment: Environment, maintenance: psycopg.Connection[Any]) -> dict[str, Any]:
    app = database(environment, "app")
    if not environment.database_url:
        return app
    known = maintenance.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [TEST_ROLE]).fetchone()
    if not known:
        maintenance.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(TEST_ROLE)))
        maintenance.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(TEST_ROLE)))
    options = {**app["OPTIONS"], "options": f"{app['OPTIONS']['options']} -c role={TEST_ROLE}"}
    return {**app, "OPTIONS": options}


@contextmanager
def _maintenance(owner: dict[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    # The embedded server's superuser may end what a test left connected; a given server's user has to do.
    if Environment().database_url:
        connection = psycopg.connect(conninfo(owner, "postgres"), autocommit=True)
    else:
        connection = postgres.connect(Places.of(Environment().data_path), "postgres", "postgres")
    with connection:
        yield connection


def _create(maintenance: psycopg.Connection[Any], name: str, template: str, owner: dict[str, Any]) -> None:
    _drop(maintenance, name)
    names = [sql.Identifier(each) for each in (name, template, owner["USER"] or maintenance.info.user)]
    maintenance.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))


def _drop(maintenance: psycopg.Connection[Any], name: str) -> None:
    maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
