"""One spelling for every way of writing: simplified characters, half-width signs, lower case.

Folding replaces each code point by exactly one other, so an offset in the folded text is the same offset in the
text as it was given. That is why characters are mapped one by one and not by phrases.
"""

from __future__ import annotations

from functools import cache

import opencc

_BLANKS = "\u0000\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_PUNCTUATION = {"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'", "﹗": "!"}


def fold(text: str) -> str:
    """The text in one spelling, of the same length, code point by code point; never fails."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    table = {0xFF01 + step: chr(0x21 + step).lower() for step in range(94)}  # full-width to half-width
    table |= {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table |= {ord(old): new for old, new in _PUNCTUATION.items()}
    table |= dict.fromkeys((ord(each) for each in _BLANKS), " ")
    table |= dict.fromkeys(range(0xD800, 0xE000), " ")  # a lone surrogate is no character and breaks encoders
    # The automaton marks sentence ends by these, so Chinese marks keep their full-width form.
    table |= {ord("，"): "，", ord("！"): "！", ord("？"): "？", ord("；"): "；", ord("："): ":"}
    return table | _simplified()


def _simplified() -> dict[int, str]:
    han = [chr(code) for low, high in ((0x3400, 0xA000), (0xF900, 0xFB00)) for code in range(low, high)]
    # A line each, so that no two characters are taken for a phrase.
    plain = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {ord(old): new for old, new in zip(han, plain, strict=True) if old != new and len(new) == 1}
