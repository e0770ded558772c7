"""`hotline worker`: does what follows by itself."""

import argparse
import os
import signal
import threading
from typing import Any

from hotline.cli.readiness import ready
from hotline.config.telling import choose


def add(commands: Any) -> None:
    """Add the sub-command."""
    words = choose("运行后台任务进程（serve 已包含一个）", "run a background worker (serve brings one)")
    commands.add_parser("worker", help=words).set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Work until interrupted or terminated; what was begun is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # People who wait for a page come before what happens by itself.
    os.nice(5)
    with ready():
        from hotline import walk

        walk.run_worker(stop=stop)
    return 0
