"""The pages and the command of imports: the city's rules for them, faults and changes in words, the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from hotline.files import sheets
from hotline.organisation import queries as organisation
from hotline.organisation.importing import runs, workbooks
from hotline.organisation.importing.faults import Fault
from hotline.organisation.importing.kinds import ACTIVE, ENDED, ENGLISH_HEADINGS, KIND_LABELS, SHAPES, Kind
from hotline.organisation.importing.plan import CHANGED, NEW, Entry
from hotline.organisation.importing.plan import ENDED as TO_END
from hotline.organisation.importing.present import RoleRule, Rules, Values
from hotline.organisation.importing.runs import Details, RunView
from hotline.organisation.roles import LEVEL_LABELS, Level
from hotline.policy.policy import Policy
from hotline.refusal import N_
from hotline.ui.refusals import say

ACCEPT = ".xlsx,.csv"
VERBS: Mapping[str, str] = {NEW: N_("新增"), CHANGED: N_("修改"), TO_END: N_("停用")}
TONES: Mapping[str, str] = {
    runs.FAILED: "late",
    runs.PREVIEWED: "paused",
    runs.APPLIED: "done",
    runs.UNDONE: "wait",
    runs.LAPSED: "wait",
}


class UploadForm(forms.Form):
    """The spreadsheet, and whether it holds everything."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy("Excel 工作簿（.xlsx）或 CSV，最大 20 MB。先核对，您看过结果再写入。"),
        widget=forms.FileInput(attrs={"class": "input", "accept": ACCEPT}),
        allow_empty_file=True,  # said in our own words when it is looked at
    )
    complete = forms.BooleanField(
        label=gettext_lazy("这些表是全部内容：表里没有的一律停用"),
        required=False,
        help_text=gettext_lazy("只在整份替换时勾选。平时导入新增和改动的行就可以。"),
    )

    def content(self) -> tuple[str, bytes]:
        """The file's name and content; of one that is too large no more than shows it."""
        upload = self.cleaned_data["file"]
        return str(upload.name), upload.read(sheets.LIMIT + 1)


@dataclass(frozen=True)
class Counted:
    """One kind of rows in numbers."""

    label: str
    new: int
    changed: int
    ended: int
    same: int
    bad: int


@dataclass(frozen=True)
class Wrong:
    """One fault, or how often it is found: `count` 1 for a single one."""

    where: str
    column: str
    words: str
    count: int


@dataclass(frozen=True)
class Sample:
    """One row that would be written: what happens to it, its code and name, and what changes."""

    verb: str
    code: str
    name: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """One import in the list and on top of its page."""

    run: RunView
    state: str
    tone: str
    who: str
    trouble: tuple[str, ...]


def rules_of(policy: Policy) -> Rules:
    """What an import must know of the city's rules."""
    roles = {code: RoleRule(role.name, role.kind, role.levels) for code, role in policy.roles.items()}
    return Rules(policy.grid_digits, roles)


def template(policy: Policy) -> bytes:
    """The empty workbook, in the page's language."""
    return workbooks.template(say=gettext, english=in_english(), grid_digits=policy.grid_digits)


def in_english() -> bool:
    """Whether the page is English."""
    return (get_language() or "").startswith("en")


def heading(column: str) -> str:
    """A column as the template of the page's language calls it."""
    return ENGLISH_HEADINGS.get(column, column) if in_english() else column


def fault_words(fault: Fault) -> str:
    """What is wrong and what to do, in the page's language."""
    params = {name: _param(name, value) for name, value in fault.params.items()}
    words = gettext(fault.words)
    return words % params if params else words


def _param(name: str, value: str) -> str:
    """A param of a fault: levels are words of ours, columns are headings, everything else is as it was typed."""
    if name in ("level", "levels", "parent"):
        return "；".join(gettext(each) for each in value.split("；"))
    return "、".join(map(heading, value.split("、"))) if name == "columns" else value


def listed(views: tuple[RunView, ...]) -> list[Listed]:
    """Imports in words, with the name of who began them."""
    names = organisation.staff_names(view.created_by for view in views if view.created_by is not None)
    return [
        Listed(
            view,
            gettext(runs.STATE_LABELS[view.state]),
            TONES.get(view.state, "doing"),
            names.get(view.created_by or 0, gettext("命令行")),
            tuple(say(reason).text for reason in view.trouble),
        )
        for view in views
    ]


def counted(view: RunView) -> list[Counted]:
    """The numbers of an import, by kind."""
    return [Counted(gettext(KIND_LABELS[kind]), **found) for kind, found in view.counts.items()]


def wrong(faults: Details) -> list[Wrong]:
    """A page of single faults."""
    return [Wrong(_where(fault), heading(fault.column), fault_words(fault), 1) for fault in faults.faults]


def often(faults: Details) -> list[Wrong]:
    """What is wrong most often, when that is more than a few."""
    groups = [group for group in faults.groups if group.count > 1]
    return [
        Wrong(group.first.sheet, heading(group.first.column), fault_words(group.first), group.count)
        for group in groups[:10]
    ]


def remarks(faults: Details) -> list[str]:
    """What is worth knowing and keeps nothing back."""
    return [f"{fault.sheet} {fault_words(fault)}" for fault in faults.remarks]


def _where(fault: Fault) -> str:
    row = gettext("第 %(line)s 行") % {"line": fault.line} if fault.line else ""
    return f"{fault.sheet} {row}".strip()


def samples(found: Details) -> list[tuple[str, list[Sample]]]:
    """Some rows of each kind as they would be written."""
    return [
        (gettext(KIND_LABELS[kind]), [_sample(kind, entry) for entry in entries])
        for kind, entries in found.samples.items()
    ]


def _sample(kind: Kind, entry: Entry) -> Sample:
    changes = tuple(_changes(kind, entry.before, entry.after)) if entry.verb == CHANGED and entry.before else ()
    return Sample(gettext(VERBS[entry.verb]), entry.code, str(entry.after["name"]), changes)


def _changes(kind: Kind, before: Values, after: Values) -> Iterator[str]:
    """What changes, column by column."""
    for column in SHAPES[kind].columns:
        name = "active" if column.name == "status" else column.name
        if name in after and before.get(name) != after[name]:
            old, new = (_shown(name, values[name]) or gettext("空") for values in (before, after))
            yield gettext("%(column)s：%(old)s → %(new)s") % {"column": heading(column.zh), "old": old, "new": new}


def _shown(name: str, value: object) -> str:
    if name == "active":
        return gettext(ACTIVE if value else ENDED)
    if name == "level" and value:
        return gettext(LEVEL_LABELS[Level(str(value))])
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
