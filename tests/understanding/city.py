"""The city pack as the machine rooms see it, without a database."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

from hotline import packs
from hotline.organisation.tree import AreaIndex, AreaView, UnitIndex, UnitView
from hotline.packs import City, Rulebook
from hotline.policy.policy import Policy
from hotline.understanding.engines.choosing import area_names, danger_words, matter_words
from hotline.understanding.engines.rules import RulesEngine

# What the slots of the pack's phrases are filled with.
SLOTS = {
    "place": "临江新城",
    "building": "3栋2单元",
    "road": "滨湖路",
    "shop": "好又多超市",
    "school": "第三小学",
    "time": "昨天晚上8点",
    "days": "三天",
    "count": "12",
    "person": "李某",
    "firm": "宏达建设有限公司",
    "amount": "5000元",
}


@cache
def city() -> City:
    found = packs.load("changde")
    # Its counties' orders go through their centres; which unit stands behind a centre is what is tested with it.
    return replace(found, handling=replace(found.handling, through_centre=False))


@cache
def small_city() -> City:
    """One district and one of its towns with their units: enough for a database, quick to load."""
    kept = [each for each in city().areas if each.code in ("430700", "430702") or each.code.startswith("430702001")]
    codes = {each.code for each in kept}
    own = [each for each in city().units if each.area_code in codes]
    named = {each.code for each in own}
    served = [
        replace(
            each,
            service_area_codes=tuple(code for code in each.service_area_codes if code in codes),
            parent_code=each.parent_code if each.parent_code in named else "",
        )
        for each in own
    ]
    return replace(city(), areas=tuple(kept), units=tuple(served))


@cache
def areas() -> AreaIndex:
    return areas_of(city())


def areas_of(found: City) -> AreaIndex:
    """A pack's divisions."""
    return AreaIndex(
        AreaView(each.code, each.name, each.name_en, each.level, each.parent_code or None) for each in found.areas
    )


@cache
def units() -> UnitIndex:
    return units_of(city(), areas())


def units_of(found: City, places: AreaIndex) -> UnitIndex:
    """A pack's units, numbered from 1."""
    ids = {unit.code: number for number, unit in enumerate(found.units, start=1)}
    views = [
        UnitView(
            id=ids[unit.code],
            code=unit.code,
            name=unit.name,
            name_en=unit.name_en,
            level=unit.level,
            kind=unit.kind,
            role_code=unit.role_code,
            area_code=unit.area_code,
            path=f"/{ids[unit.code]}/",
            parent_id=ids.get(unit.parent_code),
            authority_id=1,
            phone="",
        )
        for unit in found.units
    ]
    serves = [(ids[unit.code], code) for unit in found.units for code in unit.service_area_codes]
    return UnitIndex(views, places, serves)


@cache
def policy() -> Policy:
    return policy_of(city())


def policy_of(found: City) -> Policy:
    """A pack's rules as if they were published."""
    rules = {each.name: getattr(found, each.name) for each in fields(Rulebook)}
    return Policy(**rules, id=1, authority_id=1, version=1, calendar_version=1, calendar=found.calendar)


@cache
def engine() -> RulesEngine:
    return RulesEngine(matter_words(policy()), area_names(areas()), more=danger_words(policy()), edition="test")


def filled(text: str) -> str:
    """A phrase of the pack with its slots filled."""
    for name, value in SLOTS.items():
        text = text.replace("{" + name + "}", value)
    return text
