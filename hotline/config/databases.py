"""Which database the settings name: the server in DATABASE_URL, or the embedded one in the data folder."""

from typing import Any

from psycopg.conninfo import make_conninfo

from hotline.config.environment import Environment, parse_database_url
from hotline.config.places import Places

DATABASE_NAME = "hotline"
OWNER_ROLE = "hotline_owner"
APP_ROLE = "hotline_app"

# Days are Asia/Shanghai in every session, whatever the server's own zone is.
_SESSION = "-c TimeZone=Asia/Shanghai"


def database(environment: Environment, role: str | None = None) -> dict[str, Any]:
    """Django's database entry for a role: "app" (default) runs, "owner" migrates. Connects to nothing.

    Statements are prepared on the server, so hot paths are planned once per connection; the owner's are not, because
    migrations change tables under them.
    """
    role = role or environment.database_role
    entry = _server(environment, role) if environment.database_url else _embedded(environment, role)
    owner = role == "owner"
    options: dict[str, Any] = {
        **entry["OPTIONS"],
        "options": f"{entry['OPTIONS'].get('options', '')} {_SESSION}".strip(),
        "application_name": "hotline",
        "server_side_binding": True,
        "prepare_threshold": None if owner else 2,
    }
    if environment.pool_size and not owner:
        options["pool"] = {"min_size": 1, "max_size": environment.pool_size, "timeout": 10}
    return {
        **entry,
        "ENGINE": "django.db.backends.postgresql",
        "TIME_ZONE": "Asia/Shanghai",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a connection from before a restart of the server is replaced, not used
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }


def conninfo(entry: dict[str, Any], name: str | None = None) -> str:
    """Django's database entry as an address for psycopg and `DATABASE_URL`; `name` replaces the database's."""
    keys = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parts = {part: entry[key] for part, key in keys.items() if entry[key]}
    return make_conninfo("", dbname=name or entry["NAME"], options=entry["OPTIONS"].get("options"), **parts)


def _server(environment: Environment, role: str) -> dict[str, Any]:
    url = environment.migrate_url if role == "owner" and environment.migrate_url else environment.database_url
    assert url is not None  # noqa: S101 - the caller looked
    return parse_database_url(url.get_secret_value())


def _embedded(environment: Environment, role: str) -> dict[str, Any]:
    places = Places.of(environment.data_path)
    return {
        "NAME": DATABASE_NAME,
        "USER": OWNER_ROLE if role == "owner" else APP_ROLE,
        "PASSWORD": environment.secret("database_owner" if role == "owner" else "database_app"),
        "HOST": str(places.socket_dir),
        "PORT": "5432",
        "OPTIONS": {},
    }
