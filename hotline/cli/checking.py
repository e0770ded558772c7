"""`hotline check`: is this installation sound? One line each, with the remedy where not."""

import argparse
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hotline.cli.readiness import ready
from hotline.config import schema
from hotline.config.environment import Environment
from hotline.config.telling import choose

_LEAST_FREE = 1024**3  # bytes
_MOST_FAULTS = 8  # shown of a city pack


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` is empty when all is well."""

    what: str
    remedy: str = ""


def add(commands: Any) -> None:
    """Add the sub-command."""
    words = choose(
        "检查城市规则、设置、数据库、权限、密钥和磁盘", "check packs, settings, database, rights, keys and disk"
    )
    commands.add_parser("check", help=words).set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every finding; 0 when all are well, 1 otherwise."""
    with ready() as environment:
        findings = [finding for look in _LOOKS for finding in look(environment)]
    for finding in findings:
        state = choose("不通过", "failed") if finding.remedy else choose("通过", "ok")
        print(f"{state}  {finding.what}" + (f"：{finding.remedy}" if finding.remedy else ""))
    return 1 if any(finding.remedy for finding in findings) else 0


def _packs(environment: Environment) -> Iterator[Finding]:
    from hotline import packs

    for city in packs.cities():
        what = choose(f"城市规则 {city}", f"city pack {city}")
        try:
            packs.load(city)
        except packs.PackError as fault:
            lines = str(fault).splitlines()
            more = choose(f"……共 {len(lines)} 处", f"… {len(lines)} in all") if len(lines) > _MOST_FAULTS else ""
            yield Finding(what, "\n    ".join(["", *lines[:_MOST_FAULTS], *filter(None, [more])]))
        else:
            yield Finding(what)


def _settings(environment: Environment) -> Iterator[Finding]:
    from django.core import checks

    found = [message for message in checks.run_checks() if message.level >= checks.WARNING]
    what = choose("设置", "settings")
    yield from (Finding(what, f"{each.id} {each.msg} {each.hint or ''}".strip()) for each in found)
    if environment.debug:
        yield Finding(what, choose("正式运行时请关闭 HOTLINE_DEBUG", "switch HOTLINE_DEBUG off in daily use"))
    elif not found:
        yield Finding(what)


def _migrations(environment: Environment) -> Iterator[Finding]:
    with schema.as_owner(environment) as owner:
        missing = schema.pending(owner)
    remedy = choose(
        f"缺 {len(missing)} 步，请运行 hotline migrate", f"{len(missing)} steps missing: run hotline migrate"
    )
    yield Finding(choose("数据库结构", "tables"), remedy if missing else "")


def _rights(environment: Environment) -> Iterator[Finding]:
    """Tries it, as the running role: what the catalogue says is not yet what the database does."""
    from django.conf import settings
    from django.db import DatabaseError, connection, transaction

    for table in settings.APPEND_ONLY_TABLES:
        allowed = []
        for verb in ("UPDATE {} SET id = id WHERE false", "DELETE FROM {} WHERE false", "TRUNCATE {}"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(verb.format(connection.ops.quote_name(table)))
                    transaction.set_rollback(True)
            except DatabaseError:
                continue
            allowed.append(verb.split()[0])
        yield Finding(choose(f"账本表 {table} 只增不改", f"{table} only grows"), _remedy_for_rights(allowed))
    faults = _remedy_for_rights(schema.right_faults(environment))
    yield Finding(choose("运行账号的权限", "rights of the running role"), faults)


def _remedy_for_rights(faults: list[str]) -> str:
    if not faults:
        return ""
    return choose(
        f"{'、'.join(faults)}。请改用非超级用户运行，在 HOTLINE_MIGRATE_URL 里另设建表账号，再运行 hotline migrate",
        f"{', '.join(faults)}. Run as a role that is no superuser, name the owner of the tables in "
        "HOTLINE_MIGRATE_URL, then run hotline migrate",
    )


def _keys(environment: Environment) -> Iterator[Finding]:
    from django.conf import settings

    what = choose("主密钥", "master key")
    if len(settings.HOTLINE_MASTER_KEY) != 32:
        yield Finding(what, choose("应为 32 字节", "must be 32 bytes"))
        return
    yield Finding(what)
    folder = environment.data_path / "secrets"
    if folder.exists():
        loose = [path.name for path in (folder, *folder.iterdir()) if stat.S_IMODE(os.stat(path).st_mode) & 0o077]
        remedy = choose(f"请运行 chmod -R go-rwx {folder}", f"run chmod -R go-rwx {folder}") if loose else ""
        yield Finding(choose("密钥文件的权限", "rights of the secret files"), remedy)


def _disk(environment: Environment) -> Iterator[Finding]:
    free = shutil.disk_usage(environment.data_path).free
    what = choose(f"数据盘剩余 {free // 1024**2} MB", f"{free // 1024**2} MB free for data")
    yield Finding(what, "" if free > _LEAST_FREE else choose("请腾出至少 1 GB", "free at least 1 GB"))


_LOOKS: tuple[Callable[[Environment], Iterator[Finding]], ...] = (_packs, _settings, _migrations, _rights, _keys, _disk)
