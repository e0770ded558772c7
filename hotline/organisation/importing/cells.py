"""What people type into cells, made plain: spaces, full-width signs, codes that became numbers. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from hotline.organisation.roles import LEVEL_LABELS, Level

_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# Of a text only digits and letters are made narrow: brackets and commas are how Chinese is written.
_NARROW_TEXT = {wide: narrow for wide, narrow in _WIDE.items() if chr(narrow).isalnum()}
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d{1,3})", re.IGNORECASE)
_WHOLE = re.compile(r"(\d+)\.0+")
_SEPARATORS = re.compile(r"[、,，;；|\s]+")
_PHONE = re.compile(r"\+?\d[\d ()-]{1,19}(?:转\d{1,6})?")
_LEVELS = {
    **{level.value: level for level in Level},
    **{label: level for level, label in LEVEL_LABELS.items()},
    "省": Level.PROVINCE,
    "市": Level.CITY,
    "县": Level.COUNTY,
    "区县": Level.COUNTY,
    "县区": Level.COUNTY,
    "县市区": Level.COUNTY,
    "乡镇": Level.TOWN,
    "街道": Level.TOWN,
    "镇街": Level.TOWN,
    "乡镇街道": Level.TOWN,
    "社区": Level.COMMUNITY,
    "村": Level.COMMUNITY,
    "村社区": Level.COMMUNITY,
    "社区村": Level.COMMUNITY,
    "企业": Level.SUPPLIER,
}
_STATUS = {
    **dict.fromkeys(("在用", "启用", "正常", "是", "active", "yes", "true", "1"), True),
    **dict.fromkeys(("停用", "撤销", "注销", "否", "ended", "inactive", "no", "false", "0"), False),
}


class DigitsLost(ValueError):
    """A spreadsheet program has rounded a code: its last digits are gone."""


def text(written: str) -> str:
    """Words as they are kept: no spaces at the ends, single ones inside, digits and letters of usual width."""
    if written.isascii() and written.isalnum():
        return written
    return " ".join(written.translate(_UNSEEN).translate(_NARROW_TEXT).split())


def code(written: str) -> str:
    """A code as it is kept; what a spreadsheet program made of it is undone. Raises DigitsLost where it cannot be."""
    plain = "".join(written.translate(_UNSEEN).translate(_WIDE).split()).lstrip("'")
    found = _SCIENTIFIC.fullmatch(plain)
    if found is None:
        whole = _WHOLE.fullmatch(plain)
        return whole[1] if whole else plain
    if len(found[2] or "") < int(found[3]):
        raise DigitsLost(plain)
    return f"{Decimal(plain):f}".partition(".")[0]


def codes(written: str) -> list[str]:
    """Several codes of one cell, each once, sorted. Raises DigitsLost."""
    return sorted({code(each) for each in _SEPARATORS.split(written.translate(_UNSEEN)) if each})


def level(written: str) -> Level | None:
    """The level that is meant; None when it is none."""
    plain = text(written)
    return _LEVELS.get(plain) or _LEVELS.get(re.sub(r"[、/，, 级（）()]", "", plain).lower())


def status(written: str) -> bool | None:
    """Whether the row is in use; None when the cell says something else."""
    return _STATUS.get(text(written).lower())


def phone(written: str) -> str | None:
    """A telephone number, or several; None when it is none. Digits come out narrow, separated by 、."""
    plain = " ".join(written.translate(_UNSEEN).translate(_WIDE).split())
    plain = re.sub(r"\.0$", "", plain)
    parts = [each.strip() for each in re.split(r"[、,;/]", plain) if each.strip()]
    return "、".join(parts) if all(map(_PHONE.fullmatch, parts)) else None
