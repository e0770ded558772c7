"""How people say what the catalogue calls otherwise, read from `words/everyday.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from hotline.understanding.cues import WORDS


@cache
def groups() -> Mapping[str, tuple[str, ...]]:
    """Catalogue word → everyday words for it."""
    return {head: tuple(words.split()) for head, words in _file()["everyday"].items()}


@cache
def weak() -> frozenset[str]:
    """Catalogue words that are said about nearly everything and so prove little."""
    return frozenset(_file()["weak"].split())


@cache
def idle() -> frozenset[str]:
    """Words of duties and names that say nothing about the matter."""
    return frozenset(_file()["idle"].split())


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((WORDS / "everyday.toml").read_text("utf-8"))
