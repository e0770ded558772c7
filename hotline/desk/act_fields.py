"""One field of an action's form: the widget it is drawn with, what it offers, what helps, what it starts with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from hotline.desk import attachments, names
from hotline.desk.choices import Catalogue
from hotline.organisation.tree import UnitView
from hotline.packs import Limit
from hotline.policy.matters import HEIGHT
from hotline.policy.policy import Policy
from hotline.ui import moment
from hotline.workorder.choices import EVIDENCE
from hotline.workorder.guards.words import UNIT_WORDS
from hotline.workorder.views import ActionField, OrderView

FEW = 4  # so many choices are shown as buttons, more as a list
SHORT = 120  # characters that fit one line
BOXES = 3  # empty boxes for several units
LEADS = frozenset({"dispatch", "redispatch", "rule", "escalate", "hand_down"})  # actions whose unit will lead


@dataclass(frozen=True)
class Asking:
    """What a form is about: the action, the order, its city's names and rules, the moment."""

    action: str
    order: OrderView
    catalogue: Catalogue
    at: datetime
    entries: tuple[tuple[str, str], ...] = ()

    def list_id(self, widget: str) -> str:
        """The id of the suggestions under a field; a page may show several forms."""
        return f"{self.action}-{'units' if widget == 'unit' else widget}-list"


class SeveralBoxes(forms.Widget):
    """A few text boxes with one name, for things that are named one by one."""

    template_name = "ui/components/field/several.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """All that was typed, empty boxes left out."""
        typed = data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])
        return [words for words in typed if words]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Adds one box per value and some empty ones."""
        context = super().get_context(name, value, attrs)
        filled = list(value or [])
        context["boxes"] = [*filled, *[""] * max(1, BOXES - len(filled))]
        return context


class UnitSelect(forms.Select):
    """A list of few units; one that may not lead stands there with its reason, and cannot be chosen."""

    barred: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **more: Any) -> dict[str, Any]:
        """Marks what cannot be chosen."""
        option = super().create_option(name, value, *args, **more)
        if str(value) in self.barred:
            option["attrs"]["disabled"] = True
        return option


def widget(each: ActionField, asking: Asking) -> forms.Widget:
    """The control that a field is drawn with."""
    make = _WIDGETS.get(each.widget, _text)
    return make(each, asking)


def help_words(each: ActionField, asking: Asking) -> str:
    """What helps to fill it in."""
    if each.hint:
        return gettext(each.hint)
    if each.name == "extension_asked":
        most = longest_extension(asking.catalogue.policy, asking.order.matter_code)
        return gettext("一次最多 %(span)s。") % {"span": limit_words(most)}
    if each.widget == "files":
        return gettext("勾选已有的附件，也可以在下面另选。")
    if each.widget == "evidence":
        return _evidence_words(asking)
    return _HELP[each.widget]() if each.widget in _HELP and not _few_units(each, asking) else ""


def initial(each: ActionField, asking: Asking, proposed: Mapping[str, Any]) -> Any:
    """What the field starts with: what is known or proposed, in the words of the field."""
    value = proposed.get(each.name, each.initial)
    catalogue = asking.catalogue
    if each.widget == "unit":
        return value if _few_units(each, asking) else catalogue.unit_words(value)
    if each.widget == "units":
        return [catalogue.unit_words(one) for one in value or ()]
    if each.widget in ("matter", "area"):
        return (catalogue.matter_words if each.widget == "matter" else catalogue.area_words)(value or "")
    if each.name in _MOMENTS:
        return _moment(asking.at + _MOMENTS[each.name])
    return value


# Moments start where they mostly lie: contact was just now, a meeting is tomorrow, a review is in a month.
_MOMENTS: Mapping[str, timedelta] = {
    "contacted_at": timedelta(),
    "meeting_at": timedelta(days=1),
    "planned_at": timedelta(days=1),
    "review_at": timedelta(days=30),
}


def _moment(at: datetime) -> datetime:
    return timezone.localtime(at).replace(second=0, microsecond=0, tzinfo=None)


def suggested_units(each: ActionField, asking: Asking) -> list[tuple[str, str]]:
    """The units under a field, each with why it may not lead, or ""."""
    units: Iterable[UnitView] = (unit for unit in asking.catalogue.units if unit.active)
    lead = asking.catalogue.units.get(asking.order.unit.id) if asking.order.unit else None
    if asking.action == "escalate" and lead is not None:
        height = HEIGHT.get(lead.level, -1)
        units = [unit for unit in units if HEIGHT.get(unit.level, -1) > height or unit.role_code == "gov_office"]
    leads = each.name == "unit_id" and asking.action in LEADS
    code = asking.order.matter_code
    return [(names.named(unit), asking.catalogue.barred(unit, code) if leads else "") for unit in units]


def limit_words(limit: Limit) -> str:
    """3 个工作日; 3 working days."""
    unit = gettext(UNIT_WORDS[limit.unit]).strip()
    one = limit.amount == 1 and not moment.in_chinese()
    return f"{limit.amount} {unit.removesuffix('s') if one else unit}"


def longest_extension(policy: Policy, matter_code: str) -> Limit:
    """How far one extension may put the reply off, as the law reckons it; its unit is what is asked in."""
    rules = policy.extension
    is_long = any(matter_code.startswith(code) for code in rules.long_matters)
    return rules.long_each if is_long and rules.long_each is not None else rules.each


def _evidence_words(asking: Asking) -> str:
    wanted, labels = asking.catalogue.policy.handling.return_evidence, dict(EVIDENCE)
    if not wanted:
        return ""
    return gettext("本市退单要有：%(what)s。") % {"what": moment.listed(gettext(labels[code]) for code in wanted)}


def _few_units(each: ActionField, asking: Asking) -> bool:
    """Whether the law leaves so few units that they are listed outright."""
    return each.name == "unit_id" and asking.action in ("hand_down", "remove_assist")


def _unit(each: ActionField, asking: Asking) -> forms.Widget:
    if not _few_units(each, asking):
        return _listed(each, asking)
    if asking.action == "remove_assist":
        choices = [(str(one.unit.id), names.named(one.unit)) for one in asking.order.assists]
        return UnitSelect(attrs={"class": "input"}, choices=(("", gettext("请选择")), *choices))
    below = asking.catalogue.units.children(asking.order.unit.id if asking.order.unit else None)
    found = UnitSelect(attrs={"class": "input"})
    reasons = {str(unit.id): asking.catalogue.barred(unit, asking.order.matter_code) for unit in below}
    named = {str(unit.id): names.named(unit) for unit in below}
    options = [(key, f"{named[key]} — {why}" if why else named[key]) for key, why in reasons.items()]
    found.choices = [("", gettext("请选择") if options else gettext("没有直属下级")), *options]
    found.barred = frozenset(key for key, why in reasons.items() if why)
    return found


def _listed(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.TextInput(attrs={"class": "input", "list": asking.list_id(each.widget), "autocomplete": "off"})


def _several(each: ActionField, asking: Asking) -> forms.Widget:
    return SeveralBoxes(attrs={"class": "input", "list": asking.list_id("units"), "autocomplete": "off"})


def _yesno(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.RadioSelect(choices=(("yes", gettext("是")), ("no", gettext("否"))))


def _bool(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.CheckboxInput(attrs={"value": "yes"})


def _when(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.DateTimeInput(attrs={"class": "input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _number(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.NumberInput(attrs={"class": "input", "min": 1, "step": 1, "inputmode": "numeric"})


def _order(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.TextInput(attrs={"class": "input mono", "autocomplete": "off", "autocapitalize": "characters"})


def _entry(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.Select(attrs={"class": "input"}, choices=(("", gettext("请选一条")), *asking.entries))


def _evidence(each: ActionField, asking: Asking) -> forms.Widget:
    return forms.CheckboxSelectMultiple(choices=[(code, gettext(label)) for code, label in each.choices])


def _files(each: ActionField, asking: Asking) -> forms.Widget:
    shown = attachments.shown(asking.order.files)
    return forms.CheckboxSelectMultiple(choices=[(str(file.id), file.label) for file in shown])


def _choice(each: ActionField, asking: Asking) -> forms.Widget:
    choices = tuple((code, gettext(label)) for code, label in each.choices)
    if len(choices) <= FEW:
        return forms.RadioSelect(choices=choices)
    return forms.Select(attrs={"class": "input"}, choices=(("", gettext("请选择")), *choices))


def _text(each: ActionField, asking: Asking) -> forms.Widget:
    if each.longest is not None and each.longest <= SHORT:
        return forms.TextInput(attrs={"class": "input", "autocomplete": "off"})
    return forms.Textarea(attrs={"class": "input", "rows": 5 if (each.longest or 0) > 1000 else 3})


_WIDGETS: Mapping[str, Callable[[ActionField, Asking], forms.Widget]] = {
    "unit": _unit,
    "units": _several,
    "matter": _listed,
    "area": _listed,
    "yesno": _yesno,
    "bool": _bool,
    "moment": _when,
    "number": _number,
    "order": _order,
    "entry": _entry,
    "evidence": _evidence,
    "files": _files,
    "choice": _choice,
}
_HELP: Mapping[str, Callable[[], str]] = {
    "unit": lambda: gettext("写单位名称，会列出相近的。"),
    "units": lambda: gettext("写单位名称，会列出相近的。"),
    "matter": lambda: gettext("写事项名称或编码。"),
    "order": lambda: gettext("写主单的工单号。"),
}
