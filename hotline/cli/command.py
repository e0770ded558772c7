"""The parser, and what a person reads when something went wrong."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Iterable

import psycopg
from pydantic import ValidationError

from hotline import __version__
from hotline.cli import (
    checking,
    city,
    demonstration,
    importing,
    managing,
    organising,
    policy,
    proving,
    serving,
    staffing,
    working,
)
from hotline.config.environment import SecretsMissing
from hotline.config.telling import Trouble, choose

_FACES = (
    *(serving, working, importing, demonstration, city, organising),
    *(staffing, policy, proving, checking, managing),
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code: 0 done, 1 refused or failed, 2 misused, 130 interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args(given)
    try:
        code = options.run(options)
    except KeyboardInterrupt:
        code = 130
    except Exception as fault:
        if options.debug:
            raise
        code = 1
        for line in _lines(fault):
            print(line, file=sys.stderr)
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hotline",
        description=choose("12345 热线平台", "The 12345 hotline platform"),
        epilog=choose("环境变量见 README。", "Environment variables: see the README."),
    )
    parser.add_argument("--version", action="version", version=f"hotline12345 {__version__}")
    parser.add_argument("--debug", action="store_true", help=choose("出错时显示调用栈", "show the stack on errors"))
    commands = parser.add_subparsers(metavar=choose("命令", "command"), required=True)
    for face in _FACES:
        face.add(commands)
    return parser


def _lines(fault: Exception) -> Iterable[str]:
    """What went wrong, in lines for the person at the terminal."""
    for kind, words in _WORDS:
        if isinstance(fault, kind):
            return words(fault)
    if type(fault).__name__ == "Refused":
        return _refused(fault)
    if type(fault).__name__ == "PackError":
        return [str(fault)]
    place = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{type(fault).__name__}: {fault} ({os.path.basename(place.filename)}:{place.lineno})"
    return [
        choose(
            f"程序出错：{where}。请用 hotline --debug 再试一次，把输出发给维护人员",
            f"Something is wrong in the program: {where}. Run it again with hotline --debug and report the output",
        )
    ]


def _refused(fault: Exception) -> list[str]:
    from django.utils.translation import gettext

    return [gettext(each.text) % each.params if each.params else gettext(each.text) for each in fault.reasons]  # type: ignore[attr-defined]


def _environment_words(fault: Exception) -> list[str]:
    assert isinstance(fault, ValidationError)  # noqa: S101 - by its place in the table
    return [
        choose(f"环境变量 {name} 的值不对：{problem}", f"The environment variable {name} is not right: {problem}")
        for each in fault.errors(include_input=False)
        for name, problem in [(".".join(map(str, each["loc"])), each["msg"])]
    ]


def _secret_words(fault: Exception) -> list[str]:
    return [
        choose(
            f"数据目录里的密钥缺失或读不了（{fault}）：请从备份恢复 secrets 目录。不要新建，"
            "否则已加密的内容再也读不出来",
            f"A secret of the data folder is missing or unreadable ({fault}): restore the folder secrets from the "
            "backup. Do not make new ones: what was sealed could never be read again",
        )
    ]


def _database_words(fault: Exception) -> list[str]:
    reason = str(fault).strip().splitlines()[0]
    return [choose(f"数据库出错：{reason}", f"The database reports: {reason}")]


def _file_words(fault: Exception) -> list[str]:
    assert isinstance(fault, OSError)  # noqa: S101 - by its place in the table
    return [f"{fault.filename}: {fault.strerror}" if fault.filename else str(fault)]


_WORDS: tuple[tuple[type[Exception], Callable[[Exception], list[str]]], ...] = (
    (Trouble, lambda fault: [str(fault)]),
    (SecretsMissing, _secret_words),
    (ValidationError, _environment_words),
    (psycopg.Error, _database_words),
    (OSError, _file_words),
)
