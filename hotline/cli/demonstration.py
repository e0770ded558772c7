"""`hotline demo`: a synthetic city to look around in, on this computer only."""

import argparse
import os
import sys
from typing import Any

from tqdm import tqdm

from hotline.cli.founding import found
from hotline.cli.readiness import ready
from hotline.cli.serving import THIS_COMPUTER, add_address, serve
from hotline.config.telling import Trouble, choose

CITY = "yunjiang"
_WHAT = {
    "staff": ("工作人员", "staff"),
    "people": ("居民", "residents"),
    "orders": ("工单", "orders"),
    "readings": ("识别", "readings"),
}


def add(commands: Any) -> None:
    """Add the sub-command."""
    words = choose("建好示例城市（默认虚构的云江市）并启动", "seed a city (the fictional Yunjiang) and serve it")
    parser = commands.add_parser("demo", help=words)
    add_address(parser)
    parser.add_argument("--city", default=CITY, help=choose("哪个城市：yunjiang 或 changde", "yunjiang or changde"))
    parser.add_argument("--seed-only", action="store_true", help=choose("只建数据，不启动", "seed, do not serve"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Seed the city if it is not there, serve it, and print where it is and who may sign in."""
    os.environ["HOTLINE_DEMO"] = "1"
    with ready() as environment:
        host = options.host or environment.host
        if host not in THIS_COMPUTER:
            raise Trouble(
                f"演示账号的密码是公开的，只能在 127.0.0.1 上运行，不能在 {host} 上",
                f"The demo's passwords are public: it runs on 127.0.0.1 only, not on {host}",
            )
        from hotline import packs
        from hotline.demo import city
        from hotline.ui.moment import now

        if options.city not in packs.cities():
            known = ", ".join(packs.cities())
            raise Trouble(f"没有城市 {options.city}，可选：{known}", f"No city {options.city}; there are: {known}")
        found(city=options.city, at=now())
        pack = packs.load(options.city)
        with _Bars() as bars:
            logins = city.seed(city=pack, progress=bars.show, at=now())
        if not options.seed_only:
            rows = [(_role(each.role), each.unit, each.username, city.PASSWORD) for each in logins]
            name = choose(pack.name, pack.name_en)
            serve(environment, host, options.port or environment.port, lambda address: _welcome(name, address, rows))
    return 0


def _welcome(name: str, address: str, logins: list[tuple[str, str, str, str]]) -> None:
    print(choose(f"\n{name} 12345 演示平台：{address}", f"\nThe demo platform of {name}: {address}"))
    print(choose(f"居民提交诉求：{address}/", f"Residents file appeals at {address}/"))
    print(choose("登录账号（岗位  单位  用户名  密码）：", "Sign in as (role  unit  user name  password):"))
    for row in logins:
        print("  " + "  ".join(row))
    print(choose("按 Ctrl-C 停止。", "Ctrl-C stops it."), flush=True)


def _role(role: str) -> str:
    from django.utils.translation import gettext

    from hotline.organisation.roles import ROLE_LABELS, Role

    return gettext(ROLE_LABELS[Role(role)])


class _Bars:
    """One progress bar for each thing that is being made; plain lines where there is no terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._what = ""

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, what: str, done: int, total: int) -> None:
        """`done` of `total` of `what` are made."""
        if what != self._what:
            self.__exit__()
            self._what = what
            words = choose(*_WHAT[what]) if what in _WHAT else what
            self._bar = tqdm(total=total, desc=words, unit="", disable=not sys.stderr.isatty())
            if not sys.stderr.isatty():
                print(f"{words} ({total})", file=sys.stderr, flush=True)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
