"""What every test may ask for: a database, a moment, a count of queries."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

import hatch_build
from hotline.config.environment import Environment
from tests import databases

if TYPE_CHECKING:
    from tests.world import Province, World

# A shared or slow machine is no reason to fail; what is wrong is found by the examples, not by the clock.
for _name, _examples in (("short", 50), ("long", 2000)):
    hypothesis.settings.register_profile(
        _name,
        deadline=None,
        max_examples=_examples,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
        print_blob=True,
    )
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

TEMPLATE = f"test_hotline_{os.getpid()}"
_numbers = itertools.count(1)


def pytest_configure() -> None:
    """Compile the language catalogues, so that English pages are as their sources say."""
    hatch_build.compile_catalogues(hatch_build.ROOT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that would empty tables: the ledger cannot be emptied, so they get a copy instead."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture cloned_db instead of transaction=True")


def pytest_unconfigure() -> None:
    """Remove the data folder of the tests."""
    if settings.configured and settings.HOTLINE_DATA_DIR.name.startswith("hotline-tests-"):
        shutil.rmtree(settings.HOTLINE_DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Start a server and migrate a database as the owner; tests then run as the role of daily work."""
    with django_db_blocker.unblock(), databases.server(), databases.migrated(TEMPLATE), django_db_blocker.block():
        yield


@pytest.fixture
def cloned_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[databases.Copy]:
    """A private copy of the database: commits are real, other connections and processes see them."""
    name = f"{TEMPLATE}_{next(_numbers)}"
    with django_db_blocker.unblock(), databases.copied(TEMPLATE, name) as copy:
        yield copy


@pytest.fixture
def at() -> datetime:
    """A working Friday at ten in the morning, Shanghai time."""
    return datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _no_old_anchors() -> Iterator[None]:
    """The database of a test goes; the copy of its anchors, which lies outside, goes with it."""
    folder = Environment().data_path  # asked before the test, which may spoil the environment
    yield
    shutil.rmtree(folder / "anchors", ignore_errors=True)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, for files and deliveries."""
    monkeypatch.setattr(settings, "HOTLINE_DATA_DIR", tmp_path)
    return tmp_path


@pytest.fixture
def world(db: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator["World"]:
    """A small open city; the faces' clock stands at `at`."""
    from tests.world import forget_caches, open_world

    monkeypatch.setattr(timezone, "now", lambda: at)
    yield open_world(at)
    forget_caches()


@pytest.fixture
def changde(db: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator["World"]:
    """The other small city, whose rules are the opposite of those of `world`."""
    from tests.world import forget_caches, open_world

    monkeypatch.setattr(timezone, "now", lambda: at)
    yield open_world(at, "changde")
    forget_caches()


@pytest.fixture(params=["world", "changde"])
def city(request: pytest.FixtureRequest) -> "World":
    """Each of the two cities in turn: a story told of both reads from the policy what it expects."""
    found: World = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def province(db: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator["Province"]:
    """Both small cities in one instance, under their province."""
    from tests.world import forget_caches, open_province

    monkeypatch.setattr(timezone, "now", lambda: at)
    yield open_province(at)
    forget_caches()


@pytest.fixture
def count_queries() -> Callable[[int], AbstractContextManager[None]]:
    """`with count_queries(3): …` fails when the block sends more statements; transaction control does not count."""

    @contextmanager
    def counted(most: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        sent = [query["sql"] for query in captured.captured_queries if not _controls_transaction(query["sql"])]
        assert len(sent) <= most, f"{len(sent)} statements, at most {most} allowed:\n" + "\n".join(sent)

    return counted


def _controls_transaction(statement: str) -> bool:
    return statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"))
