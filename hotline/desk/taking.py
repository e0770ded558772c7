"""An appeal that is being taken down: the form that shows it, what was typed, and the appeal it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.choices import Catalogue
from hotline.intake.appeal import TEXT_LONGEST, AppealForm
from hotline.organisation.permissions import TABLE, Capability, Reach
from hotline.organisation.roles import Role
from hotline.organisation.viewer import Viewer
from hotline.policy.policy import Policy
from hotline.refusal import N_, Reason
from hotline.workorder.choices import KINDS, URGENCIES

FILERS = frozenset(TABLE[Capability.FILE_APPEAL])
# The doors at which a person sits; at the others residents and systems knock themselves.
STAFFED = (
    "phone",
    "walk_in",
    "letter",
    "enterprise",
    "email",
    "sms",
    "people_board",
    "inspection",
    "emergency",
    "upper",
)
GRID = ("grid",)
PRIVACY = (
    ("open", N_("可以告诉承办单位")),
    ("secret", N_("保密，承办单位看不到")),
    ("anonymous", N_("匿名，不留姓名电话")),
)
FILE_TYPES = "image/jpeg,image/png,image/webp,application/pdf"
KEPT_LONGEST = 500_000  # characters: far beyond what is accepted, so that what is too long comes back whole
URGENCY = "urgency_missing"
NAMED = ("area_code", "matter_code")  # fields in which a name is typed that stands for a code


class Photos(forms.FileInput):
    """Several files in one box."""

    allow_multiple_selected = True


class TakeForm(forms.Form):
    """Draws what is asked. Intake checks it; nothing is required or validated here."""

    def __init__(self, data: QueryDict | None, viewer: Viewer, policy: Policy, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        self.use_required_attribute = False
        for name, (label, widget, must) in _fields(viewer, policy).items():
            drawn = forms.Field(required=False, label=label, widget=widget)
            drawn.must = must  # type: ignore[attr-defined]
            drawn.widget.attrs["class"] = "input"  # the field has a copy of the widget
            if must:
                drawn.widget.attrs["aria-required"] = "true"
            self.fields[name] = drawn


def _fields(viewer: Viewer, policy: Policy) -> dict[str, tuple[str, forms.Widget, bool]]:
    line, listed = forms.TextInput, {"autocomplete": "off"}
    some = ("", gettext("请选"))
    return {
        "channel": (gettext("怎么来的"), forms.Select(choices=channels(viewer, policy)), True),
        "phone": (gettext("电话"), line({"type": "tel", "inputmode": "tel", **_looks_up(), **listed}), False),
        "privacy": (gettext("身份"), forms.Select(choices=_said(PRIVACY)), True),
        "name": (gettext("称呼"), line(listed), False),
        "text": (gettext("说了什么"), forms.Textarea({"rows": 6}), True),
        "place": (gettext("在哪里"), line(listed), False),
        "area_code": (gettext("区县、街道"), line({"list": "list-areas", **listed}), False),
        "kind": (gettext("类型"), forms.Select(choices=(some, *_said(KINDS))), False),
        "matter_code": (gettext("事项"), line({"list": "list-matters", **listed}), False),
        "urgency": (gettext("紧急程度"), forms.Select(choices=(some, *_said(URGENCIES))), True),
        "title": (gettext("标题"), line(listed), False),
        "files": (gettext("照片、文件"), Photos({"accept": FILE_TYPES, "multiple": True}), False),
    }


def _looks_up() -> dict[str, str]:
    """How the field of the number asks who is calling, when it is left or Enter is pressed."""
    return {
        "hx-post": reverse("desk:take"),
        "hx-trigger": "change",
        "hx-vals": '{"go": "caller"}',
        "hx-params": "phone,go,csrfmiddlewaretoken",
        "hx-target": "#caller",
    }


def _said(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code, gettext(label)) for code, label in pairs)


def channels(viewer: Viewer, policy: Policy) -> list[tuple[str, str]]:
    """The open doors at which this viewer takes appeals down, the usual one first."""
    mine = GRID if viewer.role is Role.GRID_WORKER else STAFFED
    found = ((code, policy.channels.get(code)) for code in mine)
    return [(code, names.named(each)) for code, each in found if each is not None and each.open]


def usual(viewer: Viewer, catalogue: Catalogue) -> dict[str, str]:
    """What stands in an empty form: a person who reports from their own area need not name it."""
    home = own_area(viewer, catalogue)
    return {"privacy": PRIVACY[0][0], "area_code": catalogue.area_words(home) if home else ""}


def own_area(viewer: Viewer, catalogue: Catalogue) -> str:
    """The area to which the viewer's reports are bound; "" for the whole authority."""
    if viewer.reach(Capability.FILE_APPEAL) is Reach.AUTHORITY:
        return ""
    unit = catalogue.units.get(viewer.unit_id)
    return unit.area_code if unit is not None else ""


@dataclass(frozen=True)
class Heard:
    """The appeal that was typed, and what the page itself cannot understand or do without."""

    appeal: AppealForm
    faults: tuple[Reason, ...]


def hear(data: QueryDict, viewer: Viewer, catalogue: Catalogue, authority_code: str, tokens: tuple[str, ...]) -> Heard:
    """Understand what was typed; names that nobody knows are left out and told among the faults."""
    said = {name: str(data.get(name, ""))[:KEPT_LONGEST].strip() for name in data}
    readers: dict[str, Callable[[str], str | None]] = {
        "area_code": catalogue.area_code,
        "matter_code": catalogue.matter_code,
    }
    codes = {name: readers[name](said[name]) if said.get(name) else None for name in NAMED}
    privacy = said.get("privacy", "")
    appeal = AppealForm(
        authority_code=authority_code,
        channel=said.get("channel", ""),
        text=said.get("text", ""),
        name=said.get("name", ""),
        phone=said.get("phone") or None,
        anonymous=privacy == "anonymous",
        secret=privacy != "open",
        place=said.get("place") or None,
        kind=said.get("kind") or None,
        title=said.get("title") or None,
        urgency=said.get("urgency") or None,
        file_tokens=tokens,
        area_code=codes["area_code"],
        matter_code=codes["matter_code"],
    )
    unknown = [name for name in NAMED if said.get(name) and codes[name] is None]
    return Heard(appeal, tuple(_faults(appeal, said, unknown, viewer, catalogue)))


def _faults(
    appeal: AppealForm, said: dict[str, str], unknown: list[str], viewer: Viewer, catalogue: Catalogue
) -> list[Reason]:
    found = [
        Reason("unknown_name", N_("没有找到“%(words)s”。请从列表里选，或写全称。"), name, {"words": said[name][:60]})
        for name in unknown
    ]
    if not appeal.urgency:
        found.append(Reason(URGENCY, N_("请选定紧急程度。机器只能提议，由您决定。"), "urgency"))
    if appeal.channel not in dict(channels(viewer, catalogue.policy)):
        found.append(Reason("channel_closed", N_("请选这件诉求是怎么来的。"), "channel"))
    home = own_area(viewer, catalogue)
    inside = {area.code for area in catalogue.areas.ancestors(appeal.area_code)}
    if home and "area_code" not in unknown and home not in inside:
        place = catalogue.area_words(home)
        words = N_("您只能上报%(place)s范围内的事。别处的，请让诉求人打 12345。")
        found.append(Reason("area_outside", words, "area_code", {"place": place}))
    return found


def with_taken(data: QueryDict, taken: str) -> QueryDict:
    """What was typed, with one pencilled value (`field=value`) taken over by the person who pressed it."""
    name, mark, value = taken.partition("=")
    if not mark:
        return data
    changed: Any = data.copy()
    changed[name] = value
    return changed  # type: ignore[no-any-return]


__all__ = ["FILERS", "TEXT_LONGEST", "Heard", "TakeForm", "channels", "hear", "own_area", "usual", "with_taken"]
