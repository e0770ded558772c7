"""`hotline city …`: take a further city into this installation, list the cities, take in a city's changed files."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hotline.cli import policy_words as words
from hotline.cli.readiness import ready
from hotline.config.telling import Trouble, choose, say

if TYPE_CHECKING:
    from hotline.organisation.queries import AuthorityView
    from hotline.packs import City


def add(commands: Any) -> None:
    """Add the sub-command and its own."""
    city = commands.add_parser("city", help=choose("城市：加入、列出、更新", "cities: add, list, refresh"))
    verbs = city.add_subparsers(metavar=choose("命令", "command"), required=True)
    new = _verb(verbs, "add", join, "把一个城市加入本平台", "take a city into this installation")
    _city(new)
    help_words = choose(
        "上级平台的行政区划代码（城市文件没写省级平台时）", "code of the authority above, if the files name none"
    )
    new.add_argument("--under", default="", metavar=choose("代码", "CODE"), help=help_words)
    _verb(verbs, "list", show, "列出本平台上的省、市、县", "list the authorities of this installation")
    changed = (
        "更新区划、单位和知识，规则发布为草稿",
        "take in changed areas, units and answers; publish the rules as a draft",
    )
    _city(_verb(verbs, "refresh", refresh, *changed))


def _verb(verbs: Any, name: str, run: Any, zh: str, en: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=choose(zh, en), description=choose(zh, en))
    verb.set_defaults(run=run)
    return verb


def _city(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("city", metavar=choose("城市", "CITY"), help=choose("城市文件夹名", "folder of the city"))


def join(options: argparse.Namespace) -> int:
    """Load a city with its province and let its rules hold; again does nothing. Raises PackError, Trouble."""
    with ready():
        from hotline import packs
        from hotline.cli.founding import found

        pack = packs.load(options.city)
        _check_above(pack, options.under)
        if _known(pack.code) is not None:
            say(
                f"{pack.name}（{pack.code}）已在本平台上，没有改动。文件改过的，请运行 "
                f"hotline city refresh {pack.folder}",
                f"{pack.name_en} ({pack.code}) is here already; nothing was changed. To take in changed files run "
                f"hotline city refresh {pack.folder}",
            )
            return 0
        found(city=options.city, at=_now(), under=options.under)
        command = f"hotline staff add USERNAME --name NAME --role admin --authority {pack.code}"
        say(f"下一步，建第一个账号：{command}", f"Next, its first account: {command}")
    return 0


def _check_above(pack: "City", under: str) -> None:
    if not under:
        return
    if pack.above is not None and pack.above.code != under:
        raise Trouble(
            f"{pack.name}的文件写明上级是{pack.above.name}（{pack.above.code}）。"
            "请去掉 --under，或改文件里的 province_pack",
            f"The files of {pack.name_en} name {pack.above.name_en} ({pack.above.code}) as its province: leave --under "
            "out, or change province_pack in the files",
        )
    if pack.above is None and _known(under) is None:
        raise Trouble(
            f"本平台上没有 {under}。请先用 hotline city add 加入它",
            f"There is no authority {under} here: add it first with hotline city add",
        )


def refresh(options: argparse.Namespace) -> int:
    """Take in what changed in a city's files and its province's: units at once, rules as a draft. Raises PackError.

    Units that the files do not know (imported ones) stay as they are: ending a unit passes its orders on, which is for
    a re-organisation. Raises Trouble for a city that is not here.
    """
    with ready():
        from django.db import transaction

        from hotline import packs

        pack = packs.load(options.city)
        if _known(pack.code) is None:
            raise Trouble(
                f"本平台上还没有{pack.name}（{pack.code}）。请运行 hotline city add {pack.folder}",
                f"{pack.name_en} ({pack.code}) is not here yet: run hotline city add {pack.folder}",
            )
        with transaction.atomic():
            told = [_refreshed(each) for each in (pack.above, pack) if each is not None]
        for each in told:
            each()
    return 0


def _refreshed(pack: "City") -> Any:
    """Take in one authority's files; returns what says so once everything is kept."""
    from hotline.knowledge import services as knowledge
    from hotline.organisation import services as organisation
    from hotline.policy import queries, services

    at = _now()
    organisation.load_city(pack=pack, at=at, complete=False)
    authority = _existing(pack.code)
    days = queries.calendars(authority.id)[:1]
    before = {each.id for each in queries.versions(authority.id, at)}
    version_id = services.publish(pack=pack, authority_id=authority.id, at=at, activate=not before)
    answers = knowledge.load(pack=pack, authority_id=authority.id, at=at)
    kept = _units(authority.id, besides={unit.code for unit in pack.units})

    def tell() -> None:
        say(
            f"{pack.name}（{pack.code}）：区划 {len(pack.areas)}、单位 {len(pack.units)} 已按文件更新；知识新增 "
            f"{answers.added}、修改 {answers.changed}、停用 {answers.ended}",
            f"{pack.name_en} ({pack.code}): {len(pack.areas)} areas and {len(pack.units)} units are as the files say; "
            f"answers: {answers.added} new, {answers.changed} changed, {answers.ended} ended",
        )
        if kept:
            say(
                f"另有 {kept} 个单位不在文件里，保持不变。要撤并的，请在“机构调整”里办",
                f"{kept} units that the files do not have stay as they are. To end any, re-organise on the desk",
            )
        version = next(each for each in queries.versions(authority.id, at) if each.id == version_id)
        words.tell_published(authority, version, new=version_id not in before)
        words.tell_calendar(days, queries.calendars(authority.id)[0])

    return tell


def show(options: argparse.Namespace) -> int:
    """Print every authority below the one above it: level, rules in force, units, open orders."""
    with ready():
        from hotline.organisation import queries as organisation

        at, known = _now(), organisation.authorities()
        if not known:
            say("本平台上还没有城市。请运行 hotline city add", "There is no city here yet: run hotline city add")
        ids = {each.id for each in known}
        tops = [each for each in known if each.parent_id not in ids]
        print("\n".join(line for top in tops for line in _lines(top, known, at, 0)))
    return 0


def _lines(each: "AuthorityView", known: "tuple[AuthorityView, ...]", at: datetime, depth: int) -> Iterator[str]:
    yield "  " * depth + "  ".join(_columns(each, known, at))
    for below in known:
        if below.parent_id == each.id:
            yield from _lines(below, known, at, depth + 1)


def _columns(each: "AuthorityView", known: "tuple[AuthorityView, ...]", at: datetime) -> Iterator[str]:
    from django.utils.translation import gettext

    from hotline.organisation.roles import LEVEL_LABELS, Level
    from hotline.policy import queries
    from hotline.policy.standing import Standing
    from hotline.workorder import queries as orders

    versions = queries.versions(each.id, at)
    above = next((one for one in known if one.id == each.parent_id), None)
    yield choose(f"{each.name}（{each.code}）", f"{each.name_en or each.name} ({each.code})")
    yield gettext(LEVEL_LABELS[Level(each.level)])
    if above is not None:
        yield choose(f"上级 {above.code}", f"under {above.code}")
    yield words.version(next((one for one in versions if one.standing is Standing.IN_FORCE), None))
    units, waiting = _units(each.id), orders.open_of(each.id)
    yield choose(f"单位 {units}", f"units: {units}")
    yield choose(f"未办结工单 {waiting}", f"open orders: {waiting}")


def _units(authority_id: int, besides: "set[str] | frozenset[str]" = frozenset()) -> int:
    """How many units work, other than these."""
    from hotline.organisation import queries as organisation

    return sum(unit.active and unit.code not in besides for unit in organisation.unit_index(authority_id))


def _known(code: str) -> "AuthorityView | None":
    from hotline.organisation import queries as organisation

    return organisation.authority(code)


def _existing(code: str) -> "AuthorityView":
    found = _known(code)
    assert found is not None  # noqa: S101 - it has just been loaded
    return found


def _now() -> datetime:
    from hotline.ui.moment import now

    return now()
