"""Incidents on the desk: how one is said in a line, the forms by which it is spoken for, what an order page offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.act_fields import SeveralBoxes
from hotline.desk.choices import Catalogue, local_moment
from hotline.desk.pencil import Pencilled
from hotline.intake.appeal import AppealForm
from hotline.organisation.viewer import Viewer
from hotline.refusal import N_, Reasons
from hotline.ui import incident_words
from hotline.ui.incident_words import Line
from hotline.workorder import queries as workorder
from hotline.workorder.guards.joining import FOLLOWED
from hotline.workorder.incident import SPEAKERS, IncidentView, likely
from hotline.workorder.lifecycle import STATE_LABELS as ORDER_STATES
from hotline.workorder.lifecycle import State
from hotline.workorder.views import OrderView

VERBS: Mapping[str, tuple[str, str, str]] = {  # label, what it does, icon
    "progress": (N_("报进展"), N_("每位诉求人都会收到，公开网页和话务员也看得到。"), "send"),
    "announce": (N_("改公告"), N_("话务员、机器人和公开网页都改用新的说法，不发消息。"), "doc"),
    "widen": (N_("扩大范围"), N_("写到县区、街道或社区，下级都算在内。"), "map"),
    "restore": (N_("报恢复"), N_("每位诉求人都会收到，以后不再并入。工单照常答复，逐件回访。"), "check"),
}
ASKED: Mapping[str, tuple[str, ...]] = {
    "open": ("area_codes", "words", "words_en", "expected_at"),
    "progress": ("words", "words_en", "expected_at"),
    "announce": ("words", "words_en", "expected_at"),
    "widen": ("area_codes",),
    "restore": ("words", "words_en"),
}
LABELS: Mapping[str, str] = {
    "area_codes": N_("影响哪些区域"),
    "words": N_("告诉大家的话"),
    "words_en": N_("英文"),
    "expected_at": N_("预计什么时候恢复"),
}
HINTS: Mapping[str, str] = {
    "area_codes": N_("一栏写一个，写到县区、街道或社区，下级都算在内。"),
    "words": N_("人人看得到：写清哪里、什么事、在怎么办。不写姓名、电话和门牌。"),
    "words_en": N_("不写就给说英语的人看中文。"),
    "expected_at": N_("不知道就空着。"),
}
MUST = ("area_codes", "words")
KEPT = 2000  # characters of what was typed


def line(view: IncidentView, catalogue: Catalogue, at: datetime) -> Line:
    """An incident in the page's words."""
    return incident_words.line(view, catalogue.area_words, lambda code: names.matter(catalogue.policy, code), at)


def lines(views: Iterable[IncidentView], catalogue: Catalogue, at: datetime) -> list[Line]:
    """Incidents in the page's words."""
    return [line(each, catalogue, at) for each in views]


def may_speak(viewer: Viewer, unit_id: int | None, catalogue: Catalogue) -> bool:
    """Whether this viewer may open an incident on an order of this unit, or speak for the one that stands on it."""
    unit = catalogue.units.get(unit_id)
    covers = unit is not None and viewer.covers(unit.path)
    return viewer.role.value in SPEAKERS and (covers or (viewer.at_the_top and viewer.role.value != "clerk"))


def states(counted: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """How many orders stand where, in the order of the law: state, its label, number."""
    return [(each.value, ORDER_STATES[each], counted[each.value]) for each in State if each.value in counted]


class SayForm(forms.Form):
    """What one verb asks for. The service checks it, so nothing is required here."""

    def __init__(
        self, verb: str, catalogue: Catalogue, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, auto_id=f"{verb}-%s", initial=dict(initial or {}))
        self.use_required_attribute = False
        self._catalogue = catalogue
        for name in ASKED[verb]:
            drawn = forms.Field(required=False, label=gettext(LABELS[name]), widget=_widget(name))
            drawn.help_text = gettext(HINTS[name])
            drawn.must = name in MUST  # type: ignore[attr-defined]
            if name in MUST:
                drawn.widget.attrs["aria-required"] = "true"
            self.fields[name] = drawn

    def heard(self) -> dict[str, Any]:
        """What was typed, as the service takes it. Raises `Refused` for what nobody can read."""
        reasons, found = Reasons(), dict[str, Any]()
        for name in self.fields:
            value = self[name].value() or ""
            found[name] = _READ.get(name, _words)(value, self._catalogue, reasons)
        reasons.raise_if_any()
        return found


def _widget(name: str) -> forms.Widget:
    attrs = {"class": "input", "autocomplete": "off"}
    if name == "area_codes":
        return SeveralBoxes(attrs={**attrs, "list": "list-areas"})
    if name == "expected_at":
        return forms.DateTimeInput(attrs={**attrs, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.Textarea(
        {**attrs, "rows": 3 if name == "words" else 2, "lang": "en" if name == "words_en" else "zh-CN"}
    )


def _words(value: Any, catalogue: Catalogue, reasons: Reasons) -> str:
    return str(value)[:KEPT].strip()


def _areas(value: Any, catalogue: Catalogue, reasons: Reasons) -> list[str]:
    typed = [each.strip() for each in value if each.strip()]
    for each in typed:
        if catalogue.area_code(each) is None:
            reasons.add(
                "unknown_name", N_("没有找到“%(words)s”。请从列表里选，或写全称。"), "area_codes", words=each[:60]
            )
    return [code for each in typed if (code := catalogue.area_code(each)) is not None]


def _moment(value: Any, catalogue: Catalogue, reasons: Reasons) -> datetime | None:
    found = local_moment(str(value)) if value else None
    if value and found is None:
        words = N_("“%(words)s”不是一个时间，请重新选。")
        reasons.add("unknown_name", words, "expected_at", words=str(value)[:60])
    return datetime.fromisoformat(found) if found else None


_READ = {"area_codes": _areas, "expected_at": _moment}


def first_words(order: OrderView, catalogue: Catalogue) -> dict[str, Any]:
    """What stands in an empty form for an incident on this order: its street, and a sentence in both languages to be
    mended."""
    known = [area for area in catalogue.areas.ancestors(order.area_code) if area.level in ("county", "town")]
    code = known[0].code if known else ""
    found: dict[str, Any] = {"area_codes": [catalogue.area_words(code)] if code else []}
    for name, language in (("words", "zh-hans"), ("words_en", "en")):
        with translation.override(language):
            told = {"place": catalogue.area_words(code), "matter": names.matter(catalogue.policy, order.matter_code)}
            found[name] = gettext("%(place)s%(matter)s，正在处理。") % told if code else ""
    return found


def expected_initial(view: IncidentView) -> dict[str, Any]:
    """The expected end as it stands, for the forms that may change it."""
    return {"expected_at": timezone.localtime(view.expected_at).replace(tzinfo=None)} if view.expected_at else {}


@dataclass(frozen=True)
class Offer:
    """What the page of an order says of incidents: the one it is in, one to join, or that one may be opened on it."""

    mine: Line | None = None
    join: Line | None = None
    may_open: bool = False


def offer(order: OrderView, viewer: Viewer, catalogue: Catalogue, at: datetime) -> Offer:
    """For the page of an order. 1 statement, none for orders that are over or of which nobody knows what they are."""
    if order.state not in ORDERS_IN or not (order.matter_code or order.head):
        return Offer()
    running = workorder.active(order.authority_id, at)
    heads = {order.id, order.head.id if order.head else order.id}
    mine = next((each for each in running if each.head_id in heads), None)
    if mine is not None:
        return Offer(mine=line(mine, catalogue, at))
    may_join = any(each.action == "merge" and each.allowed for each in order.actions)
    found = likely(running, order.matter_code, order.area_code, catalogue.areas, catalogue.policy.matters)
    unit_id = order.unit.id if order.unit else None
    return Offer(
        join=line(found, catalogue, at) if may_join and found is not None else None,
        may_open=order.state in FOLLOWED and may_speak(viewer, unit_id, catalogue),
    )


def banner(viewer: Viewer, catalogue: Catalogue, appeal: AppealForm, drawn: Pencilled, at: datetime) -> Line | None:
    """The incident that an appeal being taken down probably belongs to, by what was typed, else by what was read.
    1 statement, none while nothing says what it is about."""
    places = drawn.proposals.get("area_code", ())
    read = catalogue.area_code(places[0].value) if places else None
    matter_code, area_code = appeal.matter_code or drawn.matter_code, appeal.area_code or read or ""
    found = workorder.near(viewer.authority_id, matter_code, area_code, at)
    return line(found, catalogue, at) if found is not None else None


ORDERS_IN = FOLLOWED | {"merged", "replied", "evaluated"}
