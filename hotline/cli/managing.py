"""`hotline migrate` and `hotline manage …`."""

import argparse
import os
import sys
from typing import Any

from hotline.cli.readiness import ready
from hotline.config.telling import choose, say

_AS_OWNER = {"migrate", "dbshell", "flush", "sqlflush"}


def add(commands: Any) -> None:
    """Add both sub-commands."""
    words = choose("更新数据库结构和权限", "bring tables and rights up to date")
    commands.add_parser("migrate", help=words).set_defaults(run=run_migrate)
    words = choose("运行 Django 管理命令，如 hotline manage makemigrations", "run a management command of Django's")
    manage = commands.add_parser("manage", help=words, add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(run=run_manage)


def run_migrate(options: argparse.Namespace) -> int:
    """Migrate and say so."""
    with ready():
        say("数据库结构和权限都是最新的", "Tables and rights are up to date")
    return 0


def run_manage(options: argparse.Namespace) -> int:
    """Pass the rest of the line to Django, with the database running; what changes tables runs as the owner."""
    if options.arguments[:1] and options.arguments[0] in _AS_OWNER:
        os.environ["HOTLINE_DATABASE_ROLE"] = "owner"
    with ready(migrate=False):
        from django.core.management import execute_from_command_line

        sys.argv[0] = "hotline manage"
        execute_from_command_line(["hotline manage", *options.arguments])
    return 0
