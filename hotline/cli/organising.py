"""`hotline organisation`: areas, units, grids and grid workers from spreadsheets, with a look first and a way back."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from hotline.cli.readiness import ready
from hotline.config.telling import Trouble, choose, say

SHOWN = 50  # faults on the terminal


def add(commands: Any) -> None:
    """Add the sub-command and its own."""
    words = choose("从表格导入区划、单位、网格和网格员", "areas, units, grids and grid workers from spreadsheets")
    organisation = commands.add_parser("organisation", help=words)
    verbs = organisation.add_subparsers(metavar=choose("命令", "command"), required=True)
    _add_preview(verbs)
    for name, run, words in (
        ("apply", apply, choose("写入核对过的导入", "write a run that was looked at")),
        ("undo", undo, choose("撤销写入过的导入", "take back a run that was written")),
    ):
        step = verbs.add_parser(name, help=words)
        step.add_argument("run_id", type=int, metavar=choose("导入编号", "RUN"))
        words = choose("做不了的行留着，其余的照做", "leave the rows that cannot be done, do the others")
        step.add_argument("--partly", action="store_true", help=words)
        step.set_defaults(run=run)
    blank = verbs.add_parser("template", help=choose("存一份空模板", "save the empty template"))
    blank.add_argument("file", type=Path, metavar=choose("文件", "FILE"))
    _add_authority(blank)
    blank.set_defaults(run=template)


def _add_preview(verbs: Any) -> None:
    words = choose("核对表格，看会改什么，不写入", "look at what a file would change, and write nothing")
    preview = verbs.add_parser("preview", help=words)
    preview.add_argument("file", type=Path, metavar=choose("文件", "FILE"))
    _add_authority(preview)
    words = choose("表里是全部内容：表里没有的停用", "the sheets hold everything: end what they lack")
    preview.add_argument("--complete", action="store_true", help=words)
    words = choose("把要改的行另存为表格", "save the rows to be mended as a workbook")
    preview.add_argument("--mend", type=Path, metavar=choose("文件", "FILE"), help=words)
    preview.set_defaults(run=look)


def _add_authority(parser: Any) -> None:
    words = choose("平台的行政区划代码（只有一个时可省）", "code of the authority, if there are several")
    parser.add_argument("--authority", help=words)


def look(options: argparse.Namespace) -> int:
    """Read the file, print what it would change and what is wrong, and the number of the run. 1 when rows are bad."""
    path: Path = options.file
    if not path.is_file():
        raise Trouble(f"没有这个文件：{path}", f"There is no such file: {path}")
    with ready():
        from hotline.desk.importing import fault_words, rules_of
        from hotline.ledger.record import SYSTEM
        from hotline.organisation import services as imports
        from hotline.organisation.queries import imports as views

        authority_id, policy, at = _where(options.authority)
        run_id = imports.start_import(
            authority_id=authority_id,
            file_name=path.name,
            content=path.read_bytes(),
            rules=rules_of(policy),
            complete=options.complete,
            actor=SYSTEM,
            at=at,
        )
        with _bar(choose("核对", "reading")) as progress:
            imports.preview_import(run_id=run_id, at=at, progress=progress)
        _print_run(run_id)
        if options.mend:
            from django.utils.translation import gettext

            options.mend.write_bytes(views.rows_to_mend(run_id, words=fault_words, say=gettext))
        view = views.import_run(run_id)
    return 1 if view is None or view.bad or view.trouble else 0


def apply(options: argparse.Namespace) -> int:
    """Write a run. Raises Refused."""
    return _step(options, "apply_import", "已写入", "Written")


def undo(options: argparse.Namespace) -> int:
    """Take a run back. Raises Refused."""
    return _step(options, "undo_import", "已撤销", "Taken back")


def _step(options: argparse.Namespace, service: str, zh: str, en: str) -> int:
    with ready():
        from hotline.ledger.record import SYSTEM
        from hotline.organisation import services as imports
        from hotline.ui.moment import now

        with _bar(choose(zh, en)) as progress:
            getattr(imports, service)(
                run_id=options.run_id, partly=options.partly, actor=SYSTEM, at=now(), progress=progress
            )
        _print_trouble(options.run_id)
    say(f"{zh}：导入 {options.run_id}", f"{en}: run {options.run_id}")
    return 0


def template(options: argparse.Namespace) -> int:
    """Save the empty template."""
    with ready():
        from hotline.desk import importing

        _, policy, _ = _where(options.authority)
        options.file.write_bytes(importing.template(policy))
    say(f"模板存在 {options.file}", f"The template is in {options.file}")
    return 0


def _where(code: str | None) -> tuple[int, Any, Any]:
    """The authority's id, its policy, and now."""
    from hotline.cli.founding import found_if_empty
    from hotline.organisation import queries as organisation
    from hotline.policy import queries as policies
    from hotline.ui.moment import now

    at = now()
    found_if_empty(at=at)
    known = organisation.authorities() if code else organisation.answering()
    chosen = [each for each in known if code in (None, each.code)]
    if len(chosen) != 1:
        codes = " ".join(each.code for each in known)
        raise Trouble(f"请用 --authority 指定平台：{codes}", f"Name the authority with --authority: {codes}")
    return chosen[0].id, policies.current(chosen[0].id, at), at


@contextmanager
def _bar(words: str) -> Iterator[Callable[[int, int], None]]:
    with tqdm(unit="", disable=not sys.stderr.isatty(), desc=words) as bar:

        def progress(done: int, about: int) -> None:
            bar.total = about
            bar.update(done - bar.n)

        yield progress


def _print_run(run_id: int) -> None:
    """Counts on standard output, faults on standard error."""
    from django.utils.translation import gettext

    from hotline.desk.importing import fault_words, heading
    from hotline.organisation.importing.kinds import KIND_LABELS
    from hotline.organisation.queries import imports as views

    view = views.import_run(run_id)
    details = views.import_details(run_id, page=1, size=SHOWN)
    assert view is not None  # noqa: S101 - it has just been made
    for fault in (*details.remarks, *details.faults):
        row = choose(f"第 {fault.line} 行", f"row {fault.line}") if fault.line else ""
        where = " ".join(each for each in (fault.sheet, row, heading(fault.column)) if each)
        print(f"{where}: {fault_words(fault)}", file=sys.stderr)
    if details.faulty > SHOWN:
        say(
            f"只列出前 {SHOWN} 处，共 {details.faulty} 处。用 --mend 存成表格",
            f"The first {SHOWN} of {details.faulty} are listed. Save them all with --mend",
        )
    for kind, found in view.counts.items():
        numbers = choose(
            "新增 {new}，修改 {changed}，停用 {ended}，不变 {same}，要改 {bad}",
            "{new} new, {changed} changed, {ended} ended, {same} as they are, {bad} to mend",
        )
        print(f"{gettext(KIND_LABELS[kind])}: {numbers.format(**found)}")
    _print_trouble(run_id)
    print(choose(f"导入编号 {run_id}", f"run {run_id}"))


def _print_trouble(run_id: int) -> None:
    from hotline.organisation.queries import imports as views
    from hotline.ui.refusals import say as said

    view = views.import_run(run_id)
    for reason in view.trouble if view is not None else ():
        print(said(reason).text, file=sys.stderr)
