"""The embedded server under ill treatment: killed, moved, shared, started as root and as a plain user."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from hotline.config import postgres
from hotline.config.account import server_account
from hotline.config.places import Places
from hotline.config.telling import Trouble

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A short folder that every user may walk through; its server is stopped whatever the test did."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-pg-")).resolve()
    folder.chmod(0o755)
    yield folder
    postgres.stop(Places.of(folder))
    shutil.rmtree(folder)


@pytest.fixture
def places(data_dir: Path) -> Places:
    """The places of a fresh data folder."""
    return Places.of(data_dir)


def _rows(places: Places) -> int:
    with postgres.connect(places, "owner") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row is not None
        return int(row[0])


def _kill(places: Places) -> int:
    pid = postgres.postmaster_pid(places)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def test_it_listens_on_a_private_socket_only_and_lets_nobody_in_without_a_password(places: Places) -> None:
    with postgres.in_use(places):
        for folder in (places.cluster, places.socket_dir):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with postgres.connect(places, "app") as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute(
                "SELECT rolname, rolsuper FROM pg_roles WHERE rolcanlogin ORDER BY rolname"
            ).fetchall() == [("hotline_app", False), ("hotline_owner", False), ("postgres", True)]
        for user in ("postgres", "hotline_owner", "hotline_app"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(host=str(places.socket_dir), user=user, dbname="hotline")


def test_it_never_runs_as_root(places: Places) -> None:
    with postgres.in_use(places):
        pid = postgres.postmaster_pid(places)
        assert pid is not None
        assert Path(f"/proc/{pid}").stat().st_uid == server_account(places).uid != 0


def test_the_last_user_out_stops_it_and_the_data_stays(places: Places) -> None:
    with postgres.in_use(places):
        with postgres.in_use(places):
            assert _rows(places) == 1
        assert postgres.is_alive(places)
    assert not postgres.is_alive(places)
    with postgres.in_use(places):
        assert _rows(places) == 2


def test_another_process_keeps_it_running(places: Places) -> None:
    with postgres.in_use(places):
        other = _process(places.data_dir, "import sys; print('in', flush=True); sys.stdin.read()")
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
    assert postgres.is_alive(places)
    other.communicate("")
    assert other.returncode == 0
    assert not postgres.is_alive(places)


def test_a_killed_command_leaves_it_to_the_next(places: Places) -> None:
    with _process(places.data_dir, "import sys; print('in', flush=True); sys.stdin.read()") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        other.kill()
    assert postgres.is_alive(places)
    with postgres.in_use(places):
        assert _rows(places) == 1
    assert not postgres.is_alive(places)


def test_a_killed_server_comes_back_with_its_data(places: Places) -> None:
    with postgres.in_use(places):
        assert _rows(places) == 1
        dead = _kill(places)
        _until(lambda: not postgres.is_alive(places))
        assert postgres.ensure_running(places)
        assert postgres.postmaster_pid(places) != dead
        assert _rows(places) == 2


def test_a_lock_file_left_by_a_crash_that_now_names_a_stranger_is_no_obstacle(places: Places) -> None:
    with postgres.in_use(places):
        _kill(places)
        _until(lambda: not postgres.is_alive(places))
    lock = places.cluster / "postmaster.pid"
    lines = lock.read_text().split("\n")
    account = server_account(places)
    # A stranger of the same user, so that PostgreSQL itself would take it for a living server.
    with subprocess.Popen(["sleep", "60"], **account.subprocess_arguments()) as stranger:
        account.write(lock, "\n".join([str(stranger.pid), *lines[1:]]))
        with postgres.in_use(places):
            assert _rows(places) == 1
        assert stranger.poll() is None
        stranger.kill()


def test_two_folders_at_once_know_nothing_of_each_other(places: Places) -> None:
    second = Path(tempfile.mkdtemp(prefix="hotline-pg-")).resolve()
    second.chmod(0o755)
    with postgres.in_use(places):
        with postgres.in_use(Places.of(second)):
            assert _rows(places) == 1
            assert _rows(Places.of(second)) == 1
        assert not postgres.is_alive(Places.of(second))
        assert _rows(places) == 2
    shutil.rmtree(second)


def test_many_commands_starting_together_make_one_server(places: Places) -> None:
    others = [_process(places.data_dir, "print(postgres.postmaster_pid(places))", hold=3) for _ in range(4)]
    answers = {other.communicate()[0] for other in others}
    assert [other.returncode for other in others] == [0] * 4
    assert len(answers) == 1
    assert not postgres.is_alive(places)


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(data_dir: Path) -> None:
    deep = data_dir / "/".join(["a-folder-with-a-long-name"] * 5)
    deep.mkdir(parents=True)
    places = Places.of(deep)
    assert places.socket_dir.parent == Path(tempfile.gettempdir())
    with postgres.in_use(places):
        assert _rows(places) == 1
    shutil.rmtree(places.socket_dir)


def test_a_socket_folder_that_others_may_enter_is_refused(places: Places) -> None:
    places.socket_dir.mkdir(mode=0o755)
    with pytest.raises(Trouble, match=str(places.socket_dir)), postgres.in_use(places):
        pass


def test_a_making_cut_short_is_made_anew(places: Places) -> None:
    (places.home / "postgres.making").mkdir()
    (places.home / "postgres.making" / "half").touch()
    with postgres.in_use(places):
        pass
    (places.cluster / "hotline.made").unlink()  # killed before the roles were made
    with postgres.in_use(places):
        assert _rows(places) == 1


def test_a_database_of_another_version_is_not_touched(places: Places) -> None:
    with postgres.in_use(places):
        pass
    (places.cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(Trouble, match="PostgreSQL 16"), postgres.in_use(places):
        pass
    (places.cluster / "PG_VERSION").write_text("18\n")


def test_statements_and_values_stay_out_of_the_servers_log(places: Places) -> None:
    with postgres.in_use(places):
        with postgres.connect(places, "owner") as connection:
            connection.execute("CREATE TABLE held (phone text UNIQUE)")
            for _ in range(2):
                try:
                    connection.execute("INSERT INTO held VALUES ('13812345678')")
                except psycopg.errors.UniqueViolation:
                    continue
        logs = list((places.cluster / "log").iterdir())
        assert "held_phone_key" in "".join(log.read_text() for log in logs)
        assert "13812345678" not in "".join(log.read_text() for log in logs)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_plain_user_starts_it_too(data_dir: Path) -> None:
    own = data_dir / "own"
    own.mkdir()
    os.chown(own, 65534, 65534)
    other = _process(own, "print(os.geteuid(), places.cluster.stat().st_uid)", user=65534)
    out, _ = other.communicate()
    assert (other.returncode, out) == (0, "65534 65534\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders nobody else may walk to")
def test_where_the_databases_user_cannot_walk_it_lives_elsewhere(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    places = Places.of(closed / "var")
    assert places.home.parent == Path("/var/lib/hotline")
    try:
        with postgres.in_use(places):
            assert _rows(places) == 1
        assert str(places.home) in capsys.readouterr().err
        with postgres.in_use(places):
            assert _rows(places) == 2
        assert str(places.home) not in capsys.readouterr().err
    finally:
        shutil.rmtree(places.home)


def _process(data_dir: Path, body: str, *, hold: int = 0, user: int | None = None) -> subprocess.Popen[str]:
    """A Python of its own that uses the server of a data folder and runs `body` meanwhile."""
    program = f"""
        import os, sys, time
        from pathlib import Path
        from hotline.config import postgres
        from hotline.config.places import Places
        places = Places.of(Path({str(data_dir)!r}))
        with postgres.in_use(places):
            {body}
            time.sleep({hold})
    """
    return subprocess.Popen(
        [_python(user), "-c", textwrap.dedent(program)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])},
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )


def _python(user: int | None) -> str:
    """A Python of our version that this user may run: ours may live where only root can walk."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for found in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        ids = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        try:
            subprocess.run([found, "-c", "import psycopg"], check=True, capture_output=True, env=_environment(), **ids)
        except (OSError, subprocess.CalledProcessError):
            continue
        return found
    pytest.skip(f"no {version} that user {user} may run")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": sysconfig.get_path("purelib")}


def _until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
