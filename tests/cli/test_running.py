"""The command as people run it: on an empty folder, together, and with everything dying under it."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.config import postgres
from hotline.config.places import Places
from tests.databases import Copy

OF_THE_TESTS = {"DATABASE_URL", "HOTLINE_MIGRATE_URL", "DJANGO_SETTINGS_MODULE", "HOTLINE_TEST_DATA_DIR"}


def _start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    return subprocess.Popen(
        [sys.executable, "-m", "hotline", *arguments],
        env={**kept, "LC_ALL": "en_US.UTF-8", "HOTLINE_POOL_SIZE": "8", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder that every user may walk to."""
    with tempfile.TemporaryDirectory(prefix="hotline-run-") as name:
        Path(name).chmod(0o755)
        yield Path(name).resolve()
        postgres.stop(Places.of(Path(name).resolve()))


def test_two_commands_on_an_empty_folder_migrate_once(data_dir: Path) -> None:
    both = [_start("migrate", HOTLINE_DATA_DIR=str(data_dir)) for _ in range(2)]
    outputs = [each.communicate()[0] for each in both]
    assert [each.returncode for each in both] == [0, 0], outputs
    assert "".join(outputs).count("Migrating") == 1
    assert not postgres.is_alive(Places.of(data_dir))
    checked = _start("check", HOTLINE_DATA_DIR=str(data_dir))
    output = checked.communicate()[0]
    assert checked.returncode == 0, output
    for what in ("tables", "ledger_event only grows", "ledger_anchor only grows", "master key", "city pack yunjiang"):
        assert f"ok  {what}" in output
    (data_dir / "secrets" / "master_key").chmod(0o644)
    checked = _start("check", HOTLINE_DATA_DIR=str(data_dir))
    assert "failed  rights of the secret files" in checked.communicate()[0]
    assert checked.returncode == 1


def test_a_server_that_is_not_there_is_said_in_one_line() -> None:
    command = _start("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    output = command.communicate()[0]
    assert command.returncode == 1
    assert "The database cannot be reached" in output
    assert "Traceback" not in output


@pytest.fixture
def serve(cloned_db: Copy) -> Iterator[subprocess.Popen[str]]:
    """`hotline serve` on a free port and a database of its own; ended whatever the test did."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with _start("serve", "--port", str(port), **cloned_db.environment) as process:
        yield process
        if process.poll() is None:
            process.terminate()
        assert process.stdout is not None
        process.stdout.read()


def test_what_dies_under_serve_comes_back_and_ctrl_c_stops_it_all(serve: subprocess.Popen[str]) -> None:
    address = _read_until(serve, r"http://\S+")
    assert _status(address) < 500
    web, worker = sorted(_children(serve.pid), key=lambda pid: "worker" in _command(pid))
    for victim, words in ((worker, "worker"), (web, "web process")):
        os.kill(victim, signal.SIGKILL)
        _read_until(serve, f"{words} ended unexpectedly")
        _until(lambda: len(_children(serve.pid)) == 2)
    _until(lambda: _status(address) < 500)
    serve.send_signal(signal.SIGINT)
    _read_until(serve, "Stopping")
    assert serve.wait(60) == 0
    port = address.rpartition(":")[2]
    assert not [pid for pid in _everyone() if f"--port {port}" in _command(pid)]


def _read_until(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if found := re.search(pattern, line):
            return found[0]
    raise AssertionError(seen)


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return 599


def _everyone() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _children(parent: int) -> list[int]:
    found = []
    for pid in _everyone():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(pid)
    return found


def _until(true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_first_person_of_an_installation(data_dir: Path) -> None:
    def added(password: str, *more: str) -> tuple[int, str]:
        words = ("staff", "add", "chief", "--name", "沈敏", "--role", "admin", "--password-stdin", *more)
        child = subprocess.run(
            [sys.executable, "-m", "hotline", *words],
            env={**{k: v for k, v in os.environ.items() if k not in OF_THE_TESTS}, "LC_ALL": "en_US.UTF-8",
                 "HOTLINE_DATA_DIR": str(data_dir)},
            input=f"{password}\n",
            capture_output=True,
            text=True,
        )  # fmt: skip
        return child.returncode, child.stdout + child.stderr

    code, said = added("12345")
    assert (code, "password" in said) == (1, True), said
    assert added("a-long-sentence-7", "--unit", "nowhere")[0] == 1
    code, said = added("a-long-sentence-7")
    assert (code, "Made the account chief" in said) == (0, True), said
    assert added("a-long-sentence-7")[0] == 1, "a name is taken once"
