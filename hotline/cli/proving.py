"""`hotline ledger verify`: proves the ledger, or names the first broken link."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from tqdm import tqdm

from hotline.cli.readiness import ready
from hotline.config.telling import choose


def add(commands: Any) -> None:
    """Add the sub-command and its own."""
    ledger = commands.add_parser("ledger", help=choose("账本", "the ledger"))
    verbs = ledger.add_subparsers(metavar=choose("命令", "command"), required=True)
    words = choose("验证账本未被改动，或指出第一处断点", "prove that the ledger is whole, or name the first break")
    verify = verbs.add_parser("verify", help=words)
    verify.add_argument("--json", action="store_true", help=choose("输出 JSON", "print JSON"))
    verify.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Walk every stream and every anchor; 0 when whole, 1 when broken."""
    with ready():
        from hotline.ledger import services as ledger

        with tqdm(unit="", disable=not sys.stderr.isatty(), leave=False) as bar:

            def progress(events: int) -> None:
                bar.update(events - bar.n)

            found = ledger.verify(progress=progress)
    if options.json:
        print(json.dumps(asdict(found), ensure_ascii=False, default=str))
    elif found.ok:
        print(
            choose(
                f"账本完整：{found.streams} 条链、{found.events} 个事件、{found.anchors} 个锚点",
                f"The ledger is whole: {found.streams} streams, {found.events} events, {found.anchors} anchors",
            )
        )
    else:
        print(choose(f"账本已断开：{found.first_break}", f"The ledger is broken: {found.first_break}"))
    return 0 if found.ok else 1
