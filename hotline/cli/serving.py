"""`hotline serve`: the web, one worker and the embedded database, until Ctrl-C."""

import argparse
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from hotline.cli.children import Child, stop
from hotline.cli.readiness import ready
from hotline.config import postgres
from hotline.config.environment import Environment
from hotline.config.places import Places
from hotline.config.telling import Trouble, choose, say

THIS_COMPUTER = ("127.0.0.1", "::1", "localhost")
_PORTS_TO_TRY = 50
_THREADS = 2  # of each web process: more only wait for each other; each may hold a database connection
_START_SECONDS = 90
_LOOK_EVERY = 1.0


def add(commands: Any) -> None:
    """Add the sub-command."""
    words = choose("启动网站、后台任务和数据库", "run the web, a worker and the database")
    parser = commands.add_parser("serve", help=words)
    add_address(parser)
    parser.set_defaults(run=run)


def add_address(parser: argparse.ArgumentParser) -> None:
    """The options that say where to listen."""
    parser.add_argument("--host", help=choose("监听地址（默认 HOTLINE_HOST）", "address to listen on (HOTLINE_HOST)"))
    parser.add_argument("--port", type=int, help=choose("端口（默认 HOTLINE_PORT）", "port (HOTLINE_PORT)"))


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    with ready() as environment:
        from hotline.cli.founding import found_if_empty
        from hotline.ui.moment import now

        found_if_empty(at=now())
        keep_demo_at_home(options.host or environment.host)
        serve(environment, options.host or environment.host, options.port or environment.port)
    return 0


def keep_demo_at_home(host: str) -> None:
    """Refuse to listen to others where accounts exist whose password is printed in public. Raises Trouble."""
    from hotline.demo import city

    if host not in THIS_COMPUTER and city.has_public_logins():
        raise Trouble(
            f"这里有演示账号，口令是公开的，只能在 127.0.0.1 上运行，不能在 {host} 上。"
            "正式使用请换一个新的数据目录或数据库",
            f"There are demo accounts here, whose passwords are public: listen on 127.0.0.1 only, not on {host}. "
            "For real use take a new data folder or database",
        )


def serve(environment: Environment, host: str, port: int, when_up: Callable[[str], None] | None = None) -> None:
    """Run web and worker until SIGINT or SIGTERM; `when_up` is called with the address once it answers.

    Needs the database in use. A process that dies, and a database that dies, are started again.
    """
    port = free_port(host, port)
    children = [_web(environment, host, port), _worker()]
    with _Interruption() as interruption:
        try:
            for child in children:
                child.start()
            if _answers(host, port, interruption):
                address = f"http://{_shown(host)}:{port}"
                (when_up or _say_up)(address)
            while not interruption.came:
                _look_after(environment, children)
                interruption.wait(_LOOK_EVERY)
        finally:
            say("正在停止……", "Stopping …")
            stop(children)


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one, said aloud. Raises Trouble when there is none or the host is not ours."""
    for port in range(wanted, min(wanted + _PORTS_TO_TRY, 65536)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                continue
            except OSError as fault:
                if fault.errno == 98 or "in use" in str(fault):
                    continue
                raise Trouble(
                    f"不能在 {host} 上监听：{fault.strerror}。请检查 HOTLINE_HOST",
                    f"Cannot listen on {host}: {fault.strerror}. Check HOTLINE_HOST",
                ) from fault
        if port != wanted:
            say(f"端口 {wanted} 不能用，改用 {port}", f"Port {wanted} is not to be had, taking {port}")
        return port
    raise Trouble(
        f"从 {wanted} 起的 {_PORTS_TO_TRY} 个端口都不能用，请设置 HOTLINE_PORT",
        f"None of the {_PORTS_TO_TRY} ports from {wanted} on is free: set HOTLINE_PORT",
    )


def _web(environment: Environment, host: str, port: int) -> Child:
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": str(environment.web_process_count()),
        "--blocking-threads": str(_THREADS),
        "--workers-kill-timeout": "8",
        "--log-level": "warning",
    }
    flags = ["--no-ws", "--respawn-failed-workers"]
    words = [part for pair in options.items() for part in pair]
    return Child(
        "网站进程",
        "web process",
        [sys.executable, "-m", "granian", *words, *flags, "hotline.config.wsgi:application"],
        os.environ,
    )


def _worker() -> Child:
    return Child("后台任务进程", "worker", [sys.executable, "-m", "hotline", "worker"], os.environ)


def _look_after(environment: Environment, children: list[Child]) -> None:
    if not environment.database_url:
        places = Places.of(environment.data_path)
        if not postgres.is_alive(places):
            say("数据库意外停止，正在重新启动", "The database died; starting it again")
            postgres.ensure_running(places)
    for child in children:
        child.watch()


def _answers(host: str, port: int, interruption: "_Interruption") -> bool:
    until = time.monotonic() + _START_SECONDS
    target = "127.0.0.1" if host in ("0.0.0.0", "") else "::1" if host == "::" else host  # noqa: S104
    while not interruption.came and time.monotonic() < until:
        # The port is open before the application is loaded, so it takes an answer to tell.
        connection = http.client.HTTPConnection(target, port, timeout=5)
        try:
            connection.request("HEAD", "/", headers={"Host": "localhost"})
            connection.getresponse()
            return True
        except (OSError, http.client.HTTPException):
            interruption.wait(0.1)
        finally:
            connection.close()
    return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say_up(address: str) -> None:
    say(f"平台已启动：{address} （Ctrl-C 停止）", f"The platform is up: {address} (Ctrl-C stops it)")


class _Interruption:
    """Turns SIGINT and SIGTERM into something to look at and to be woken by; a second one insists."""

    def __init__(self) -> None:
        self.came = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "_Interruption":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, seconds: float) -> None:
        """Sleep, but not past an interruption."""
        until = time.monotonic() + seconds
        while not self.came and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.came:
            raise KeyboardInterrupt
        self.came = True
