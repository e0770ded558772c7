"""What an event of an order said, in words: each coded fact by the label and the choices that its form has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.act_fields import limit_words
from hotline.desk.choices import Catalogue
from hotline.packs import Limit
from hotline.refusal import N_
from hotline.ui import moment
from hotline.workorder.choices import KINDS, URGENCIES
from hotline.workorder.facts import FACTS, offered
from hotline.workorder.lifecycle import PAST
from hotline.workorder.views import TimelineEntry

# The action that an event tells.
ACTION_OF: Mapping[str, str] = {f"order.{past}": action.value for action, past in PAST.items()}
# Facts that the sentence itself names, or that are shown by their own words below.
IN_SENTENCE = frozenset({"unit_id", "head_id", "entry_id", "assist_ids", "extension_asked", "file_ids"})
# What was asked for by no form, and is worth a line all the same.
UNASKED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "kind": (N_("诉求类型"), dict(KINDS)),
    "urgency": (N_("紧急程度"), {code: label for code, label in URGENCIES if code != "normal"}),
}


def details(entry: TimelineEntry, catalogue: Catalogue) -> tuple[str, ...]:
    """The facts of an event that are worth a line, each in words."""
    if entry.kind == "file.attached":
        return (gettext("%(n)s 个") % {"n": len(entry.facts.get("file_ids") or ())},)
    action = ACTION_OF.get(entry.kind)
    if action is None:
        return ()
    said = {each.name: each for each in fields(FACTS[action]) if "widget" in each.metadata}  # type: ignore[arg-type]
    found = [
        _asked(said[name], value, catalogue, entry.at)
        for name, value in entry.facts.items()
        if name in said and name not in IN_SENTENCE
    ]
    found += (
        _unasked(entry, said, catalogue) + _units(entry.facts, catalogue, entry.at) + _numbers(entry.facts, catalogue)
    )
    if entry.facts.get("rank") == 1:
        found.append(gettext("机器也建议这样派"))
    return tuple(words for words in found if words)


def unit(catalogue: Catalogue, unit_id: object, at: datetime | None = None) -> str:
    """The name of a unit in the page's language; with `at` the one that it had then."""
    found = catalogue.units.get(unit_id, at) if isinstance(unit_id, int) else None
    return names.named(found) if found else gettext("一个单位")


def _asked(field: Field[Any], value: Any, catalogue: Catalogue, at: datetime) -> str:
    """One fact that a form asked for, by its label; "" where its code is not known any more."""
    told = field.metadata
    english = not moment.in_chinese()
    if told["choices"]:
        labels = dict(offered(told["choices"], catalogue.policy, english))
        words = moment.listed(gettext(labels[code]) for code in _many(value) if code in labels)
    else:
        say = _SAY.get(told["widget"])
        words = say(value, catalogue, at) if say is not None else ""
    return moment.labelled(gettext(told["label"]), words) if words else ""


def _many(value: Any) -> Iterable[str]:
    return value if isinstance(value, list | tuple) else (value,)


def _yes_no(value: Any, catalogue: Catalogue, at: datetime) -> str:
    return gettext("是") if value else gettext("否")


def _ticked(value: Any, catalogue: Catalogue, at: datetime) -> str:
    return gettext("是") if value else ""


def _moment(value: Any, catalogue: Catalogue, at: datetime) -> str:
    try:
        return moment.moment_words(datetime.fromisoformat(str(value)), at)
    except ValueError:
        return ""


def _unit(value: Any, catalogue: Catalogue, at: datetime) -> str:
    return unit(catalogue, value, at)


def _some_units(value: Any, catalogue: Catalogue, at: datetime) -> str:
    return moment.listed(unit(catalogue, one, at) for one in value or ())


def _matter(value: Any, catalogue: Catalogue, at: datetime) -> str:
    return names.matter(catalogue.policy, str(value or ""))


def _area(value: Any, catalogue: Catalogue, at: datetime) -> str:
    return catalogue.area_words(str(value or ""), at)


def _plain(value: Any, catalogue: Catalogue, at: datetime) -> str:
    return str(value) if value else ""


_SAY: Mapping[str, Callable[[Any, Catalogue, datetime], str]] = {
    "yesno": _yes_no,
    "bool": _ticked,
    "moment": _moment,
    "unit": _unit,
    "units": _some_units,
    "matter": _matter,
    "area": _area,
    "number": _plain,
}


def _unasked(entry: TimelineEntry, said: Mapping[str, object], catalogue: Catalogue) -> list[str]:
    """What the registration knew: kind, urgency, matter and place."""
    found = []
    for name, (label, words) in UNASKED.items():
        code = str(entry.facts.get(name, ""))
        if name not in said and code in words:
            found.append(moment.labelled(gettext(label), gettext(words[code])))
    if "matter_code" not in said:
        told = (
            (gettext("事项"), _matter(entry.facts.get("matter_code"), catalogue, entry.at)),
            (gettext("所在区域"), _area(entry.facts.get("area_code"), catalogue, entry.at)),
        )
        found += [moment.labelled(label, name) for label, name in told if name]
    return found


def _units(facts: Mapping[str, Any], catalogue: Catalogue, at: datetime) -> list[str]:
    """Who assists, and from where to where a re-organisation took the order."""
    found = []
    if facts.get("assist_ids"):
        assists = [unit(catalogue, one, at) for one in facts["assist_ids"]]
        found.append(gettext("协办：%(units)s") % {"units": moment.listed(assists)})
    if facts.get("from_unit_id"):
        before, after = (unit(catalogue, facts[each], at) for each in ("from_unit_id", "unit_id"))
        found.append(gettext("由%(before)s转到%(after)s") % {"before": before, "after": after})
    return found


def _numbers(facts: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    """How much more time was asked for, how many parts came of a split, how many papers came with it."""
    found = []
    if facts.get("extension_asked"):
        asked = Limit(facts["extension_asked"], catalogue.policy.extension.each.unit)
        found.append(moment.labelled(gettext("申请延长"), limit_words(asked)))
    if facts.get("child_ids"):
        found.append(gettext("拆出 %(n)s 件") % {"n": len(facts["child_ids"])})
    if facts.get("file_ids"):
        found.append(gettext("附件 %(n)s 个") % {"n": len(facts["file_ids"])})
    return found
