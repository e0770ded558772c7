"""The tests' own databases, and the rights of the role they run as."""

import threading

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import Client

from hotline.config import grants, postgres
from hotline.config.databases import OWNER_ROLE
from hotline.config.places import Places
from tests.databases import Copy


@pytest.mark.django_db
def test_tests_run_as_a_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            cursor.execute("DROP TABLE django_session")


@pytest.mark.django_db
def test_days_are_days_in_shanghai() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW TimeZone")
        assert cursor.fetchone() == ("Asia/Shanghai",)


def test_a_copy_shows_commits_to_other_threads_and_is_gone_afterwards(cloned_db: Copy) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('copied', '', now())")
    seen: list[object] = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_session WHERE session_key = 'copied'")
            seen.append(cursor.fetchone())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [(1,)]


@pytest.mark.django_db
def test_the_template_never_sees_what_a_copy_did() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session WHERE session_key = 'copied'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_append_only_rights_are_as_they_should_be() -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
    assert not grants.faults(connection.connection, app_role=role, append_only=settings.APPEND_ONLY_TABLES)


@pytest.mark.django_db
def test_a_wrong_right_is_reported() -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
    assert "UPDATE django_session" in grants.faults(
        connection.connection, app_role=role, append_only=["django_session"]
    )


@pytest.mark.skipif(bool(settings.ENVIRONMENT.database_url), reason="needs a role of its own that owns its tables")
def test_a_single_role_binds_itself(django_db_setup: None) -> None:
    places = Places.of(settings.HOTLINE_DATA_DIR)
    with postgres.connect(places, "owner") as owner:
        owner.execute("CREATE TABLE only_grows (id int)")
        assert len(grants.faults(owner, app_role=OWNER_ROLE, append_only=["only_grows"])) == 3
        grants.grant(owner, app_role=OWNER_ROLE, append_only=["only_grows"])
        assert not grants.faults(owner, app_role=OWNER_ROLE, append_only=["only_grows"])
        owner.execute("INSERT INTO only_grows VALUES (1)")
        for statement in ("UPDATE only_grows SET id = 2", "DELETE FROM only_grows", "TRUNCATE only_grows"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(statement)
        owner.execute("DROP TABLE only_grows")


def test_pages_carry_a_strict_policy() -> None:
    response = Client().get("/static/nothing-here")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"].replace("style-src-attr 'unsafe-inline'", "")
