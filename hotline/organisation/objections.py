"""What stands against a re-organisation: every reason at once, with the next step in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from hotline.organisation.proposals import (
    EndUnit,
    MergeAreas,
    MergeUnits,
    MoveArea,
    MoveUnit,
    Proposal,
    RenameArea,
    RenameUnit,
)
from hotline.organisation.roles import Level
from hotline.organisation.seen import AreaView, UnitView
from hotline.organisation.standing import Standing
from hotline.refusal import N_, Reasons

MOST_AT_ONCE = 200  # units or divisions that one step merges: what a person can look through
UNIT_NAME, AREA_NAME, ENGLISH_UNIT, ENGLISH_AREA = 150, 100, 200, 150  # characters
CODE = re.compile(r"[0-9]{6,12}")
_K = TypeVar("_K")
HEIGHT: Mapping[str, int] = {level.value: place for place, level in enumerate(reversed(list(Level)[:6]))}


def raise_any(proposal: Proposal, standing: Standing, open_orders: int) -> None:
    """Raise `Refused` with everything that stands against the proposal."""
    reasons = Reasons()
    if isinstance(proposal, EndUnit):
        _end_unit(proposal, standing, reasons, open_orders)
    else:
        _CHECKS[type(proposal)](proposal, standing, reasons)
    reasons.raise_if_any()


def recoded(below: Iterable[str], code: str, new_code: str) -> dict[str, str]:
    """New codes of a division and of what is below it, as far as those begin with its code."""
    return {old: new_code + old[len(code) :] for old in sorted(below) if old.startswith(code)}


def _rename_unit(asked: RenameUnit, standing: Standing, reasons: Reasons) -> None:
    unit = _unit(asked.unit_id, "unit_id", standing, reasons)
    _name(asked, unit, (UNIT_NAME, ENGLISH_UNIT), reasons)


def _rename_area(asked: RenameArea, standing: Standing, reasons: Reasons) -> None:
    area = _area(asked.code, "code", standing, reasons)
    _name(asked, area, (AREA_NAME, ENGLISH_AREA), reasons)


def _name(
    asked: RenameUnit | RenameArea, now: UnitView | AreaView | None, most: tuple[int, int], reasons: Reasons
) -> None:
    name, name_en = asked.name.strip(), asked.name_en.strip()
    if not 0 < len(name) <= most[0]:
        reasons.add("name_unfit", N_("请填写新名称，最多 %(most)s 个字"), "name", most=most[0])
    if len(name_en) > most[1]:
        reasons.add("name_en_unfit", N_("英文名称请写短一些，最多 %(most)s 个字符"), "name_en", most=most[1])
    if now is not None and (name, name_en) == (now.name, now.name_en):
        reasons.add("same_name", N_("新名称和现在的一样，请填写改后的名称"), "name")


def _merge_units(asked: MergeUnits, standing: Standing, reasons: Reasons) -> None:
    into = _unit(asked.into_id, "into_id", standing, reasons)
    if not asked.unit_ids:
        reasons.add("none_chosen", N_("请选择要并入的单位"), "unit_ids")
    for unit_id in _not_too_many(asked.unit_ids, "unit_ids", reasons):
        unit = _unit(unit_id, "unit_ids", standing, reasons)
        if unit is None or into is None:
            continue
        if unit.id == into.id:
            reasons.add("into_itself", N_("“%(unit)s”不能并入自己，请另选承接单位"), "into_id", unit=unit.name)
        elif standing.unit_below(into.id, unit.id):
            words = N_("承接单位在“%(unit)s”之下，请先调整承接单位的隶属关系，再合并")
            reasons.add("into_below", words, "into_id", unit=unit.name)
        _not_the_top(unit, "unit_ids", reasons)


def _move_unit(asked: MoveUnit, standing: Standing, reasons: Reasons) -> None:
    unit = _unit(asked.unit_id, "unit_id", standing, reasons)
    parent = _unit(asked.parent_id, "parent_id", standing, reasons)
    if unit is None:
        return
    _not_the_top(unit, "unit_id", reasons)
    if parent is not None and standing.unit_below(parent.id, unit.id):
        reasons.add("parent_below", N_("不能放到自己或自己的下级之下，请另选上级单位"), "parent_id")
    elif parent is not None and unit.parent_id == parent.id:
        reasons.add("same_parent", N_("它现在就在这个上级之下，请另选上级单位"), "parent_id")


def _end_unit(asked: EndUnit, standing: Standing, reasons: Reasons, open_orders: int) -> None:
    unit = _unit(asked.unit_id, "unit_id", standing, reasons)
    if unit is None:
        return
    _not_the_top(unit, "unit_id", reasons)
    if any(each.active and each.parent_id == unit.id for each in standing.units.values()):
        words = N_("“%(unit)s”还有下级单位，请先调整它们的隶属关系，或改用“单位合并”并指定承接单位")
        reasons.add("has_children", words, "unit_id", unit=unit.name)
    if open_orders:
        words = N_("“%(unit)s”还有 %(count)s 件没办结的工单，请改用“单位合并”并指定承接单位")
        reasons.add("has_open_orders", words, "unit_id", unit=unit.name, count=open_orders)


def _merge_areas(asked: MergeAreas, standing: Standing, reasons: Reasons) -> None:
    into = _area(asked.into_code, "into_code", standing, reasons)
    if not asked.codes:
        reasons.add("none_chosen", N_("请选择要并入的区划"), "codes")
    for code in _not_too_many(asked.codes, "codes", reasons):
        area = _area(code, "codes", standing, reasons)
        if area is None or into is None:
            continue
        if area.code == into.code:
            words = N_("“%(area)s”不能并入自己，请另选承接的区划")
            reasons.add("into_itself", words, "into_code", area=area.name)
        elif area.level != into.level:
            words = N_("“%(area)s”和承接的区划不是同一级，请选同一级的区划")
            reasons.add("level_differs", words, "into_code", area=area.name)
        _no_seat([area.code], area, "codes", standing, reasons)
        _on_one_ground(area, standing.covering(area.code), standing.covering(into.code), "into_code", reasons)


def _move_area(asked: MoveArea, standing: Standing, reasons: Reasons) -> None:
    area = _area(asked.code, "code", standing, reasons)
    parent = _area(asked.parent_code, "parent_code", standing, reasons)
    if area is None or parent is None:
        return
    new_code = asked.new_code.strip()
    if HEIGHT.get(parent.level, -1) <= HEIGHT.get(area.level, -1):
        reasons.add("not_above", N_("请选比“%(area)s”高一级的区划"), "parent_code", area=area.name)
    elif area.parent_code == parent.code and new_code in ("", area.code):
        reasons.add("same_parent", N_("它现在就属于这里，请另选上级区划，或填写新代码"), "parent_code")
    _no_seat(standing.below(area.code), area, "code", standing, reasons)
    _on_one_ground(area, standing.covering(area.code), standing.covering(parent.code), "parent_code", reasons)
    if new_code and new_code != area.code:
        _new_code(area, new_code, standing, reasons)


def _new_code(area: AreaView, new_code: str, standing: Standing, reasons: Reasons) -> None:
    fresh = recoded(standing.below(area.code), area.code, new_code)
    if not all(CODE.fullmatch(each) for each in fresh.values()):
        words = N_("新代码请写 6 到 12 位数字；下级区划的代码会跟着变，也不能超过 12 位")
        reasons.add("code_unfit", words, "new_code")
    taken = sorted(each for each in fresh.values() if each in standing.areas)
    if taken:
        words = N_("代码 %(codes)s 已经用过，代码不重复使用，请换一个")
        reasons.add("code_taken", words, "new_code", codes=" ".join(taken[:3]))


def _unit(unit_id: int, field: str, standing: Standing, reasons: Reasons) -> UnitView | None:
    unit = standing.units.get(unit_id)
    if unit is None or unit.authority_id != standing.authority_id:
        reasons.add("unit_unknown", N_("没有找到这个单位，请从列表中选择"), field)
        return None
    if not unit.active:
        reasons.add("unit_ended", N_("“%(unit)s”已经撤并，请选现在的单位"), field, unit=unit.name)
        return None
    return unit


def _area(code: str, field: str, standing: Standing, reasons: Reasons) -> AreaView | None:
    area = standing.areas.get(code)
    if area is None or standing.authority_id not in standing.covering(code):
        reasons.add("area_unknown", N_("没有找到这个区划，请从列表中选择"), field)
        return None
    if not area.active:
        reasons.add("area_ended", N_("“%(area)s”已经撤并，请选现在的区划"), field, area=area.name)
        return None
    return area


def _not_the_top(unit: UnitView, field: str, reasons: Reasons) -> None:
    if unit.parent_id is None:
        words = N_("“%(unit)s”是最上一级，不能合并、移动或撤销，请另选单位")
        reasons.add("is_the_top", words, field, unit=unit.name)


def _no_seat(codes: Iterable[str], area: AreaView, field: str, standing: Standing, reasons: Reasons) -> None:
    if set(codes) & set(standing.seats.values()):
        words = N_("“%(area)s”里有一个热线平台自己的辖区，请在区划文件里调整后重新载入")
        reasons.add("is_a_seat", words, field, area=area.name)


def _on_one_ground(area: AreaView, here: frozenset[int], there: frozenset[int], field: str, reasons: Reasons) -> None:
    if here != there:
        words = N_("“%(area)s”和那里分属不同的热线平台，请在区划文件里调整后重新载入")
        reasons.add("other_ground", words, field, area=area.name)


def _not_too_many(chosen: Iterable[_K], field: str, reasons: Reasons) -> tuple[_K, ...]:
    """Each of the chosen once; none, and a reason, when nobody could look through them."""
    once = tuple(dict.fromkeys(chosen))
    if len(once) > MOST_AT_ONCE:
        reasons.add("too_many", N_("一次最多并入 %(most)s 个，请分几次办"), field, most=MOST_AT_ONCE)
        return ()
    return once


_CHECKS: Mapping[type, Callable[[Any, Standing, Reasons], None]] = {
    RenameUnit: _rename_unit,
    MergeUnits: _merge_units,
    MoveUnit: _move_unit,
    RenameArea: _rename_area,
    MergeAreas: _merge_areas,
    MoveArea: _move_area,
}
