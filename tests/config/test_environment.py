"""What the surroundings say, and the secrets that are made once and never again."""

import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from pydantic import ValidationError

from hotline.config.databases import conninfo, database
from hotline.config.environment import SECRET_NAMES, Environment, SecretsMissing, kept_secrets, parse_database_url
from hotline.config.places import Places

VARIABLES = ("HOTLINE_DATA_DIR", "DATABASE_URL", "HOTLINE_MIGRATE_URL", "HOTLINE_MASTER_KEY", "HOTLINE_PORT")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing set, and no `.env` in sight."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_secrets_are_private_long_and_kept(tmp_path: Path) -> None:
    first = dict(kept_secrets(tmp_path / "var"))
    kept_secrets.cache_clear()
    assert dict(kept_secrets(tmp_path / "var")) == first
    assert {len(value) for value in first.values()} == {64}
    assert len(set(first.values())) == len(SECRET_NAMES)
    assert stat.S_IMODE((tmp_path / "var/secrets").stat().st_mode) == 0o700
    for name in SECRET_NAMES:
        assert stat.S_IMODE((tmp_path / "var/secrets" / name).stat().st_mode) == 0o600


def test_a_lost_secret_is_never_replaced(tmp_path: Path) -> None:
    kept_secrets(tmp_path / "var")
    kept_secrets.cache_clear()
    (tmp_path / "var/secrets/master_key").unlink()
    with pytest.raises(SecretsMissing, match="master_key"):
        kept_secrets(tmp_path / "var")
    assert not (tmp_path / "var/secrets/master_key").exists()


def test_commands_that_start_together_agree_on_the_secrets(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from hotline.config.environment import kept_secrets; "
        "print(kept_secrets(Path(sys.argv[1]))['master_key'])"
    )
    many = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "var")], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({each.communicate()[0] for each in many}) == 1
    assert {each.returncode for each in many} == {0}
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secrets"]


def test_a_secret_from_the_environment_wins_and_stays_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_MASTER_KEY", "ab" * 32)
    environment = Environment()
    assert environment.secret("master_key") == "ab" * 32
    assert "abab" not in repr(environment)


@pytest.mark.parametrize(
    ("name", "value"), [("HOTLINE_MASTER_KEY", "short"), ("HOTLINE_PORT", "99999"), ("HOTLINE_PORT", "eight")]
)
def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name):
        Environment()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40ss@db.example:5433/city", ("city", "u", "p@ss", "db.example", "5433")),
        ("postgresql:///city?host=/run/pg&user=u", ("city", "u", "", "/run/pg", "")),
        ("host=db dbname=city user=u", ("city", "u", "", "db", "")),
    ],
)
def test_addresses_of_servers_are_read(url: str, expected: tuple[str, ...]) -> None:
    entry = parse_database_url(url)
    assert tuple(entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected


def test_options_of_an_address_survive_both_ways() -> None:
    entry = parse_database_url("postgresql://db/city?sslmode=require&options=-c%20role%3Dx")
    assert entry["OPTIONS"] == {"sslmode": "require", "options": "-c role=x"}


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(psycopg.ProgrammingError):
        parse_database_url("mysql://db/city")


def test_owner_and_running_role_may_use_different_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://runs@db/city")
    monkeypatch.setenv("HOTLINE_MIGRATE_URL", "postgresql://owns@db/city")
    environment = Environment()
    assert database(environment, "app")["USER"] == "runs"
    assert database(environment, "owner")["USER"] == "owns"
    assert "user=owns" in conninfo(database(environment, "owner"))


def test_without_an_address_the_embedded_server_is_meant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "var"))
    environment = Environment()
    entry = database(environment, "app")
    assert (entry["USER"], entry["HOST"]) == ("hotline_app", str(Places.of(environment.data_path).socket_dir))
    assert not (environment.data_path / "postgres").exists()
