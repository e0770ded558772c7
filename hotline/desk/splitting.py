"""Splitting an appeal: the text cut where a further demand begins, and one small form for each part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from hotline.desk.choices import UNKNOWN, Catalogue
from hotline.refusal import N_, Reason, Reasons, Refused
from hotline.ui import refusals
from hotline.workorder.choices import KINDS, URGENCIES
from hotline.workorder.services.splitting import MOST_PARTS, Part
from hotline.workorder.views import OrderView

# Where people begin a further demand: they count, or they say so.
_FURTHER = re.compile(
    r"(?:(?<=[。；;！!？?，,\n])|^)\s*(?="
    r"[一二三四五六七八九]是|其[一二三四五六]|第[一二三四五六七八九](?:[、，,]|个)|[1-9][.、．)）]|[（(][一二三四五六七八九1-9][)）]"
    r"|另外|还有|此外|再就是|顺便|同时反映|同时还)"
)
SHORTEST = 4  # characters that can be a demand
LISTS = ("matter", "area")


def pieces(text: str) -> list[str]:
    """The text cut where a further demand seems to begin; nothing is lost but blank ends. Pure."""
    found: list[str] = []
    for piece in _FURTHER.split(text):
        words = piece.strip()
        if words and (len(words) < SHORTEST and found):
            found[-1] += words
        elif words:
            found.append(words)
    return found


class PartForm(forms.Form):
    """One further demand: its own words, and what is known of it already."""

    def __init__(self, number: int, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"part-{number}", initial=initial)
        self.use_required_attribute = False
        self.number = number
        area, listed = {"class": "input", "rows": 4}, {"class": "input", "autocomplete": "off"}
        kinds = [("", gettext("还不知道")), *((code, gettext(label)) for code, label in KINDS)]
        urgencies = [(code, gettext(label)) for code, label in URGENCIES]
        asked: dict[str, tuple[str, forms.Widget]] = {
            "text": (gettext("这一项的诉求内容"), forms.Textarea(attrs=area)),
            "title": (gettext("标题"), forms.TextInput(attrs=listed)),
            "kind": (gettext("诉求类型"), forms.Select(attrs={"class": "input"}, choices=kinds)),
            "matter": (gettext("事项"), forms.TextInput(attrs={**listed, "list": "matter-list"})),
            "area": (gettext("所在区域"), forms.TextInput(attrs={**listed, "list": "area-list"})),
            "place": (gettext("地点"), forms.TextInput(attrs=listed)),
            "urgency": (gettext("紧急程度"), forms.RadioSelect(choices=urgencies)),
        }
        for name, (label, widget) in asked.items():
            self.fields[name] = forms.Field(required=False, label=label, widget=widget)
        self.fields["text"].must = True  # type: ignore[attr-defined]

    def said(self, name: str) -> str:
        """What was typed into a field, without blank ends."""
        return str(self.data.get(self.add_prefix(name), "")).strip()

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.said(name) for name in self.fields if name not in ("urgency", "kind", "area"))


@dataclass(frozen=True)
class Sheet:
    """The page's forms; `first` is what stays with the order itself."""

    first: str
    parts: tuple[PartForm, ...]

    @property
    def may_add(self) -> bool:
        """Whether one more part may be split off."""
        return len(self.parts) < MOST_PARTS


def fresh(order: OrderView, catalogue: Catalogue) -> Sheet:
    """The sheet as it opens: the pieces of the appeal after the first, each a part; one empty part where it is one."""
    found = pieces(order.texts.get("appeal", ""))
    area = catalogue.area_words(order.area_code)
    further = found[1 : MOST_PARTS + 1] or [""]
    start = {"area": area, "urgency": "normal", "kind": order.kind}
    parts = tuple(PartForm(number, initial={**start, "text": words}) for number, words in enumerate(further, 1))
    return Sheet(found[0] if found else "", parts)


def returned(order: OrderView, data: QueryDict, *, more: int = 0) -> Sheet:
    """The sheet as it was sent, with so many parts `more`."""
    told = data.get("parts", "1")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 3 else 1
    number = max(1, min(MOST_PARTS, number + more))
    found = pieces(order.texts.get("appeal", ""))
    copy = data.copy()
    for each in range(1, number + 1):
        copy.setdefault(f"part-{each}-urgency", "normal")
    return Sheet(found[0] if found else "", tuple(PartForm(each, copy) for each in range(1, number + 1)))


def read(sheet: Sheet, catalogue: Catalogue) -> list[Part]:
    """The parts that were written; empty ones are left out. Raises `Refused` for names nobody knows; each reason stands
    at its field too."""
    reasons, parts = Reasons(), []
    for form in sheet.parts:
        if form.empty:
            continue
        form.is_valid()
        codes = {name: _code(form, name, catalogue, reasons) for name in LISTS}
        if not form.said("text"):
            _fault(form, "text", Reason("part_empty", N_("每一项诉求都要写明内容。"), "text"), reasons)
        kind, urgency = form.said("kind"), form.said("urgency")
        parts.append(
            Part(
                form.said("text"), form.said("title")[:100], form.said("place")[:300],
                kind if kind in dict(KINDS) else "", codes["matter"], codes["area"],
                urgency if urgency in dict(URGENCIES) else "normal",
            )
        )  # fmt: skip
    reasons.raise_if_any()
    return parts


def _code(form: PartForm, name: str, catalogue: Catalogue, reasons: Reasons) -> str:
    words = form.said(name)
    found = (catalogue.matter_code if name == "matter" else catalogue.area_code)(words) if words else ""
    if found is None:
        _fault(form, name, Reason("unknown_name", UNKNOWN[""], name, {"words": words[:60]}), reasons)
    return found or ""


def _fault(form: PartForm, name: str, reason: Reason, reasons: Reasons) -> None:
    reasons.extend((reason,))
    form.add_error(name, refusals.say(reason).text)


def say_all(refused: Refused) -> list[str]:
    """All reasons of a refusal in the page's language, each once."""
    return list(dict.fromkeys(refusals.say(reason).text for reason in refused.reasons))
