"""Reading the moments that people and programs write into tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

_FULL_WIDTH = str.maketrans("０１２３４５６７８９：／－．　", "0123456789:/-. ")
_CHINESE = re.compile(r"(\d+)年(\d+)月(\d+)[日号]")
_CHINESE_CLOCK = re.compile(r"(\d+)[时点](\d+)分(?:(\d+)秒)?")
_SPACES = re.compile(r"\s+")


def read_moment(written: str, formats: Sequence[str], zone: ZoneInfo) -> datetime | None:
    """The moment that `written` means, aware; None when no format fits.

    ISO 8601 always fits; one without an offset is local time in `zone`, as are all `formats` (strptime).
    """
    text = _plain(written)
    for candidate in (_iso(text), *(_strict(text, each) for each in formats)):
        if candidate is not None:
            return candidate if candidate.tzinfo else candidate.replace(tzinfo=zone)
    return None


def _plain(written: str) -> str:
    text = written.translate(_FULL_WIDTH)
    text = _CHINESE.sub(r"\1-\2-\3 ", text)
    text = _CHINESE_CLOCK.sub(lambda found: f"{found[1]}:{found[2]}:{found[3] or '00'}", text)
    return _SPACES.sub(" ", text).strip()


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _strict(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None
