"""The words that show kind, danger, people, mood and ways out of the hotline, read from `words/signs.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

WORDS = Path(__file__).parent / "words"
# Dangers that belong to an emergency line when they are happening now.
EMERGENCY_LINE: Mapping[str, str] = {
    "fire": "119",
    "drowning": "119",
    "chemical": "119",
    "violence": "110",
    "burglary": "110",
    "suicide": "110",
    "crash": "122",
    "medical": "120",
}


class Cue(NamedTuple):
    """One word: `family` is its table (kind, critical, mood…), `code` its line there."""

    family: str
    code: str
    word: str
    weight: float


@cache
def everything() -> tuple[Cue, ...]:
    """All words of `signs.toml`."""
    tables = tomllib.loads((WORDS / "signs.toml").read_text("utf-8"))
    return tuple(
        _cue(family, code, entry)
        for family, table in tables.items()
        for code, words in table.items()
        for entry in words.split()
    )


def _cue(family: str, code: str, entry: str) -> Cue:
    word, slash, weight = entry.partition("/")
    return Cue(family, code, word.replace("_", " "), float(weight) if slash else 1.0)
