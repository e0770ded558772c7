"""Tokens for finding orders by words of two characters or more. Pure.

Chinese is cut into overlapping pairs of characters, so that every word of two characters or more is found without a
dictionary; Latin words and numbers are kept whole and lower-cased. Only redacted text comes in here.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[0-9a-z]+")
LONGEST_WORD = 40
MOST_TOKENS = 4000


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _pairs(run: str) -> list[str]:
    if run[0] < "\u3400":
        return [run[:LONGEST_WORD]]
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def tokens(text: str) -> list[str]:
    """The distinct tokens of `text`, in the order of first appearance, at most `MOST_TOKENS`."""
    seen = dict.fromkeys(token for run in _runs(text) for token in _pairs(run))
    return list(seen)[:MOST_TOKENS]


def vector(text: str) -> str:
    """The tokens as PostgreSQL reads a tsvector; tokens are letters and digits only, so quoting is plain."""
    return " ".join(f"'{token}'" for token in tokens(text))


def query(words: str) -> str:
    """A tsquery that wants every token of `words`; "" when there is nothing to look for (a lone character)."""
    wanted = [token for token in tokens(words) if len(token) > 1]
    return " & ".join(f"'{token}'" for token in wanted)
