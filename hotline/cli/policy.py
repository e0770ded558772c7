"""`hotline policy …`: check a city's rules, see what they change, publish them as a draft, activate them."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from hotline.cli import policy_words as words
from hotline.cli.readiness import ready
from hotline.config.telling import Trouble, choose, say

if TYPE_CHECKING:
    from hotline.organisation.queries import AuthorityView
    from hotline.packs import City
    from hotline.policy.queries import VersionView

_EVERY_ORDER = 10**9
_YES = ("y", "yes", "是", "启用")


def add(commands: Any) -> None:
    """Add the sub-command and its own."""
    policy = commands.add_parser(
        "policy", help=choose("规则：检查、对比、发布、启用", "rules: check, diff, publish, activate")
    )
    verbs = policy.add_subparsers(metavar=choose("命令", "command"), required=True)
    for name, add_options, run, help_words in _VERBS:
        verb = verbs.add_parser(name, help=choose(*help_words), description=choose(*help_words))
        add_options(verb)
        verb.set_defaults(run=run)


def _city(verb: argparse.ArgumentParser, **more: Any) -> None:
    verb.add_argument("city", metavar=choose("城市", "CITY"), help=choose("城市文件夹名", "folder of the city"), **more)


def _diff_options(verb: argparse.ArgumentParser) -> None:
    _city(verb, nargs="?")
    number = choose("版本号", "VERSION")
    help_words = choose("与哪一版对比（默认正在执行的）", "compare with this version (default: the one in force)")
    verb.add_argument("--against", type=int, metavar=number, help=help_words)
    for name, of in (("--versions", ("规则", "the rules")), ("--calendars", ("日历", "the calendar"))):
        help_words = choose(f"对比已发布的两版{of[0]}", f"compare two published versions of {of[1]}")
        verb.add_argument(name, type=int, nargs=2, metavar=(f"{number}1", f"{number}2"), help=help_words)
    _authority_option(verb)
    verb.add_argument("--json", action="store_true", help=choose("输出 JSON", "print JSON"))


def _authority_option(verb: argparse.ArgumentParser) -> None:
    help_words = choose("平台的行政区划代码（只有一个时可省）", "code of the authority, if there are several")
    verb.add_argument("--authority", help=help_words)


def _activate_options(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("authority", metavar=choose("平台", "AUTHORITY"), help=choose("行政区划代码", "its code"))
    verb.add_argument("version", type=int, metavar=choose("版本号", "VERSION"), help=choose("启用哪一版", "which one"))
    verb.add_argument("--yes", action="store_true", help=choose("不再询问", "do not ask"))


def check(options: argparse.Namespace) -> int:
    """Print every fault of a city's files with file, line and remedy; 0 when there is none, 1 otherwise."""
    import django
    from django.utils import translation

    from hotline import packs

    # Files are looked at without a database: a city's people check them before there is a platform.
    django.setup()
    translation.activate(choose("zh-hans", "en"))
    try:
        pack = packs.load(options.city)
    except packs.PackError as error:
        # What stands below a city and its province is read for both, and its faults are found twice.
        faults = list(dict.fromkeys(fault.words(translation.gettext) for fault in error.faults))
        print("\n".join(faults))
        count = len(faults)
        say(f"共 {count} 处要改。改好后再检查一次", f"Faults: {count}. Mend them, then check again")
        return 1
    print(words.sound(pack))
    return 0


def diff(options: argparse.Namespace) -> int:
    """Print what differs, weightiest first; 0 whether or not anything does."""
    given = [options.city, options.versions, options.calendars]
    if sum(each is not None for each in given) != 1:
        raise Trouble(
            "请写一个城市，或 --versions 加两个版本号，或 --calendars 加两个版本号",
            "Name a city, or two versions with --versions, or two with --calendars",
        )
    with ready():
        found = _against_files(options) if options.city else _between_versions(options)
    print(words.as_json(found) if options.json else "\n".join(words.lines(found)))
    return 0


def _against_files(options: argparse.Namespace) -> words.Found:
    from hotline import packs
    from hotline.policy import queries
    from hotline.policy.comparison import compare, compare_calendars
    from hotline.policy.public_days import settled

    pack = packs.load(options.city)
    authority = _of_city(pack)
    before = _chosen(authority, options.against) if options.against else _in_force(authority)
    calendars = queries.calendars(authority.id)
    rules = compare(queries.version(before.id), pack) if before else ()
    days = compare_calendars(queries.calendar(calendars[0].id), settled(pack.calendar)) if calendars else ()
    old = queries.version(before.id) if before else pack
    return words.Found(words.version(before), words.files(pack), old, pack, (*rules, *days))


def _between_versions(options: argparse.Namespace) -> words.Found:
    from hotline.policy import queries
    from hotline.policy.comparison import compare, compare_calendars

    authority = _authority(options.authority)
    if options.versions:
        first, second = (_chosen(authority, number) for number in options.versions)
        old, new = queries.version(first.id), queries.version(second.id)
        return words.Found(words.version(first), words.version(second), old, new, compare(old, new))
    ids = {each.version: each.id for each in queries.calendars(authority.id)}
    unknown = [number for number in options.calendars if number not in ids]
    if unknown:
        raise Trouble(f"没有第 {unknown[0]} 版日历", f"There is no version {unknown[0]} of the calendar")
    tables = [queries.calendar(ids[number]) for number in options.calendars]
    names = [choose(f"日历第 {n} 版", f"calendar, version {n}") for n in options.calendars]
    book = queries.current(authority.id, _now())
    return words.Found(names[0], names[1], book, book, compare_calendars(*tables))


def publish(options: argparse.Namespace) -> int:
    """Publish a city's files: the rules as a draft, the calendar in force at once. Raises PackError."""
    with ready():
        from hotline import packs
        from hotline.policy import queries, services

        pack = packs.load(options.city)
        authority, at = _of_city(pack), _now()
        days_before = queries.calendars(authority.id)[:1]
        known = {each.id for each in queries.versions(authority.id, at)}
        version_id = services.publish(pack=pack, authority_id=authority.id, at=at, activate=False)
        version = next(each for each in queries.versions(authority.id, at) if each.id == version_id)
        words.tell_published(authority, version, new=version_id not in known)
        words.tell_calendar(days_before, queries.calendars(authority.id)[0])
    return 0


def activate(options: argparse.Namespace) -> int:
    """Show what would change and for how many orders, ask, and activate; 1 when the person declines."""
    with ready():
        from hotline.ledger.record import SYSTEM
        from hotline.policy import services

        authority = _authority(options.authority)
        version, before = _chosen(authority, options.version), _in_force(authority)
        _show(authority, version, before)
        if not options.yes and not _agreed(version):
            say("没有启用，规则没有变化", "Not activated; the rules are as they were")
            return 1
        seen = before.id if before else None
        done = services.activate(version_id=version.id, at=_now(), actor=SYSTEM, seen_id=seen)
        words.tell_activated(version, done)
    return 0


def _show(authority: "AuthorityView", version: "VersionView", before: "VersionView | None") -> None:
    from hotline.dispatch import queries as dispatch
    from hotline.policy import queries
    from hotline.policy.comparison import compare

    at, new = _now(), queries.version(version.id)
    old = queries.version(before.id) if before else new
    found = words.Found(words.version(before), words.version(version), old, new, compare(old, new))
    print("\n".join(words.lines(found)))
    with tqdm(unit="", disable=not sys.stderr.isatty(), leave=False, desc=choose("工单", "orders")) as bar:

        def progress(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        seen = dispatch.preview(
            authority_id=authority.id, version_id=version.id, at=at, limit=_EVERY_ORDER, progress=progress
        )
    back = queries.withdrawn_by(version.id, queries.versions(authority.id, at), at)
    print("\n".join(words.consequences(version, seen, back, at)))


def _agreed(version: "VersionView") -> bool:
    if not sys.stdin.isatty():
        raise Trouble(
            "这里没有终端可以询问。确认要启用，请加 --yes", "There is no terminal to ask at: add --yes to agree"
        )
    question = choose(f"启用第 {version.version} 版吗？（输入 y）", f"Activate version {version.version}? (y) ")
    return input(question).strip().lower() in _YES


def show_list(options: argparse.Namespace) -> int:
    """Print every version of the rules and the calendar, newest first."""
    with ready():
        from hotline.organisation import queries as organisation
        from hotline.policy import queries

        chosen = [_authority(options.authority)] if options.authority else list(organisation.authorities())
        for authority in chosen:
            versions = queries.versions(authority.id, _now())
            print("\n".join(words.table(authority, versions, queries.calendars(authority.id))))
    return 0


def _authority(code: str | None) -> "AuthorityView":
    from hotline.organisation import queries as organisation

    known = organisation.authorities()
    chosen = [each for each in known if code in (None, each.code)]
    if len(chosen) != 1:
        codes = " ".join(each.code for each in known) or choose("（还没有）", "(none yet)")
        raise Trouble(f"请写明平台的行政区划代码：{codes}", f"Name the authority by its code: {codes}")
    return chosen[0]


def _of_city(pack: "City") -> "AuthorityView":
    from hotline.organisation import queries as organisation

    found = organisation.authority(pack.code)
    if found is None:
        raise Trouble(
            f"平台里还没有{pack.name}（{pack.code}），请先载入它的机构",
            f"{pack.name_en} ({pack.code}) is not on this platform yet: load its units first",
        )
    return found


def _chosen(authority: "AuthorityView", number: int) -> "VersionView":
    from hotline.policy import queries

    found = [each for each in queries.versions(authority.id, _now()) if each.version == number]
    if not found:
        raise Trouble(f"没有第 {number} 版规则", f"There is no version {number} of the rules")
    return found[0]


def _in_force(authority: "AuthorityView") -> "VersionView | None":
    from hotline.policy import queries
    from hotline.policy.standing import Standing

    versions = queries.versions(authority.id, _now())
    return next((each for each in versions if each.standing is Standing.IN_FORCE), None)


def _now() -> Any:
    from hotline.ui.moment import now

    return now()


_Verb = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int], tuple[str, str]]
_VERBS: tuple[_Verb, ...] = (
    ("check", _city, check, ("列出城市文件的全部错误和改法", "list every fault of a city's files, with its remedy")),
    ("diff", _diff_options, diff, ("看规则有哪些变化", "see what differs between rules")),
    ("publish", _city, publish, ("发布为草稿（日历立即生效）", "publish as a draft (a calendar is in force at once)")),
    ("activate", _activate_options, activate, ("启用一版规则", "let a version of the rules hold")),
    ("list", _authority_option, show_list, ("列出各版规则和日历", "list versions of rules and calendars")),
)  # fmt: skip
