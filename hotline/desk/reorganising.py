"""The page of re-organisations: what is typed becomes a proposal, its plan is shown in words and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.act_fields import SeveralBoxes
from hotline.ledger.record import Event
from hotline.organisation import queries as organisation
from hotline.organisation.objections import HEIGHT
from hotline.organisation.proposals import KINDS, LABELS, EndUnit, Proposal
from hotline.organisation.queries import Preview
from hotline.organisation.reorganisation import Plan
from hotline.organisation.tree import UnitIndex
from hotline.refusal import N_
from hotline.residents.masking import mask_name
from hotline.ui import moment
from hotline.workorder import queries as workorder

LISTED = 4000  # names under a field: more would be slow to load; the others are found by typing name or code
SHOWN = 40  # lines of a plan
UNIT, UNITS, AREA, AREAS, WORDS = "unit", "units", "area", "areas", "words"
# What each step asks for: name in the proposal, label, kind of field, whether it must be filled in.
ASKED: Mapping[str, tuple[tuple[str, str, str, bool], ...]] = {
    "rename_unit": (
        ("unit_id", N_("哪个单位"), UNIT, True),
        ("name", N_("新名称"), WORDS, True),
        ("name_en", N_("英文名称"), WORDS, False),
    ),
    "merge_units": (("unit_ids", N_("哪些单位并入"), UNITS, True), ("into_id", N_("并入哪个单位"), UNIT, True)),
    "move_unit": (("unit_id", N_("哪个单位"), UNIT, True), ("parent_id", N_("新的上级单位"), UNIT, True)),
    "end_unit": (("unit_id", N_("哪个单位"), UNIT, True),),
    "rename_area": (
        ("code", N_("哪个区划"), AREA, True),
        ("name", N_("新名称"), WORDS, True),
        ("name_en", N_("英文名称"), WORDS, False),
    ),
    "merge_areas": (("codes", N_("哪些区划并入"), AREAS, True), ("into_code", N_("并入哪个区划"), AREA, True)),
    "move_area": (
        ("code", N_("哪个区划"), AREA, True),
        ("parent_code", N_("划归哪个区划"), AREA, True),
        ("new_code", N_("新代码"), WORDS, False),
    ),
}
MEANS: Mapping[str, str] = {
    "rename_unit": N_("换名称，其他都不变。以前的工单和记录仍写当时的名称。"),
    "merge_units": N_("职责、人员、网格、下级单位和没办结的工单都转到承接单位。"),
    "move_unit": N_("连同它的下级一起换一个上级单位。"),
    "end_unit": N_("没有单位承接，先要把下级单位和没办结的工单安排好。"),
    "rename_area": N_("换名称，其他都不变。来电人说旧名称也认得出。"),
    "merge_areas": N_("同一级的区划合成一个，同一职责的单位一起合并。"),
    "move_area": N_("连同它的下级划给另一个区划；填了新代码，下级的代码跟着变。"),
}
HINTS: Mapping[str, str] = {
    UNIT: N_("写名称或代码，从列出的里选；同名的看代码。"),
    UNITS: N_("一栏写一个，名称或代码都行；同名的看代码。"),
    AREA: N_("写名称或代码，从列出的里选；同名的看代码。"),
    AREAS: N_("一栏写一个，名称或代码都行；同名的看代码。"),
}
LISTS: Mapping[str, str] = {UNIT: "list-units", UNITS: "list-units", AREA: "list-areas", AREAS: "list-areas"}


class Known:
    """The units and divisions of an authority under the names that a person may type."""

    def __init__(self, authority_id: int) -> None:
        self.units = organisation.unit_index(authority_id)
        active = sorted((unit for unit in self.units if unit.active), key=lambda unit: -HEIGHT.get(unit.level, 0))
        self._units = {unit.id: f"{names.named(unit)} {unit.code}" for unit in active}
        self._areas = {
            area.code: f"{names.area(self.units.areas, area.code)} {area.code}"
            for area in sorted(self.units.areas, key=lambda area: (-HEIGHT.get(area.level, 0), area.code))
        }
        self._unit_ids = _unique(
            (words, unit.id) for unit in active for words in {self._units[unit.id], unit.code, unit.name, unit.name_en}
        )
        self._codes = _unique(
            (words, area.code)
            for area in self.units.areas
            for words in {self._areas[area.code], area.code, names.area(self.units.areas, area.code), area.name}
        )

    def listed(self) -> list[tuple[str, list[str]]]:
        """What stands under the fields, by the list's name."""
        return [("units", list(self._units.values())[:LISTED]), ("areas", list(self._areas.values())[:LISTED])]

    def unit_id(self, words: str) -> int:
        """The unit that was typed; 0 for none, or one of several of this name."""
        return self._unit_ids.get(words.strip()) or 0

    def code(self, words: str) -> str:
        """The division that was typed; "" for none, or one of several of this name."""
        return self._codes.get(words.strip()) or ""


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What each word means; None where it could mean several things."""
    found: dict[str, Any] = {}
    for words, meant in pairs:
        found[words] = meant if found.get(words, meant) == meant else None
    return found


class ProposalForm(forms.Form):
    """The fields of one step. The plan checks them, so nothing is required here."""

    def __init__(self, verb: str, known: Known, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="step-%s")
        self.use_required_attribute = False
        self._verb, self._known = verb, known
        for name, label, kind, must in ASKED[verb]:
            drawn = forms.Field(required=False, label=gettext(label), widget=_widget(kind))
            drawn.must = must  # type: ignore[attr-defined]
            drawn.help_text = gettext(HINTS[kind]) if kind in HINTS else ""
            if must:
                drawn.widget.attrs["aria-required"] = "true"
            self.fields[name] = drawn

    def proposal(self) -> Proposal:
        """What was typed, as a proposal; what nobody knows by this name is 0 or ""."""
        read: Mapping[str, Callable[[Any], Any]] = {
            UNIT: self._known.unit_id,
            UNITS: lambda typed: tuple(map(self._known.unit_id, typed)),
            AREA: self._known.code,
            AREAS: lambda typed: tuple(map(self._known.code, typed)),
            WORDS: str,
        }
        typed = {name: self[name].value() or ("" if kind not in (UNITS, AREAS) else [])
                 for name, _, kind, _ in ASKED[self._verb]}  # fmt: skip
        given = {name: read[kind](typed[name]) for name, _, kind, _ in ASKED[self._verb]}
        return KINDS[self._verb](**given)

    def said(self) -> list[tuple[str, str]]:
        """Everything that was typed, to be sent again when the plan is confirmed."""
        lists = {name: self[name].value() or "" for name in self.fields}
        return [(name, one) for name, value in lists.items() for one in (value if isinstance(value, list) else [value])]


def _widget(kind: str) -> forms.Widget:
    attrs = {"class": "input", "autocomplete": "off"}
    if kind in LISTS:
        attrs["list"] = LISTS[kind]
    return SeveralBoxes(attrs=attrs) if kind in (UNITS, AREAS) else forms.TextInput(attrs=attrs)


@dataclass(frozen=True)
class DryRun:
    """What would happen: in a sentence, in numbers, and line by line."""

    sentence: str
    numbers: tuple[tuple[str, int], ...]
    lines: tuple[str, ...]
    more: int


def open_orders(proposal: Proposal) -> int:
    """The open orders that a unit would leave behind which ends with nobody after it."""
    return workorder.open_at(unit_ids=[proposal.unit_id]) if isinstance(proposal, EndUnit) else 0


def dry_run(found: Preview, known: Known) -> DryRun:
    """The plan in words. 1 statement, which counts the open orders."""
    plan = found.plan
    lines = list(_lines(plan, known.units))
    touched = workorder.open_at(unit_ids=plan.gone_units, area_codes=list(plan.replaced))
    moved = len([each for each in plan.areas if each.moved])
    counted = (
        (gettext("没办结的工单"), touched),
        (gettext("合并或撤销的单位"), len(plan.gone_units)),
        (gettext("换上级的单位"), len(plan.rehung)),
        (gettext("一起转的人员"), found.staff),
        (gettext("涉及的网格"), found.grids),
        (gettext("不再使用的区划代码"), len(plan.replaced)),
        (gettext("换上级的区划"), moved),
    )
    numbers = tuple(each for place, each in enumerate(counted) if place == 0 or each[1])
    facts = {**plan.proposal.__dict__, "verb": plan.proposal.verb}
    return DryRun(sentence(facts, known.units, None), numbers, tuple(lines[:SHOWN]), max(0, len(lines) - SHOWN))


def _lines(plan: Plan, units: UnitIndex) -> Iterator[str]:
    for unit_id, into_id in plan.merged.items():
        yield gettext("“%(unit)s”并入“%(into)s”") % {"unit": _unit(units, unit_id), "into": _unit(units, into_id)}
    for each in plan.rehung:
        told = {"unit": names.named(each.before), "parent": _unit(units, each.after.parent_id)}
        yield gettext("“%(unit)s”改由“%(parent)s”管理") % told
    for code, now in plan.replaced.items():
        yield gettext("“%(area)s”：代码 %(code)s 改为 %(now)s") % {
            "area": names.area(units.areas, code), "code": code, "now": now,
        }  # fmt: skip
    for change in plan.areas:
        if change.moved:
            parent = names.area(units.areas, change.after.parent_code or "")
            yield gettext("“%(area)s”划归“%(parent)s”") % {"area": names.named(change.after), "parent": parent}


@dataclass(frozen=True)
class Past:
    """One re-organisation that was done."""

    at: datetime
    label: str
    sentence: str
    who: str
    people: int


def history(authority_id: int, units: UnitIndex) -> list[Past]:
    """What was re-organised, newest first, under the names of its day. 2 statements at most."""
    events = organisation.reorganisations(authority_id)
    staff = organisation.staff_names({int(each.actor.id) for each in events if each.actor.id})
    return [_past(event, units, staff) for event in events]


def _past(event: Event, units: UnitIndex, staff: Mapping[int, str]) -> Past:
    who = mask_name(staff.get(int(event.actor.id), "")) if event.actor.id else gettext("系统")
    label = gettext(LABELS[str(event.facts["verb"])])
    people = event.facts.get("people")
    said = sentence(event.facts, units, event.at)
    return Past(event.at, label, said, who, people if isinstance(people, int) else 0)


def sentence(facts: Mapping[str, Any], units: UnitIndex, at: datetime | None) -> str:
    """A re-organisation in one sentence, under the names of its day; `at` None: it is only planned, and today's."""
    before = at - timedelta(microseconds=1) if at else None
    verb, areas = facts["verb"], units.areas
    told: dict[str, str] = {}
    if "unit_id" in facts:
        told["what"] = _unit(units, facts["unit_id"], before)
        told["name"] = facts.get("name") or _unit(units, facts["unit_id"], at)
    if "code" in facts:
        old, new = areas.get(facts["code"], before), areas.get(facts["code"], at)
        told["what"] = names.named(old) if old else facts["code"]
        told["name"] = facts.get("name") or (names.named(new) if new else facts["code"])
        told["code"] = facts.get("new_code") or ""
    if "unit_ids" in facts:
        told["what"] = moment.listed(f"“{_unit(units, one, before)}”" for one in facts["unit_ids"])
        told["into"] = _unit(units, facts["into_id"], before)
    if "codes" in facts:
        told["what"] = moment.listed(f"“{names.named(areas.get(one, before))}”" for one in facts["codes"])
        told["into"] = names.named(areas.get(facts["into_code"], before))
    told["parent"] = (
        names.named(areas.get(facts["parent_code"], before))
        if "parent_code" in facts
        else _unit(units, facts.get("parent_id"), before)
    )
    text = gettext(SENTENCES[f"{verb}_code" if told.get("code") else verb])
    return text % told


SENTENCES: Mapping[str, str] = {
    "rename_unit": N_("“%(what)s”改名为“%(name)s”"),
    "rename_area": N_("“%(what)s”改名为“%(name)s”"),
    "merge_units": N_("%(what)s并入“%(into)s”"),
    "merge_areas": N_("%(what)s并入“%(into)s”"),
    "move_unit": N_("“%(what)s”改由“%(parent)s”管理"),
    "move_area": N_("“%(what)s”划归“%(parent)s”"),
    "move_area_code": N_("“%(what)s”划归“%(parent)s”，代码改为 %(code)s"),
    "end_unit": N_("撤销“%(what)s”"),
}


def _unit(units: UnitIndex, unit_id: int | None, at: datetime | None = None) -> str:
    found = units.get(unit_id, at)
    return names.named(found) if found else gettext("一个单位")
