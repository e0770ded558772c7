"""Installations to be killed: one beside the tests' server, one with an embedded server of its own."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from pytest_django.plugin import DjangoDbBlocker

from hotline.channels.api import keys
from hotline.config import postgres
from hotline.config.databases import APP_ROLE, DATABASE_NAME, OWNER_ROLE
from hotline.config.environment import Environment, kept_secrets
from hotline.config.places import Places
from hotline.ui import moment
from tests import databases
from tests.faults.installation import Installation
from tests.world import World, forget_caches, open_world

SEED = """
from hotline.channels.api import keys
from hotline.ui.moment import now
from tests.world import open_world
world = open_world(now())
print("key", keys.create(authority_id=world.authority_id, partner="city-app", scopes=keys.SCOPES, channel="web",
                         per_minute=1000000, at=now()))
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say aloud where processes cannot be looked at."""
    if not sys.platform.startswith("linux"):
        for item in items:
            if "faults" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="needs /proc"))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that every user may walk to."""
    with tempfile.TemporaryDirectory(prefix="hotline-faults-") as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()


@pytest.fixture(scope="module")
def seeded(
    folder: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Installation, World]]:
    """The small city in a database of its own on the tests' server, whichever that is."""
    template = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), databases.copied(template, f"{template}_faults") as copy:
        secrets = Environment()
        house = Installation(
            folder,
            {
                **copy.environment,
                "HOTLINE_DATA_DIR": str(folder),
                "HOTLINE_MASTER_KEY": secrets.secret("master_key"),
                "HOTLINE_SECRET_KEY": secrets.secret("secret_key"),
            },
            copy.environment["DATABASE_URL"],
            copy.environment["HOTLINE_MIGRATE_URL"],
        )
        now = moment.now()
        world = open_world(now)
        house.key = keys.create(authority_id=world.authority_id, partner="city-app", scopes=keys.SCOPES, channel="web",
                                per_minute=1000000, at=now)  # fmt: skip
        connection.close()
        yield house, world
        house.prove()
        house.close()
    forget_caches()


@pytest.fixture
def house(seeded: tuple[Installation, World], django_db_blocker: DjangoDbBlocker) -> Iterator[Installation]:
    """The installation; the test may use the house's own services on it, too."""
    with django_db_blocker.unblock():
        yield seeded[0]
        connection.close()


@pytest.fixture
def world(house: Installation, seeded: tuple[Installation, World]) -> World:
    """Its city, now."""
    seeded[1].at = moment.now()
    return seeded[1]


@pytest.fixture(scope="module")
def own_server(folder: Path) -> Iterator[Installation]:
    """An installation as people have it: nothing but a data folder, with the embedded server in it."""
    if Environment().database_url:
        pytest.skip("the embedded server is killed when DATABASE_URL names no other")
    places = Places.of(folder)
    house = Installation(folder, {"HOTLINE_DATA_DIR": str(folder), "PYTHONPATH": os.getcwd()}, "", "")
    try:
        said = house.run("migrate") + house.run("manage", "shell", "-v", "0", "-c", SEED)
        house.key = said.rpartition("key ")[2].strip()
        known = kept_secrets(folder)
        house.url, house.owner_url = (
            make_conninfo(host=str(places.socket_dir), port=5432, user=user, password=known[secret],
                          dbname=DATABASE_NAME)
            for user, secret in ((APP_ROLE, "database_app"), (OWNER_ROLE, "database_owner"))
        )  # fmt: skip
        yield house
        house.prove()
        house.close()
    finally:
        house.close()
        postgres.stop(places)
