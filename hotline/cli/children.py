"""Processes that `hotline serve` starts, watches, restarts and takes down with it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from hotline.config.telling import say

_FIRST_PAUSE = 1.0  # seconds before a restart; doubled each time
_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 60.0  # seconds of life after which the next death counts as the first again
_PATIENCE = 10.0  # seconds to end by itself
_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process that should always run."""

    name_zh: str
    name_en: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    pause: float = _FIRST_PAUSE
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches it through us and in order."""
        self.process = subprocess.Popen(
            list(self.command),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_die_with_parent(os.getpid()),  # one thread, one system call
        )
        self.began = time.monotonic()
        self.again_at = 0.0

    def watch(self) -> None:
        """Note a death, and start it again once its pause is over."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.again_at:
            self.end_group()
            if now - self.began > _STEADY_AFTER:
                self.pause = _FIRST_PAUSE
            self.again_at = now + self.pause
            say(
                f"{self.name_zh}意外退出（{self.process.returncode}），{self.pause:.0f} 秒后重新启动",
                f"The {self.name_en} ended unexpectedly ({self.process.returncode}); starting it again in "
                f"{self.pause:.0f} s",
            )
            self.pause = min(self.pause * 2, _LONGEST_PAUSE)
        elif now >= self.again_at:
            self.start()

    def end_group(self) -> None:
        """Kill what a dead process left behind: it would hold the port and serve on, watched by nobody."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def running(self) -> bool:
        """Whether it lives now."""
        return self.process is not None and self.process.poll() is None


def stop(children: Sequence[Child]) -> None:
    """Ask all to end, wait, then insist."""
    alive = [child.process for child in children if child.process and child.process.poll() is None]
    for process in alive:
        process.send_signal(signal.SIGTERM)
    until = time.monotonic() + _PATIENCE
    for process in alive:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            process.kill()
            process.wait()
    for child in children:
        child.end_group()


def _die_with_parent(parent: int):  # type: ignore[no-untyped-def]
    """A function to run in the child: when we are killed outright, the kernel ends the child too (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)

    def ask() -> None:
        library.prctl(_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
