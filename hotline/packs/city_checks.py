"""What must agree between the files of one city: its divisions, units, examples and shapes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from hotline.packs.checks import reference
from hotline.packs.city import AREA_LEVELS, Area, KnowledgeEntry, Phrase, ReplyExample, Unit
from hotline.packs.faults import Faults, Place
from hotline.packs.fields import Fields
from hotline.packs.rules import Matter, Role
from hotline.packs.tables import Placed
from hotline.refusal import N_


def areas(placed: Placed[Area], city_code: str, level: str, top: Fields) -> None:
    """Divisions hang below the next higher level, and one of them is the city (or province) itself."""
    known = {area.code: area for area, _row in placed}
    if known.get(city_code) is None or known[city_code].level != level:
        top.fault(
            "code",
            N_("areas.csv 中没有编码为 %(code)s 的市（省）。"),
            N_("请补上该行，level 填 %(level)s。"),
            code=city_code,
            level=level,
        )
    names: dict[tuple[str, str], str] = {}
    for area, row in placed:
        if names.setdefault((area.parent_code, area.name), area.code) != area.code:
            row.fault("name_zh", N_("同一上级下已有“%(area)s”。"), N_("请核对名称。"), area=area.name)
        if area.code == city_code or area.level not in AREA_LEVELS:
            continue
        parent = known.get(area.parent_code)
        if parent is None:
            row.fault(
                "parent_code",
                N_("上级区划“%(code)s”不存在。"),
                N_("请填写 areas.csv 中已有的上级编码。"),
                code=area.parent_code,
            )
        elif AREA_LEVELS.index(area.level) != AREA_LEVELS.index(parent.level) + 1:
            row.fault(
                "level",
                N_("%(level)s 不能挂在 %(parent)s 之下。"),
                N_("层级依次为 province、city、county、town、community。"),
                level=area.level,
                parent=parent.level,
            )


def units(placed: Placed[Unit], area_codes: Collection[str], roles: Mapping[str, Role]) -> None:
    """Units name a role of their level, places that exist, and parents without circles."""
    known = {unit.code: unit for unit, _row in placed}
    for unit, row in placed:
        if reference(row, "role_code", unit.role_code, roles) and unit.level not in roles[unit.role_code].levels:
            row.fault(
                "level",
                N_("角色“%(role)s”没有 %(level)s 这一层级。"),
                N_("请从以下层级中选择：%(levels)s。"),
                role=roles[unit.role_code].name,
                level=unit.level,
                levels="、".join(roles[unit.role_code].levels),
            )
        reference(row, "area_code", unit.area_code, area_codes)
        for code in unit.service_area_codes:
            reference(row, "service_area_codes", code, area_codes)
        if unit.level == "supplier" and not unit.service_area_codes:
            row.fault("service_area_codes", N_("服务单位没有服务区域。"), N_("请填写它服务的区划编码。"))
        if unit.parent_code and reference(row, "parent_code", unit.parent_code, known) and _circles(unit, known):
            row.fault("parent_code", N_("上级单位绕成了圈。"), N_("请改正上级单位编码。"))


def grids(placed: Placed[Unit], digits: int) -> None:
    """The code of every grid has as many digits as the city says."""
    for unit, row in placed:
        if unit.level == "grid" and not (unit.code.isascii() and unit.code.isdecimal() and len(unit.code) == digits):
            row.fault(
                "code",
                N_("网格编码“%(code)s”不是 %(digits)s 位数字。"),
                N_("请改正编码，或在 city.toml 的 [grids] 中改 digits。"),
                code=unit.code[:60],
                digits=digits,
            )


def _circles(unit: Unit, known: Mapping[str, Unit]) -> bool:
    passed = {unit.code}
    above = known.get(unit.parent_code)
    while above is not None and above.code not in passed:
        passed.add(above.code)
        above = known.get(above.parent_code)
    return above is not None


def answerable(placed: Placed[Matter], unit_roles: Collection[str]) -> None:
    """Every matter's lead role has at least one unit in the city."""
    for matter, row in placed:
        if matter.lead_role and matter.lead_role not in unit_roles:
            row.fault(
                "lead_role",
                N_("本市没有角色为“%(role)s”的单位，“%(matter)s”无人主办。"),
                N_("请在 units.csv 中加上该单位，或改派主办角色。"),
                role=matter.lead_role,
                matter=matter.name,
            )


def phrases(placed: Placed[Phrase], matters: Mapping[str, Matter]) -> None:
    """Examples of speech name matters, and a kind that the matter allows."""
    for phrase, row in placed:
        if phrase.extra_matter_code:
            reference(row, "extra_matter_code", phrase.extra_matter_code, matters)
        if not reference(row, "matter_code", phrase.matter_code, matters):
            continue
        if phrase.kind and phrase.kind not in matters[phrase.matter_code].kinds:
            row.fault("kind", N_("该事项没有这一诉求性质。"), N_("请从 matters.csv 该事项的 kinds 中选择。"))


def replies(placed: Placed[ReplyExample], matters: Collection[str]) -> None:
    """Examples of replies name matters; good ones are labelled so."""
    for reply, row in placed:
        reference(row, "matter_code", reply.matter_code, matters)
        if reply.label and (reply.quality == "good") != (reply.label == "具体有效"):
            row.fault("label", N_("quality 与 label 不相符。"), N_("只有“具体有效”的答复才填 good。"))


def knowledge(placed: Placed[KnowledgeEntry], matters: Collection[str], roles: Collection[str]) -> None:
    """Entries name matters and owners."""
    for entry, row in placed:
        reference(row, "matter_code", entry.matter_code, matters)
        reference(row, "owner_role", entry.owner_role, roles)


def shapes(path: Path, label: str, area_codes: Collection[str], faults: Faults) -> Path | None:
    """The GeoJSON of divisions, if the city has one: a feature collection whose `code`s are divisions."""
    if not path.is_file():
        return None
    place = Place(label, 0)
    remedy = N_("请提供 FeatureCollection，每个要素的 properties.code 为 areas.csv 中的编码。")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        codes = [feature["properties"]["code"] for feature in document["features"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        faults.add(place, N_("地图文件无法读取。"), remedy)
        return None
    for code in codes:
        if not isinstance(code, str) or code not in area_codes:
            faults.add(place, N_("地图中的区划“%(code)s”不存在。"), remedy, code=str(code)[:60])
    return path
