"""Reads named values from one row or one table, and notes every fault instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, time

from hotline.packs.faults import Faults, Place
from hotline.packs.times import LIMIT_UNITS, Limit
from hotline.refusal import N_

_LIMIT = re.compile(r"([1-9][0-9]{0,4}) ([a-z_]+)")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
HOUR = "([01][0-9]|2[0-3]):[0-5][0-9]"
NONE = "none"
_FLAGS: Mapping[object, bool] = {"yes": True, "no": False}


def names(words: str) -> tuple[str, ...]:
    """Names written one after another, as a tuple."""
    return tuple(words.split())


class Fields:
    """The values of one CSV row (all text) or TOML table (typed), with the place of each.

    Every reader returns a harmless value after noting a fault, so that the rest can still be checked;
    the caller must not use the result once faults were noted. `values` that nobody reads are faults of `close()`.
    """

    def __init__(self, values: Mapping[str, object], place: Callable[[str], Place], faults: Faults) -> None:
        self._values = values
        self._place = place
        self._faults = faults
        self._read: set[str] = set()

    def place(self, name: str = "") -> Place:
        """Where `name`, or the row or table itself, stands."""
        return self._place(name)

    def fault(self, name: str, what: str, remedy: str, **params: object) -> None:
        """Note a fault at `name`."""
        self._faults.add(self._place(name), what, remedy, name=name, **params)

    def _get(self, name: str) -> object:
        self._read.add(name)
        value = self._values.get(name)
        return value.strip() if isinstance(value, str) else value

    def text(self, name: str, default: str | None = None) -> str:
        """Text; an empty or absent value is a fault unless `default` is given."""
        value = self._get(name)
        if isinstance(value, str) and value:
            if "\x00" not in value:
                return value
            self.fault(name, N_("“%(name)s”含有不可见字符。"), N_("请删除该值后重新输入。"))
        elif value is not None and not isinstance(value, str):
            self.fault(name, N_("“%(name)s”应为文字。"), N_('请加上英文双引号，例如 %(name)s = "…"。'))
        elif default is None:
            self.fault(name, N_("缺少“%(name)s”。"), N_("请填写该值。"))
        return default or ""

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of `allowed`."""
        value = self.text(name, default)
        if value in allowed or not value:
            return value
        self._not_allowed(name, value, allowed)
        return next(iter(allowed), "")

    def _not_allowed(self, name: str, value: str, allowed: Collection[str]) -> None:
        self.fault(
            name,
            N_("“%(name)s”的值“%(value)s”不可用。"),
            N_("请从以下各项中选择：%(allowed)s。"),
            value=value[:60],
            allowed="、".join(list(allowed)[:20]),
        )

    def listing(self, name: str, allowed: Collection[str] | None = None, least: int = 0) -> tuple[str, ...]:
        """Several texts: `|` between them in CSV, a list in TOML; no empty and no double ones, at least `least`."""
        value = self._get(name)
        items: list[str] = []
        if isinstance(value, str):
            items = [item.strip() for item in value.split("|")] if value else []
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            items = [str(item).strip() for item in value]
        elif value is not None:
            self.fault(name, N_("“%(name)s”应为文字列表。"), N_('请写成 %(name)s = ["…", "…"]。'))
        if "" in items or len(set(items)) != len(items):
            self.fault(name, N_("“%(name)s”中有空项或重复项。"), N_("请删除空项和重复项。"))
        if len(items) < least:
            self.fault(name, N_("“%(name)s”至少要有 %(least)s 项。"), N_("请补充。"), least=least)
        for item in items if allowed is not None else ():
            if item and item not in (allowed or ()):
                self._not_allowed(name, item, allowed or ())
        return tuple(items)

    def flag(self, name: str, default: bool | None = None) -> bool:
        """Yes or no in CSV, true or false in TOML."""
        value = self._get(name)
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in _FLAGS:
            return _FLAGS[value]
        if value in (None, "") and default is not None:
            return default
        self.fault(name, N_("“%(name)s”只能是“是”或“否”。"), N_("表格中请填 yes 或 no，配置中请填 true 或 false。"))
        return False

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self._get(name)
        if isinstance(value, str) and _WHOLE.fullmatch(value) and value.isascii():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(
            name,
            N_("“%(name)s”应为 %(least)s 到 %(most)s 之间的整数。"),
            N_("请改为该范围内的整数。"),
            least=least,
            most=most,
        )
        return least

    def day(self, name: str) -> date:
        """A date, 2026-01-31."""
        value = self._get(name)
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.fault(name, N_("“%(name)s”不是日期。"), N_("请写成 2026-01-31 这样的日期。"))
            return date.min

    def days(self, name: str) -> tuple[date, ...]:
        """A TOML list of dates; absent means none."""
        value = self._get(name)
        if value is None:
            return ()
        if isinstance(value, list) and all(type(item) is date for item in value) and len(set(value)) == len(value):
            return tuple(value)
        self.fault(name, N_("“%(name)s”应为日期列表，且不得重复。"), N_("请写成 %(name)s = [2026-02-14, 2026-02-28]。"))
        return ()

    def limit(self, name: str, units: Collection[str] = LIMIT_UNITS) -> Limit:
        """A length of time such as “3 working_days”, in one of `units`."""
        value = self.text(name)
        match = _LIMIT.fullmatch(value)
        if match and match[2] in units:
            return Limit(int(match[1]), match[2])
        if value:
            self.fault(
                name,
                N_("“%(name)s”的时限“%(value)s”无法识别。"),
                N_("请写成“数量 单位”，例如“3 working_days”；单位可用：%(units)s。"),
                value=value[:60],
                units="、".join(units),
            )
        return Limit(1, LIMIT_UNITS[0])

    def limit_or_none(self, name: str, units: Collection[str] = LIMIT_UNITS) -> Limit | None:
        """A length of time, or None where the value is "none"."""
        return None if self._get(name) == NONE else self.limit(name, units)

    def hour(self, name: str) -> time:
        """A time of day, 09:00."""
        text = self.matching(name, HOUR, N_('请写成 "09:00" 这样的时刻。'))
        try:
            return time.fromisoformat(text)
        except ValueError:
            return time.min

    def hour_or(self, name: str, word: str) -> time | None:
        """A time of day, or None where the value is `word`."""
        return None if self._get(name) == word else self.hour(name)

    def matching(self, name: str, pattern: str, remedy: str) -> str:
        """Text that matches `pattern` wholly; `remedy` says how it must look."""
        value = self.text(name)
        if value and not re.fullmatch(pattern, value):
            self.fault(name, N_("“%(name)s”的值“%(value)s”格式不对。"), remedy, value=value[:60])
        return value

    def tables(self, name: str | None = None, *, needed: Collection[str] = ()) -> dict[str, Fields]:
        """The named tables inside `name` (or inside this table itself), each once; `needed` ones must be there."""
        inner = self if name is None else self.table(name)
        found = {key: inner.table(key) for key in inner._values}
        for key in needed:
            if key not in found:
                inner.fault(key, N_("缺少“%(name)s”一节。"), N_("请补充该节。"))
        return found

    def table(self, name: str) -> Fields:
        """The table called `name`; empty after a fault."""
        value = self._get(name)
        if value is None:
            self.fault(name, N_("缺少“%(name)s”一节。"), N_("请补充该节。"))
        elif not isinstance(value, dict):
            self.fault(name, N_("“%(name)s”应为一节，而不是一个值。"), N_("请写成 [%(name)s] 开头的一节。"))
        value = value if isinstance(value, dict) else {}
        return Fields(value, lambda key: self._place(f"{name}\x1f{key}" if key else name), self._faults)

    def names(self) -> tuple[str, ...]:
        """The names of all values, in the order of the file."""
        return tuple(self._values)

    def has(self, name: str) -> bool:
        """Is there a value called `name`?"""
        return name in self._values

    def close(self) -> None:
        """Note a fault for every value that nobody read."""
        for name in self._values.keys() - self._read:
            self.fault(name, N_("不认识的项“%(name)s”。"), N_("请检查拼写，或删除该项。"))
