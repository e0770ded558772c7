"""What the surroundings say: environment variables, an optional `.env` file, and the secrets in the data folder."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_NAMES = ("secret_key", "master_key", "database_postgres", "database_owner", "database_app")


class SecretsMissing(RuntimeError):
    """The secrets folder exists but a secret in it is gone or unreadable: restoring a backup is the only remedy."""


class Environment(BaseSettings):
    """Every variable the platform listens to; names as written in the aliases."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True, frozen=True)

    data_dir: Path = Field(default=Path("var"), alias="HOTLINE_DATA_DIR")
    database_url: SecretStr | None = Field(default=None, alias="DATABASE_URL")
    migrate_url: SecretStr | None = Field(default=None, alias="HOTLINE_MIGRATE_URL")
    database_role: str = Field(default="app", alias="HOTLINE_DATABASE_ROLE", pattern="^(app|owner)$")
    pool_size: int = Field(default=8, alias="HOTLINE_POOL_SIZE", ge=0, le=200)
    secret_key: SecretStr | None = Field(default=None, alias="HOTLINE_SECRET_KEY", min_length=32)
    master_key: SecretStr | None = Field(default=None, alias="HOTLINE_MASTER_KEY", min_length=64, max_length=64)
    host: str = Field(default="127.0.0.1", alias="HOTLINE_HOST")
    port: int = Field(default=8345, alias="HOTLINE_PORT", ge=1, le=65535)
    allowed_hosts: str = Field(default="", alias="HOTLINE_ALLOWED_HOSTS")
    https: bool = Field(default=False, alias="HOTLINE_HTTPS")
    web_processes: int = Field(default=0, alias="HOTLINE_WEB_PROCESSES", ge=0, le=64)
    demo: bool = Field(default=False, alias="HOTLINE_DEMO")
    city: str = Field(default="yunjiang", alias="HOTLINE_CITY")
    cipher: str = Field(default="aes-256-gcm", alias="HOTLINE_CIPHER", pattern="^(aes-256-gcm|sm4-gcm)$")
    engines: str = Field(default="rules", alias="HOTLINE_ENGINES")
    debug: bool = Field(default=False, alias="HOTLINE_DEBUG")

    @property
    def data_path(self) -> Path:
        """The data folder as an absolute path (symbolic links followed)."""
        return self.data_dir.expanduser().resolve()

    def secret(self, name: str) -> str:
        """A secret by name: from the environment if set there, else from the data folder (made at first use).

        Raises SecretsMissing when the folder was made before but the secret is gone: making another one silently
        would leave everything sealed under the old one unreadable.
        """
        given = {"secret_key": self.secret_key, "master_key": self.master_key}.get(name)
        return given.get_secret_value() if given else kept_secrets(self.data_path)[name]

    def web_process_count(self) -> int:
        """Web processes to run: as told, else two where there are two cores or more."""
        return self.web_processes or min(2, os.cpu_count() or 1)


@cache
def kept_secrets(data_dir: Path) -> Mapping[str, str]:
    """All secrets of a data folder; the first caller makes them, whole or not at all.

    Read once in a process. Raises SecretsMissing when one is gone or cannot be read.
    """
    folder = data_dir / "secrets"
    if not folder.exists():
        _make_secrets(folder)
    try:
        return {name: (folder / name).read_text("ascii").strip() for name in SECRET_NAMES}
    except OSError as fault:
        raise SecretsMissing(f"{fault.filename}: {fault.strerror}") from fault


def _make_secrets(folder: Path) -> None:
    # Written aside and renamed: of two commands starting together one wins, the other reads the winner's.
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".secrets-", dir=folder.parent))
    for name in SECRET_NAMES:
        path = aside / name
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n", "ascii")
    try:
        aside.rename(folder)
    except OSError:
        shutil.rmtree(aside)
        if not folder.exists():
            raise


def parse_database_url(url: str) -> dict[str, Any]:
    """Django's keys for a PostgreSQL address: `postgresql://user:password@host:port/name?option=…` or `name=value …`.

    Raises psycopg.ProgrammingError for anything else.
    """
    parts = dict(conninfo_to_dict(url))
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {key: str(parts.pop(name, "") or "") for key, name in names.items()} | {"OPTIONS": parts}
