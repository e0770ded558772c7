"""One import on its way: its states, and what a page or a command shows of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.organisation.importing.faults import REMARKS, Fault
from hotline.organisation.importing.kinds import Kind
from hotline.organisation.importing.plan import BAD, CHANGED, ENDED, NEW, Entry, entries_of
from hotline.refusal import N_, Reason

WAITING, PREVIEWED, FAILED = "waiting", "previewed", "failed"
APPLYING, APPLIED, UNDOING, UNDONE, LAPSED = "applying", "applied", "undoing", "undone", "lapsed"
AT_WORK = (WAITING, APPLYING, UNDOING)
STATE_LABELS: Mapping[str, str] = {
    WAITING: N_("正在核对"),
    PREVIEWED: N_("已核对，还没写入"),
    FAILED: N_("没有读成"),
    APPLYING: N_("正在写入"),
    APPLIED: N_("已写入"),
    UNDOING: N_("正在撤销"),
    UNDONE: N_("已撤销"),
    LAPSED: N_("过期作废"),
}
SAMPLES = 5


@dataclass(frozen=True)
class FaultGroup:
    """How often one thing is wrong in one sheet, with the first of them."""

    first: Fault
    count: int


@dataclass(frozen=True)
class RunView:
    """One import. `counts` by kind and verb; `bad` rows that cannot be taken; `trouble`: why the last step was not."""

    id: int
    state: str
    file_name: str
    complete: bool
    partly: bool
    counts: Mapping[Kind, Mapping[str, int]]
    progress: int
    total: int
    created_by: int | None
    created_at: datetime
    applied_by: int | None
    applied_at: datetime | None
    undone_by: int | None
    undone_at: datetime | None
    trouble: tuple[Reason, ...]

    @property
    def bad(self) -> int:
        """Rows that cannot be taken."""
        return sum(found.get(BAD, 0) for found in self.counts.values())

    @property
    def writes(self) -> int:
        """Rows that would be, or were, written."""
        return sum(found.get(verb, 0) for found in self.counts.values() for verb in (NEW, CHANGED, ENDED))

    @property
    def at_work(self) -> bool:
        """Whether somebody is working on it."""
        return self.state in AT_WORK


@dataclass(frozen=True)
class Details:
    """What a preview shows below its counts: samples of each verb by kind, groups of faults, and a page of them."""

    samples: Mapping[Kind, Sequence[Entry]]
    groups: Sequence[FaultGroup]
    remarks: Sequence[Fault]
    faults: Sequence[Fault]
    faulty: int


def counts_of(kept: Mapping[str, Any]) -> dict[Kind, dict[str, int]]:
    """The counts by kind, in the order of the kinds."""
    return {kind: dict(kept[kind.value]) for kind in Kind if kind.value in kept}


def reasons_of(kept: Sequence[Sequence[Any]]) -> tuple[Reason, ...]:
    """Reasons as `kept_reasons` wrote them."""
    return tuple(Reason(code, text, field, params) for code, text, field, params in kept)


def kept_reasons(reasons: Sequence[Reason]) -> list[list[Any]]:
    """Reasons, to be kept."""
    return [[each.code, each.text, each.field, {k: str(v) for k, v in each.params.items()}] for each in reasons]


def details(plan: Mapping[str, Any], faults: Mapping[str, Any], *, page: int, size: int) -> Details:
    """What to show of a run; `page` counts from 1."""
    entries = entries_of(plan)
    samples = {kind: _samples(found) for kind, found in entries.items() if found}
    every = [Fault.of(each) for each in faults.get("list", ())]
    remarks = [each for each in every if each.code in REMARKS]
    real = [each for each in every if each.code not in REMARKS]
    counted = Counter((each.sheet, each.column, each.code) for each in real)
    firsts: dict[tuple[str, str, str], Fault] = {}
    for each in real:
        firsts.setdefault((each.sheet, each.column, each.code), each)
    groups = [FaultGroup(firsts[key], count) for key, count in counted.most_common()]
    start = (page - 1) * size
    return Details(samples, groups, remarks, real[start : start + size], len(real))


def _samples(entries: Sequence[Entry]) -> list[Entry]:
    """The first few of each verb."""
    found: list[Entry] = []
    for verb in (NEW, CHANGED, ENDED):
        found += [entry for entry in entries if entry.verb == verb][:SAMPLES]
    return found
