"""Turns the shapes of rules into plain JSON values and back, and names them by their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from hotline.packs import CalendarTable, City, Rulebook
from hotline.policy.public_days import settled

Shape = TypeVar("Shape")
Document = dict[str, Any]


def of_rules(city: City) -> Document:
    """The rulebook of a city as JSON values."""
    return {each.name: plain(getattr(city, each.name)) for each in fields(Rulebook)}


def of_calendar(city: City) -> Document:
    """The calendar of a city as JSON values, public holidays written down."""
    return cast(Document, plain(settled(city.calendar)))


def digest(document: Document) -> str:
    """The SHA-256 of a document's content, in hex; the order of its keys does not count, of its lists it does."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def rulebook(document: Document) -> dict[str, Any]:
    """The arguments of a Rulebook that `of_rules` wrote down; what it was silent on has its usual value."""
    return {name: shaped(kind, document[name]) for name, kind in _said(Rulebook, document)}


def calendar(document: Document) -> CalendarTable:
    """The calendar that `of_calendar` wrote down."""
    return shaped(CalendarTable, document)


def plain(value: object) -> Any:
    """A frozen shape as values that JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def shaped(kind: type[Shape], value: Any) -> Shape:
    """What `plain` made of a `kind`, as a `kind` again. Raises KeyError or ValueError when it is something else."""
    return cast(Shape, _shaped(kind, value))


def _shaped(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _shaped(inner[0], value)
    if origin is tuple:
        kinds = (inner[0],) * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_shaped(each, item) for each, item in zip(kinds, value, strict=True))
    if origin is not None:  # the shapes know no other generic than a mapping
        return MappingProxyType({inner[0](key): _shaped(inner[1], item) for key, item in value.items()})
    if is_dataclass(kind):
        return cast(Any, kind)(**{name: _shaped(each, value[name]) for name, each in _said(kind, value)})
    if kind in (date, time):
        return kind.fromisoformat(value)
    return value


def _said(kind: Any, value: Document) -> list[tuple[str, Any]]:
    """The fields to read: documents older than a field leave it out, and it has its default then."""
    usual = {each.name for each in fields(kind) if MISSING is not each.default or MISSING is not each.default_factory}
    return [(name, each) for name, each in _kinds(kind).items() if name in value or name not in usual]


@cache
def _kinds(kind: Hashable) -> dict[str, Any]:
    hints = get_type_hints(cast(Any, kind))
    return {each.name: hints[each.name] for each in fields(cast(Any, kind))}
