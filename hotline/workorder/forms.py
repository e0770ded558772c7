"""Forms drawn from the law: which fields an action asks for, and reading what was typed back into facts. Pure."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

from hotline.packs import Rulebook
from hotline.refusal import N_, Reasons
from hotline.workorder.facts import FACTS, TEXTS, Facts, offered
from hotline.workorder.views import ActionField

Typed = Mapping[str, str | Sequence[str]]
_TRUE = {"true", "yes", "on", "1", "是"}
_FALSE = {"false", "no", "off", "0", "否"}


def form_for(action: str, rules: Rulebook, english: bool = False) -> tuple[ActionField, ...]:
    """The fields of an action's form under a city's rules: the asked-for facts first, then the texts."""
    known = fields(FACTS[action])  # type: ignore[arg-type]
    asked = tuple(_fact_field(each, rules, english) for each in known if "widget" in each.metadata)
    return asked + tuple(
        ActionField(text.kind, text.label, "text", text.required, longest=text.longest, is_text=True)
        for text in TEXTS.get(action, ())
    )


def _fact_field(each: Field[Any], rules: Rulebook, english: bool) -> ActionField:
    told = each.metadata
    needed = each.default is MISSING
    initial = None if needed else each.default
    choices = offered(told["choices"], rules, english)
    return ActionField(each.name, told["label"], told["widget"], needed, choices, told["hint"], initial=initial)


def parse(action: str, typed: Typed) -> tuple[Facts, dict[str, str]]:
    """Read a filled-in form; raises `Refused` with every field that cannot be read. Moments are ISO 8601 with zone."""
    reasons = Reasons()
    kind = FACTS[action]
    hints = get_type_hints(kind)
    said: dict[str, Any] = {}
    for each in fields(kind):  # type: ignore[arg-type]
        raw = typed.get(each.name)
        if raw is None or raw in ("", []):
            if each.default is MISSING:
                reasons.add("field_missing", N_("请填写“%(label)s”。"), each.name, label=_label(each))
            continue
        try:
            said[each.name] = _read(hints[each.name], raw)
        except ValueError:
            reasons.add("field_unreadable", N_("“%(label)s”填得看不懂，请重新选或填。"), each.name, label=_label(each))
    texts = _texts(action, typed, reasons)
    reasons.raise_if_any()
    return kind(**said), texts


def clean(words: str) -> str:
    """Text as it can be stored: no NUL, no lone surrogate, no blank ends."""
    return words.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()


def _label(each: Field[Any]) -> str:
    return str(each.metadata.get("label", each.name))


def _texts(action: str, typed: Typed, reasons: Reasons) -> dict[str, str]:
    texts: dict[str, str] = {}
    for field in TEXTS.get(action, ()):
        words = clean(str(typed.get(field.kind) or ""))
        if len(words) > field.longest:
            reasons.add(
                "text_too_long",
                N_("“%(label)s”有 %(length)s 字，最多 %(longest)s 字，请删短一些。"),
                field.kind,
                label=field.label,
                length=len(words),
                longest=field.longest,
            )
        elif words:
            texts[field.kind] = words
        elif field.required:
            reasons.add("text_missing", N_("请填写“%(label)s”。"), field.kind, label=field.label)
    return texts


def _read(hint: Any, raw: str | Sequence[str]) -> Any:
    """One typed value as the type its fact wants; ValueError when it cannot be."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is tuple:
        many = [raw] if isinstance(raw, str) else raw
        return tuple(dict.fromkeys(get_args(hint)[0](each) for each in many))
    one = raw if isinstance(raw, str) else raw[-1]
    return _READERS[hint](one.strip())


def _read_bool(one: str) -> bool:
    if one.lower() in _TRUE:
        return True
    if one.lower() in _FALSE:
        return False
    raise ValueError(one)


def _read_moment(one: str) -> datetime:
    moment = datetime.fromisoformat(one)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment


_READERS: Mapping[Any, Any] = {bool: _read_bool, int: int, str: str, datetime: _read_moment}
