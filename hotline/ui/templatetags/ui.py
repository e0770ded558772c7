"""The components as tags, and words for moments, states and channels.

Each component is a folder `ui/components/<name>/` with its template and examples; its sheet is
`hotline/components/<name>.css`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from hotline.refusal import N_
from hotline.residents.masking import mask_name, mask_phone
from hotline.ui import moment
from hotline.ui.frame import Preferences

register = template.Library()

SHEETS = (
    "tokens.css",
    "base.css",
    "layout.css",
    *(
        f"components/{name}.css"
        for name in (
            "button",
            "field",
            "badge",
            "card",
            "table",
            "clock",
            "timeline",
            "stepper",
            "dialog",
            "evidence",
            "empty",
        )
    ),
    "classes.css",
    "pages/print.css",
)
STATUS_SHAPES: Mapping[str, str] = {
    "registered": "wait",
    "incomplete": "paused",
    "accepted": "wait",
    "dispatched": "wait",
    "returned": "paused",
    "convened": "paused",
    "signed": "doing",
    "waiting": "paused",
    "hung": "paused",
    "reviewing": "doing",
    "merged": "doing",
    "replied": "doing",
    "evaluated": "doing",
    "closed": "done",
    "referred": "done",
    "declined": "done",
    "transferred": "done",
    "withdrawn": "done",
    "archived": "done",
}
CHANNEL_ICONS: Mapping[str, str] = {
    "phone": "phone",
    "web": "build",
    "wechat": "users",
    "app": "users",
    "sms": "send",
    "email": "send",
    "letter": "doc",
    "people_board": "book",
    "inspection": "eye",
    "snapshot": "photo",
    "grid": "pin",
    "emergency": "alert",
    "upper": "down",
    "walk_in": "home",
    "enterprise": "build",
    "sensor": "bell",
    "api": "swap",
}
SEALS: Mapping[str, str] = {"urgent": N_("急"), "critical": N_("特急")}


@register.simple_tag
def sheets() -> SafeString:
    """The links of the shared sheets, in their order."""
    links = ((static(f"hotline/{name}"),) for name in SHEETS)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
def theme_sheets(preferences: Preferences | None) -> SafeString:
    """The sheets that override token names, by the reader's preference; "auto" leaves dark to the system."""
    parts = []
    theme = preferences.theme if preferences else "auto"
    if theme != "light":
        media = ' media="(prefers-color-scheme: dark)"' if theme == "auto" else ""
        parts.append(
            format_html('<link rel="stylesheet" href="{}"{}>', static("hotline/tokens-dark.css"), mark_safe(media))  # noqa: S308 - fixed words
        )
    if preferences and preferences.size == "elder":
        parts.append(format_html('<link rel="stylesheet" href="{}">', static("hotline/tokens-elder.css")))
    return format_html_join("\n", "{}", ((part,) for part in parts))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One of the line icons of icons.svg; it is decoration, the word stands beside it."""
    css = f"ico ico--{size}" if size else "ico"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>', css, static("hotline/icons.svg"), name
    )


@register.simple_tag
def status(state: str, label: str) -> SafeString:
    """The state of an order: a shape, a word, then a colour."""
    return format_html('<span class="status status--{}">{}</span>', STATUS_SHAPES.get(state, "wait"), gettext(label))


@register.simple_tag
def seal(urgency: str) -> SafeString:
    """The seal of an urgent order (急, 特急); nothing for a normal one."""
    if urgency not in SEALS:
        return mark_safe("")
    css = "seal seal--top" if urgency == "critical" else "seal"
    return format_html('<span class="{}">{}</span>', css, gettext(SEALS[urgency]))


@register.simple_tag
def channel(code: str, name: str) -> SafeString:
    """By which door it came."""
    drawn = icon(CHANNEL_ICONS.get(code, "send"))
    return format_html('<span class="chan">{}{}</span>', drawn, name)


@register.inclusion_tag("ui/components/clock/clock.html")
def clock(face: object) -> dict[str, object]:
    """A `ClockFace`: words first, then the bar."""
    return {"face": face}


@register.inclusion_tag("ui/components/empty/empty.html")
def empty(icon_name: str, title: str, text: str = "", address: str = "", action: str = "") -> dict[str, str]:
    """Nothing to show: why that is good, or how to fill it, with one action."""
    return {"icon_name": icon_name, "title": title, "text": text, "address": address, "action": action}


@register.inclusion_tag("ui/components/field/field.html")
def field(bound: object, width: int = 12) -> dict[str, object]:
    """One field of a form with its label, help and errors; pencil where a machine proposed the value."""
    return {"field": bound, "width": width}


@register.inclusion_tag("ui/components/field/summary.html")
def error_summary(form: object) -> dict[str, object]:
    """All errors of a form on top of it, linked to their fields."""
    return {"form": form}


@register.inclusion_tag("ui/components/person/person.html")
def person(view: object) -> dict[str, object]:
    """A masked person."""
    return {"person": view}


@register.simple_tag
def translated_name(thing: Any) -> str:
    """The name of a unit, area or authority in the page's language; Chinese where there is no English one."""
    if thing is None:
        return ""
    english = getattr(thing, "name_en", "")
    return str(thing.name if moment.in_chinese() or not english else english)


@register.filter
def words(text: str) -> str:
    """A marked msgid from a room below, in the page's language."""
    return gettext(text) if text else ""


@register.filter
def moment_words(at: datetime, today: datetime | None = None) -> str:
    """今天 15:42; 20 Nov 2025, 15:42."""
    return moment.moment_words(at, today or moment.now()) if at else ""


@register.filter
def due_words(at: datetime, today: datetime | None = None) -> str:
    """11月23日（周一）17:30 前."""
    return moment.due_words(at, today or moment.now()) if at else ""


@register.filter
def day_and_weekday(at: datetime) -> str:
    """11月20日 周五; Fri 20 Nov."""
    day, name = moment.date_words(at), moment.weekday(at)
    return f"{day} {name}" if moment.in_chinese() else f"{name} {day}"


@register.filter
def labelled(label: str, value: str) -> str:
    """原因：重复反映."""
    return moment.labelled(label, value)


@register.filter
def listed(parts: Iterable[str]) -> str:
    """甲、乙."""
    return moment.listed(parts)


@register.filter
def masked_name(name: str) -> str:
    """张**."""
    return mask_name(name)


@register.filter
def masked_phone(phone: str) -> str:
    """138****5678."""
    return mask_phone(phone)


@register.simple_tag(takes_context=True)
def here_with(context: Mapping[str, Any], **changes: object) -> str:
    """This page's address with some of its query changed; an empty value removes, and `page` starts again."""
    return here_with_all(context, changes)


@register.simple_tag(takes_context=True)
def here_with_all(context: Mapping[str, Any], changes: Mapping[str, object]) -> str:
    """`here_with` for changes that are made elsewhere."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, "", False):
            query[name] = str(value)
    pairs = [(name, one) for name, values in query.lists() for one in values]
    return f"{request.path}?{urlencode(pairs)}" if pairs else str(request.path)
