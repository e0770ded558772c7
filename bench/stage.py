"""A running installation for a measurement: its own data folder, the fictional city, and the real `hotline serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.cli.serving import free_port

CITY = "yunjiang"


@dataclass(frozen=True)
class Stage:
    """Where the installation answers and which processes it is."""

    port: int
    serve_pid: int
    postmaster_pid: int
    api_key: str


@contextmanager
def running(orders: int = 0) -> Iterator[Stage]:
    """Found the city (with `orders` invented ones), make an API key and serve, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the database's own user walks through it
        environment = {**os.environ, "HOTLINE_DATA_DIR": folder, "HOTLINE_CITY": CITY}
        os.environ.update(environment)
        port = free_port("127.0.0.1", 18345)
        command = [sys.executable, "-m", "hotline", "demo" if orders else "serve", "--port", str(port)]
        with (
            Path(folder, "serve.log").open("w") as log,
            subprocess.Popen(command, env=environment, stdout=log, stderr=log) as serve,
        ):
            try:
                _wait(port, serve, Path(folder, "serve.log"))
                key = _hotline("manage", "createapikey", "bench", "--authority", "990100", "--per-minute", "1000000")
                postmaster = int(Path(folder, "postgres", "postmaster.pid").read_text().split("\n", 1)[0])
                yield Stage(port, serve.pid, postmaster, key)
            finally:
                serve.send_signal(signal.SIGINT)
                serve.wait(60)


def _hotline(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "hotline", *words], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def _wait(port: int, serve: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1800):
        if serve.poll() is not None:
            raise SystemExit(f"hotline serve ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/report/", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("hotline serve did not answer in time")
