"""`hotline import FILE`: takes the rows of a table down as appeals."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from hotline.cli.founding import found_if_empty
from hotline.cli.readiness import ready
from hotline.config.telling import Trouble, choose, say


def add(commands: Any) -> None:
    """Add the sub-command."""
    words = choose("导入 CSV、XLSX、JSONL 文件中的诉求", "take the rows of a CSV, XLSX or JSONL file down as appeals")
    parser = commands.add_parser("import", help=words)
    parser.add_argument("file", type=Path, metavar=choose("文件", "FILE"))
    parser.add_argument(
        "--profile", help=choose("字段对照方案（默认按列名自动选）", "mapping profile (default: by columns)")
    )
    parser.add_argument(
        "--profile-file",
        type=Path,
        action="append",
        default=[],
        help=choose("另外的对照方案文件", "a profile file of your own"),
    )
    parser.add_argument(
        "--authority", help=choose("导入到哪个平台（行政区划代码）", "code of the authority to import into")
    )
    parser.add_argument("--json", action="store_true", help=choose("输出 JSON 汇总", "print the summary as JSON"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Import and print the summary. Broken off, it goes on where it stopped when run again."""
    path: Path = options.file
    if not path.is_file():
        raise Trouble(f"没有这个文件：{path}", f"There is no such file: {path}")
    with ready():
        from hotline.channels.history import services as history
        from hotline.ui.moment import now

        found_if_empty(at=now())
        with tqdm(unit="", disable=not sys.stderr.isatty(), desc=path.name) as bar:

            def progress(done: int, about: int | None) -> None:
                bar.total = about
                bar.update(done - bar.n)

            summary = history.import_file(
                path=path,
                profile=options.profile,
                authority_code=options.authority,
                at=now(),
                progress=progress,
                profile_files=options.profile_file,
            )
    if options.json:
        print(json.dumps(summary.as_json(), ensure_ascii=False))
    else:
        say(
            f"读取 {summary.read} 行：新建 {summary.created}，已有 {summary.already}，退回 {summary.rejected}，"
            f"用时 {summary.seconds} 秒",
            f"{summary.read} rows read: {summary.created} created, {summary.already} already there, "
            f"{summary.rejected} rejected, {summary.seconds} s",
        )
    if summary.reject_file:
        say(f"退回的行和原因见 {summary.reject_file}", f"Rejected rows and reasons: {summary.reject_file}")
    return 0
