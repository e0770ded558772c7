"""The form of one action, drawn from the law's fields: labels, choices, what must be said, what a machine pencilled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from hotline.desk.choices import Catalogue
from hotline.workorder.views import ActionField, LawfulAction

FEW = 4  # so many choices are shown as buttons, more as a list
SHORT = 120  # characters that fit one line
ASSISTS = 3  # empty boxes for assisting units


@dataclass(frozen=True)
class Pencilled:
    """What a machine proposes for some fields, the words that say so, and what a person has confirmed before."""

    values: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)


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
        context["boxes"] = [*filled, *[""] * max(1, ASSISTS - len(filled))]
        return context


class ActForm(forms.Form):
    """Draws an action's fields. The law's own parser checks them, so nothing here is required or validated twice."""

    def __init__(
        self,
        act: LawfulAction,
        catalogue: Catalogue,
        *,
        data: QueryDict | None = None,
        pencilled: Pencilled | None = None,
        entries: tuple[tuple[str, str], ...] = (),
        now: datetime | None = None,
    ) -> None:
        super().__init__(data, prefix=None, auto_id=f"{act.action}-%s")
        self.act = act
        self.use_required_attribute = False
        hints = pencilled or Pencilled()
        for each in act.fields:
            drawn = forms.Field(required=False, label=gettext(each.label), widget=_widget(each, entries))
            drawn.must = each.required  # type: ignore[attr-defined]
            drawn.help_text = gettext(each.hint) if each.hint else _help(each)
            drawn.initial = _initial(each, catalogue, {**hints.known, **hints.values}, now)
            if each.name in hints.values and drawn.initial:
                drawn.proposed = hints.words  # type: ignore[attr-defined]
            if each.required:
                drawn.widget.attrs["aria-required"] = "true"
            self.fields[each.name] = drawn


def _help(each: ActionField) -> str:
    if each.widget in ("unit", "units"):
        return gettext("写单位名称，会列出相近的。")
    if each.widget == "matter":
        return gettext("写事项名称或编码。")
    return ""


def _widget(each: ActionField, entries: tuple[tuple[str, str], ...]) -> forms.Widget:
    listed = {"unit": "list-units", "matter": "list-matters", "area": "list-areas"}
    if each.widget in listed:
        return forms.TextInput(attrs={"class": "input", "list": listed[each.widget], "autocomplete": "off"})
    if each.widget == "units":
        return SeveralBoxes(attrs={"class": "input", "list": "list-units", "autocomplete": "off"})
    if each.widget == "yesno":
        return forms.RadioSelect(choices=(("yes", gettext("是")), ("no", gettext("否"))))
    if each.widget == "bool":
        return forms.CheckboxInput(attrs={"value": "yes"})
    if each.widget == "moment":
        return forms.DateTimeInput(attrs={"class": "input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    if each.widget == "entry":
        return forms.Select(attrs={"class": "input"}, choices=(("", gettext("请选一条")), *entries))
    if each.widget == "choice":
        return _choice(each)
    return _text(each)


def _choice(each: ActionField) -> forms.Widget:
    choices = tuple((code, gettext(label)) for code, label in each.choices)
    if len(choices) <= FEW:
        return forms.RadioSelect(choices=choices)
    return forms.Select(attrs={"class": "input"}, choices=(("", gettext("请选择")), *choices))


def _text(each: ActionField) -> forms.Widget:
    if each.longest is not None and each.longest <= SHORT:
        return forms.TextInput(attrs={"class": "input", "autocomplete": "off"})
    return forms.Textarea(attrs={"class": "input", "rows": 5 if (each.longest or 0) > 1000 else 3})


def _initial(each: ActionField, catalogue: Catalogue, proposed: Mapping[str, Any], now: datetime | None) -> Any:
    value = proposed.get(each.name, each.initial)
    if each.widget == "unit":
        return catalogue.unit_words(value)
    if each.widget == "units":
        return [catalogue.unit_words(one) for one in value or ()]
    if each.widget == "matter":
        return catalogue.matter_words(value or "")
    if each.widget == "area":
        return catalogue.area_words(value or "")
    if each.widget == "moment" and each.name == "contacted_at" and now is not None:
        return timezone.localtime(now).replace(second=0, microsecond=0, tzinfo=None)
    return value
