"""The four kinds of rows that an import knows, and the columns of each, in Chinese and in English. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.organisation.roles import LEVEL_LABELS, Level
from hotline.refusal import N_


class Kind(StrEnum):
    """What a row is about, in the order in which they build on each other."""

    AREAS = "areas"
    UNITS = "units"
    GRIDS = "grids"
    WORKERS = "workers"


KIND_LABELS: Mapping[Kind, str] = {
    Kind.AREAS: N_("行政区划"),
    Kind.UNITS: N_("单位"),
    Kind.GRIDS: N_("网格"),
    Kind.WORKERS: N_("网格员"),
}


@dataclass(frozen=True)
class Column:
    """One column: `name` in our own words, its headings, whether every row needs it, and what helps to fill it in."""

    name: str
    zh: str
    en: str
    hint: str
    example: str
    needed: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """What a sheet of one kind looks like; `key` is the column that tells its rows apart."""

    kind: Kind
    zh: str
    en: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """The name of the column that tells rows apart."""
        return self.columns[0].name

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


ACTIVE, ENDED = N_("在用"), N_("停用")
AREA_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN, Level.COMMUNITY)
UNIT_LEVELS = (*AREA_LEVELS, Level.SUPPLIER)

_STATUS = Column(
    "status",
    "状态",
    "status",
    N_("在用或停用。不填：新的就是在用，已有的不变。停用后不再派单，历史工单不变。"),
    "",
    choices=(ACTIVE, ENDED),
)
_NAME_EN = Column("name_en", "英文名称", "name_en", N_("英文页面上的名称，没有可不填。"), "")
_AREA_CODE = N_("行政区划表里有的代码。把这一列设成文本格式，末尾的 0 才不会丢。")

SHAPES: Mapping[Kind, Shape] = {
    Kind.AREAS: Shape(
        Kind.AREAS,
        "行政区划",
        "Areas",
        (
            Column(
                "code",
                "区划代码",
                "code",
                N_("统计用区划代码，6 到 12 位数字，设成文本格式。"),
                "990102009",
                needed=True,
            ),
            Column("name", "区划名称", "name", N_("全称，最多 100 个字。"), "示例街道", needed=True),
            _NAME_EN,
            Column(
                "level",
                "层级",
                "level",
                N_("从列表中选：要比上级低。"),
                "乡镇、街道",
                needed=True,
                choices=tuple(LEVEL_LABELS[level] for level in AREA_LEVELS),
            ),
            Column("parent", "上级区划代码", "parent_code", _AREA_CODE, "990102", needed=True),
            _STATUS,
        ),
    ),
    Kind.UNITS: Shape(
        Kind.UNITS,
        "单位",
        "Units",
        (
            Column(
                "code",
                "单位代码",
                "code",
                N_("字母、数字、点、横线，最多 60 个，以后不要改。"),
                "990102009",
                needed=True,
            ),
            Column("name", "单位名称", "name", N_("全称，最多 150 个字。"), "示例街道办事处", needed=True),
            _NAME_EN,
            Column("role", "职责", "role_code", N_("职责目录里的代码或名称，决定派哪些单。"), "town", needed=True),
            Column(
                "level",
                "层级",
                "level",
                N_("从列表中选：不高于上级单位。"),
                "乡镇、街道",
                needed=True,
                choices=tuple(LEVEL_LABELS[level] for level in UNIT_LEVELS),
            ),
            Column("area", "所在区划代码", "area_code", _AREA_CODE, "990102009", needed=True),
            Column(
                "parent",
                "上级单位代码",
                "parent_code",
                N_("单位表里有的代码，先后不限。只有热线中心没有上级。"),
                "U990102",
                needed=True,
            ),
            Column(
                "serves",
                "服务区划代码",
                "service_area_codes",
                N_("供水、供气等企业服务的区划，几个之间用顿号隔开。"),
                "",
            ),
            Column("phone", "电话", "phone", N_("办公电话，不要写个人号码。"), "010-12345678"),
            _STATUS,
        ),
    ),
    Kind.GRIDS: Shape(
        Kind.GRIDS,
        "网格",
        "Grids",
        (
            Column("code", "网格代码", "grid_code", N_("按本市规定的位数，设成文本格式。"), "", needed=True),
            Column("name", "网格名称", "name", N_("全称，最多 150 个字。"), "示例社区第一网格", needed=True),
            _NAME_EN,
            Column("area", "所在区划代码", "area_code", _AREA_CODE, "990102009001", needed=True),
            Column(
                "parent", "所属单位代码", "unit_code", N_("网格归哪个社区或街道单位管。"), "U990102009001", needed=True
            ),
            _STATUS,
        ),
    ),
    Kind.WORKERS: Shape(
        Kind.WORKERS,
        "网格员",
        "Grid workers",
        (
            Column(
                "username",
                "用户名",
                "username",
                N_("登录用，3 到 60 个小写字母、数字、点、横线。"),
                "wang.fang",
                needed=True,
            ),
            Column("name", "姓名", "name", N_("最多 60 个字。"), "王芳", needed=True),
            Column("phone", "工作电话", "phone", N_("单位配的号码，可不填。"), ""),
            Column("grids", "网格代码", "grid_codes", N_("一人管几个网格时用顿号隔开。"), "", needed=True),
            _STATUS,
        ),
    ),
}

_ASIDE = re.compile(r"[（(\[【].*?[)）\]】]")


def heading(text: str) -> str:
    """A heading as it is compared: without spaces, marks of need, and asides in brackets."""
    return re.sub(r"[\s*＊_]+", "", _ASIDE.sub("", text)).lower()


_TITLES = {heading(title): kind for kind, shape in SHAPES.items() for title in (shape.zh, shape.en, kind.value)}


def columns_of(shape: Shape, headings: Iterable[str]) -> dict[int, Column]:
    """Which column of `shape` stands at which place; the first of two with the same heading counts."""
    known = {heading(title): column for column in shape.columns for title in (column.zh, column.en)}
    found: dict[int, Column] = {}
    for place, text in enumerate(headings):
        column = known.get(heading(text))
        if column is not None and column not in found.values():
            found[place] = column
    return found


def kind_of(title: str, headings: Iterable[str]) -> Kind | None:
    """What a sheet holds: by its title, else by its headings; None when neither says."""
    named = _TITLES.get(heading(title))
    if named is not None:
        return named
    given = tuple(headings)
    fitting = []
    for kind, shape in SHAPES.items():
        found = {column.name for column in columns_of(shape, given).values()}
        needed = {column.name for column in shape.columns if column.needed}
        if needed <= found:
            fitting.append((len(found), kind))
    return max(fitting)[1] if fitting else None


# The English of each Chinese heading, for who reads an English page.
ENGLISH_HEADINGS: Mapping[str, str] = {column.zh: column.en for shape in SHAPES.values() for column in shape.columns}
