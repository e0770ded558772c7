"""`hotline staff add`: the first people of an installation, who then look after the others."""

import argparse
import getpass
import sys
from typing import Any

from hotline.cli.readiness import ready
from hotline.config.telling import Trouble, choose, say


def add(commands: Any) -> None:
    """Add the sub-command and its own."""
    staff = commands.add_parser("staff", help=choose("工作人员账号", "accounts of staff"))
    verbs = staff.add_subparsers(metavar=choose("命令", "command"), required=True)
    new = verbs.add_parser("add", help=choose("新建账号", "make an account"))
    new.add_argument("username", help=choose("用户名", "user name"))
    new.add_argument("--name", required=True, help=choose("姓名", "the person's name"))
    roles = "agent dispatcher clerk grid_worker caller_back supervisor leader admin"
    new.add_argument("--role", required=True, choices=roles.split())
    words = choose("平台的行政区划代码（只有一个时可省）", "code of the authority, if there are several")
    new.add_argument("--authority", help=words)
    words = choose("单位代码（默认热线中心）", "code of the unit (default: the hotline centre)")
    new.add_argument("--unit", help=words)
    words = choose("从标准输入读口令", "read the password from standard input")
    new.add_argument("--password-stdin", action="store_true", help=words)
    new.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make the account. Raises Refused (weak password, name taken) or Trouble (no such unit)."""
    with ready():
        from hotline.cli.founding import found_if_empty
        from hotline.organisation import services as organisation
        from hotline.ui.moment import now

        found_if_empty(at=now())
        unit_id = _unit(options.authority, options.unit)
        password = sys.stdin.readline().rstrip("\n") if options.password_stdin else _asked()
        organisation.create_staff(
            username=options.username,
            name=options.name,
            password=password,
            unit_id=unit_id,
            role=options.role,
            at=now(),
        )
    say(f"已建账号 {options.username}", f"Made the account {options.username}")
    return 0


def _unit(authority_code: str | None, unit_code: str | None) -> int:
    from hotline.organisation import queries as organisation

    known = organisation.authorities()
    chosen = [each for each in known if each.code == authority_code] if authority_code else organisation.answering()
    if len(chosen) != 1:
        codes = " ".join(each.code for each in known)
        raise Trouble(f"请用 --authority 指定平台：{codes}", f"Name the authority with --authority: {codes}")
    units = organisation.unit_index(chosen[0].id)
    if unit_code is None:
        return units.children(None)[0].id
    found = [unit.id for unit in units if unit.code == unit_code]
    if not found:
        raise Trouble(f"没有代码为 {unit_code} 的单位", f"There is no unit with the code {unit_code}")
    return found[0]


def _asked() -> str:
    first = getpass.getpass(choose("口令：", "Password: "))
    if first != getpass.getpass(choose("再输一遍：", "Again: ")):
        raise Trouble("两次输入的口令不一样，请重来", "The two passwords differ: try again")
    return first
