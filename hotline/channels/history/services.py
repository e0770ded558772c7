"""Importing a file: rows become open orders by way of intake; what cannot be taken is kept with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import monotonic

from hotline.channels.history import profile as profiles
from hotline.channels.history.mapping import to_form
from hotline.channels.history.profile import Profile
from hotline.channels.history.rejects import RejectFile
from hotline.channels.history.sources import Row, open_table
from hotline.intake import services as intake
from hotline.intake.appeal import AppealForm
from hotline.ledger.record import SYSTEM
from hotline.organisation import queries as organisation
from hotline.organisation.queries import AuthorityView
from hotline.refusal import N_, Refused, refuse

BATCH = 200
# (rows read so far, rows there are about or None)
Progress = Callable[[int, int | None], None]


@dataclass
class Summary:
    """How an import went. `reject_file` holds the rejected rows, None when there were none."""

    read: int = 0
    created: int = 0
    already: int = 0
    rejected: int = 0
    seconds: float = 0.0
    reject_file: Path | None = None

    def as_json(self) -> dict[str, int | float]:
        """The five numbers by name."""
        return {name: value for name, value in asdict(self).items() if name != "reject_file"}


def import_file(
    *,
    path: Path,
    profile: str | None = None,
    authority_code: str | None = None,
    at: datetime,
    progress: Progress | None = None,
    profile_files: Sequence[Path] = (),
) -> Summary:
    """Take every row of `path` (CSV, XLSX, JSONL) down as an appeal at `at`; its own time is kept as `own_at`.

    Commits in batches, so a broken-off import goes on where it stopped: a row's own number makes it once. Raises
    Refused, before anything is written, when the file, the profile or the authority is not clear.
    """
    began = monotonic()
    authority = _authority(authority_code)
    table = open_table(path)
    known = (*profiles.shipped(), *(profiles.read_profile(each) for each in profile_files))
    chosen = profiles.choose(profile, table.columns, known)
    summary = Summary()
    with RejectFile(path, table.columns) as rejects:
        for rows in _batches(table.rows, BATCH):
            _take_batch(rows, chosen, authority, at, summary, rejects)
            if progress is not None:
                progress(summary.read, table.about)
    summary.reject_file = rejects.written
    summary.seconds = round(monotonic() - began, 2)
    return summary


def _authority(code: str | None) -> AuthorityView:
    if code is not None:
        found = organisation.authority(code)
        if found is None:
            refuse("authority_unknown", N_("没有这个热线平台代码，请核对。"), field="authority_code")
        return found
    every = organisation.answering()
    if len(every) == 1:
        return every[0]
    codes = "、".join(f"{each.code}（{each.name}）" for each in every)
    refuse(
        "authority_unclear", N_("请用 --authority 指定导入到哪个平台：%(codes)s。"), field="authority_code", codes=codes
    )


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _take_batch(
    rows: list[Row], profile: Profile, authority: AuthorityView, at: datetime, summary: Summary, rejects: RejectFile
) -> None:
    """One transaction; refused rows are found before anything is written, so they cost no other."""
    forms: list[tuple[Row, AppealForm]] = []
    refused: list[tuple[Row, Refused]] = []
    for row in rows:
        try:
            forms.append((row, to_form(row, profile, authority.code)))
        except Refused as fault:
            refused.append((row, fault))
    taken = intake.take_down_many(authority_id=authority.id, forms=[form for _, form in forms], actor=SYSTEM, at=at)
    refused += [(forms[place][0], fault) for place, fault in taken.refused.items()]
    for row, reasons in sorted(refused, key=lambda pair: pair[0].line):
        rejects.add(row, reasons)
    summary.read += len(rows)
    summary.created += taken.created
    summary.already += taken.already
    summary.rejected += len(refused)
