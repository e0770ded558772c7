"""How Chinese names sound: the key that sorts them, since the database's own collations do not. Pure."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 300  # characters that are kept


def sounds(names: Iterable[str]) -> dict[str, str]:
    """The sort key of each name: its syllables without tones, "cheng guan jie dao"."""
    # Imported here: its dictionaries take a third of a second, and only changing areas needs them.
    from pypinyin import lazy_pinyin

    return {name: " ".join(lazy_pinyin(name))[:MOST] for name in set(names)}
