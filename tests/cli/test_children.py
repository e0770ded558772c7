"""Processes under watch: restarted with a growing pause, and taken down together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hotline.cli import children
from hotline.cli.children import Child

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
ENDS = [sys.executable, "-c", "raise SystemExit(3)"]


def _child(command: list[str]) -> Child:
    return Child("子进程", "child", command, os.environ)


def _until_dead(child: Child) -> None:
    assert child.process is not None
    child.process.wait(10)


def test_what_dies_is_started_again_after_a_pause_that_doubles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moment = [100.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: moment[0])
    child = _child(ENDS)
    child.start()
    for pause in (1, 2, 4, 8, 16, 30, 30):
        first = child.process
        _until_dead(child)
        child.watch()
        moment[0] += pause - 0.1
        child.watch()
        assert child.process is first
        moment[0] += 0.2
        child.watch()
        assert child.process is not first
        assert f"{pause} " in capsys.readouterr().err
    moment[0] += 61
    _until_dead(child)
    child.watch()
    assert child.again_at == pytest.approx(moment[0] + 1)


def test_stopping_ends_the_willing_and_insists_with_the_deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_PATIENCE", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    both = [_child(SLEEPS), _child([sys.executable, "-c", deaf])]
    for child in both:
        child.start()
    time.sleep(0.5)
    children.stop(both)
    assert both[0].process is not None
    assert both[0].process.returncode == -signal.SIGTERM
    assert not any(child.running() for child in both)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent died")
def test_children_do_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; from hotline.cli.children import Child; "
        f"child = Child('', '', {SLEEPS!r}, os.environ); child.start(); print(child.process.pid, flush=True); "
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 10
    while _lives(pid):
        assert time.monotonic() < until
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
