"""The form of one action, drawn from the law's fields: labels, choices, what must be said, what a machine pencilled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from hotline.desk import act_fields
from hotline.desk.act_fields import Asking
from hotline.workorder.views import ActionField


@dataclass(frozen=True)
class Pencilled:
    """What a machine proposes for some fields, the words that say so, and what a person has confirmed before."""

    values: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """The suggestions under some fields of a form: (value, note) each."""

    id: str
    options: tuple[tuple[str, str], ...]


class ActForm(forms.Form):
    """Draws an action's fields. The law's own parser checks them, so nothing here is required or validated twice."""

    def __init__(
        self,
        fields: tuple[ActionField, ...],
        asking: Asking,
        *,
        data: QueryDict | None = None,
        pencilled: Pencilled | None = None,
    ) -> None:
        super().__init__(data, prefix=None, auto_id=f"{asking.action}-%s")
        self.use_required_attribute = False
        hints = pencilled or Pencilled()
        for each in fields:
            if each.widget == "files" and not asking.order.files:
                continue  # nothing to tick yet: new files are chosen below
            drawn = forms.Field(required=False, label=gettext(each.label), widget=act_fields.widget(each, asking))
            drawn.must = each.required  # type: ignore[attr-defined]
            drawn.help_text = act_fields.help_words(each, asking)
            drawn.initial = act_fields.initial(each, asking, {**hints.known, **hints.values})
            if each.name in hints.values and drawn.initial:
                drawn.proposed = hints.words  # type: ignore[attr-defined]
            if each.required and not isinstance(drawn.widget, forms.CheckboxSelectMultiple):
                drawn.widget.attrs["aria-required"] = "true"
            self.fields[each.name] = drawn
        self.lists = lists(fields, asking)


def lists(fields: tuple[ActionField, ...], asking: Asking) -> list[Listed]:
    """The suggestion lists that the fields refer to, each once."""
    found: dict[str, Listed] = {}
    for each in fields:
        name = asking.list_id(each.widget)
        if each.widget in ("unit", "units") and name not in found:
            found[name] = Listed(name, tuple(act_fields.suggested_units(each, asking)))
        elif each.widget in ("matter", "area"):
            found[name] = Listed(name, tuple((words, "") for words in asking.catalogue.listed(each.widget)))
    return list(found.values())
