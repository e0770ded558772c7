"""One pass over a text for all signs that are not the catalogue's: kind, danger, people, mood, ways out.

A sign knows whether it is denied (没有漏气), only feared or asked (怕漏气, 有没有漏气), long past, or quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from hotline.understanding.cues import Cue, everything
from hotline.understanding.folding import fold
from hotline.understanding.reading import Span

_MOST = 400  # signs looked at in one text
_BEFORE = 12  # code points before a sign that may turn its meaning
_DENIED = re.compile(
    r"(?:没有|没|未|并无|无|不是|不会|并非|不存在|未发现|排除了?|不再|谈不上)(?!人|事)[^，。！？；,.!?;\s]{0,2}$|不$"
)
_ASKED = re.compile(r"(?:有没有|是不是|是否|会不会|有无)[^，。！？；,.!?;\s]{0,4}$")
_FEARED = re.compile(
    r"(?:如果|要是|万一|担心|怕|害怕|恐怕|容易|可能|以防|防止|预防|避免|会|引发|引起|导致|造成|杜绝|防范)[^，。！？；,.!?;]{0,6}$"
)
_AFTER_FEARED = re.compile(r"^(?:隐患|风险|演练|宣传|预案|防控|知识|怎么办|险|报警器|警报器|机|保险|应急)")
_PAST = re.compile(
    r"(?:前天|前几天|去年|前年|上次|上个月|上周|以前|曾经|曾|之前|原来|多年前|\d+月\d+[日号])[^。！？!?]{0,8}$"
)
_QUOTES = re.compile(r'"[^"]{0,200}"')


@dataclass(frozen=True)
class Sign:
    """One cue found in the text, with what the words around it make of it."""

    cue: Cue
    span: Span
    denied: bool = False
    feared: bool = False
    past: bool = False
    quoted: bool = False

    @property
    def holds(self) -> bool:
        """Said as a fact."""
        return not (self.denied or self.feared)


class SignFinder:
    """The automaton over all cues; `more` are a city's own words. Build once per policy version."""

    def __init__(self, more: Iterable[Cue] = ()) -> None:
        self._cues: dict[str, list[Cue]] = {}
        for cue in (*everything(), *more):
            self._cues.setdefault(fold(cue.word), []).append(cue)
        self._words: Sequence[str] = [word for word in self._cues if word]
        self._automaton = ahocorasick_rs.AhoCorasick(list(self._words))

    def find(self, folded: str) -> tuple[Sign, ...]:
        """All signs in a folded text, in order; within a family and code the longer of two that overlap."""
        quotes = [(match.start(), match.end()) for match in _QUOTES.finditer(folded)]
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        hits.sort(key=lambda hit: (hit[1], -hit[2]))
        reach: dict[tuple[str, str], int] = {}
        found: list[Sign] = []
        for word, start, end in hits:
            around: Sign | None = None
            for cue in self._cues[self._words[word]]:
                if end <= reach.get((cue.family, cue.code), -1):
                    continue
                reach[cue.family, cue.code] = end
                around = around or _around(cue, folded, start, end, quotes)
                found.append(Sign(cue, around.span, around.denied, around.feared, around.past, around.quoted))
            if len(found) >= _MOST:
                break
        return tuple(found)


def _around(cue: Cue, folded: str, start: int, end: int, quotes: Sequence[tuple[int, int]]) -> Sign:
    before = folded[max(0, start - _BEFORE) : start]
    asked = bool(_ASKED.search(before))
    return Sign(
        cue,
        Span(start, end),
        denied=not asked and bool(_DENIED.search(before)),
        feared=asked or bool(_FEARED.search(before)) or bool(_AFTER_FEARED.match(folded[end : end + 4])),
        past=bool(_PAST.search(before)),
        quoted=any(low < start and end < high for low, high in quotes),
    )
