"""Finds where something is: a gazetteer of the authority's areas, and address pieces that no gazetteer knows.

Names are found with and without their suffix (启明街道, 启明). A name that stands for several areas, or a short name
that is also an ordinary word, counts only together with an area above it; what stays ambiguous is answered by the
nearest area above all candidates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import ahocorasick_rs

from hotline.understanding.folding import fold
from hotline.understanding.reading import PlaceGuess, Span

_SUFFIXES = {
    "city": ("市",),
    "county": ("自治县", "区", "县", "市", "旗"),
    "town": ("街道办事处", "街道", "民族乡", "镇", "乡", "林场", "农场", "管理区"),
    "community": (
        "社区居民委员会", "社区居委会", "村民委员会", "村委会", "居委会", "社区", "村", "居民区",
    ),
    "village": ("村民委员会", "村委会", "村"),
}  # fmt: skip
FULL, SHORT, BARE = 1.0, 0.6, 0.25  # trust in a full name, a short county or town name, a short community name
_ENOUGH = 0.5
_MOST = 200  # names and pieces looked at; a text with more is a list, not an appeal
_JOIN = 12  # code points between a name and the name above it that still read as one address
_ADDRESS = re.compile(
    r"(?:[^\W\d_a-z在的是了住于到从和与有我你他这那离靠近去对把被往位]{2,6}(?:大道|(?<![村马公道修铁线网电这那条])路|街(?!道)|巷|弄|胡同)(?:中段|东段|西段|南段|北段)?(?:\d{1,5}号)?)"
    r"|(?:[^\W_在的是了住于到从和与有我你他这那离靠近去对把被往位]{2,7}(?:小区|花园|家园|公寓|山庄|新城|广场|市场|大厦|学校|小学|中学|幼儿园|医院|工业园|车站|苑|府|城(?=[\da-z第])))"
    r"|(?:[a-z]?\d{1,4}(?:栋|幢|号楼|座|单元|室|楼|组)(?:\d{1,4}(?:单元|室|号|楼))*)"
    r"|(?:\d{1,5}号(?=[院房附]))"
)


@dataclass(frozen=True)
class AreaName:
    """One area as far as reading needs it; `parent` is a code or None for the root."""

    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    trust: dict[str, float]  # area code → how surely this spelling means it


class Gazetteer:
    """The authority's areas as an automaton; build once per revision of the areas."""

    def __init__(self, areas: Sequence[AreaName]) -> None:
        self._areas = {area.code: area for area in areas}
        names: dict[str, dict[str, float]] = defaultdict(dict)
        for area in areas:
            for name, trust in _spellings(area):
                names[name][area.code] = max(names[name].get(area.code, 0.0), trust)
        self._names = list(names.items())
        self._automaton = ahocorasick_rs.AhoCorasick([name for name, _ in self._names]) if self._names else None

    def place(self, folded: str, *, given: str | None = None) -> PlaceGuess | None:
        """The area the text speaks of (`given`: an area a form already names) and its address pieces, or None."""
        hits = self._hits(folded)
        address = tuple(_address(folded, hits))
        scores, spans = self._scores(hits, given)
        best = max(scores.values(), default=0.0)
        if best < _ENOUGH:
            if not address and given is None:
                return None
            code = given if given in self._areas else None
            return PlaceGuess(
                code, _precision(code and self._areas[code].level, address), 0.9 if code else 0.3, (), address
            )
        winners = [code for code, score in scores.items() if score >= best - 1e-9]
        code, sure = self._settle(winners, scores), len(winners) == 1
        level = self._areas[code].level if code else None
        confidence = min(0.95, 0.35 + 0.35 * best) if sure else 0.5
        evidence = tuple(sorted({span for each in (*winners, code) if each for span in spans.get(each, ())}))
        return PlaceGuess(code, _precision(level, address), round(confidence, 3), evidence, address)

    def above(self, code: str) -> tuple[str, ...]:
        """Codes of the areas above, nearest first."""
        found: list[str] = []
        area = self._areas.get(code)
        while area and area.parent and area.parent in self._areas:
            found.append(area.parent)
            area = self._areas[area.parent]
        return tuple(found)

    def _hits(self, folded: str) -> list[_Hit]:
        if self._automaton is None:
            return []
        found = []
        for name, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            found.append(_Hit(start, end, self._names[name][1]))
        found.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[_Hit] = []
        for hit in found:  # a name inside a longer name is not said by itself
            if not any(other.start <= hit.start and hit.end <= other.end for other in kept[-3:]):
                kept.append(hit)
        return kept[:_MOST]

    def _scores(self, hits: Sequence[_Hit], given: str | None) -> tuple[dict[str, float], dict[str, set[Span]]]:
        first: dict[str, _Hit] = {}
        for hit in hits:
            for code, trust in hit.trust.items():
                if code not in first or trust > first[code].trust[code]:
                    first[code] = hit
        scores: dict[str, float] = {}
        spans: dict[str, set[Span]] = defaultdict(set)
        for code, hit in first.items():
            score = hit.trust[code]
            spans[code].add(Span(hit.start, hit.end))
            above = self.above(code)
            for step in above:
                if step in first and first[step].start != hit.start:
                    score += _support(hit.start - first[step].end) * first[step].trust[step]
                    spans[code].add(Span(first[step].start, first[step].end))
            if given and (given in above or given == code):
                score += 0.5
            scores[code] = score + 0.05 * len(above)  # of two readings equally well supported the finer one
        return scores, spans

    def _settle(self, winners: Sequence[str], scores: dict[str, float]) -> str | None:
        """The one area meant: the only winner, else what is above them all, made finer by another area that is said."""
        if len(winners) == 1:
            return winners[0]
        chains = [(code, *self.above(code)) for code in winners]
        common = next((code for code in chains[0] if all(code in chain for chain in chains)), None)
        said = [
            code
            for code, score in scores.items()
            if score >= _ENOUGH and common in self.above(code) and code not in winners
        ]
        return max(said, key=lambda code: scores[code], default=common)


def _support(gap: int) -> float:
    # 望江区新建 names the village; 望江区 said elsewhere only makes it likelier.
    return 0.9 if gap == 0 else 0.6 if 0 < gap <= _JOIN else 0.35


def _spellings(area: AreaName) -> Iterable[tuple[str, float]]:
    name = fold(area.name).strip()
    if len(name) < 2:
        return
    yield name, FULL
    for suffix in _SUFFIXES.get(area.level, ()):
        bare = name.removesuffix(suffix)
        if bare != name and len(bare) >= 2:
            yield bare, BARE if area.level in ("community", "village") else SHORT
            if area.level in ("community", "village"):
                yield from (
                    (bare + other, FULL) for other in ("社区", "村") if suffix.startswith(other) or suffix == "居委会"
                )
            return


def _address(folded: str, hits: Sequence[_Hit]) -> Iterable[Span]:
    ends = {hit.end for hit in hits}
    for match in islice(_ADDRESS.finditer(folded), _MOST):
        start = max((at for at in range(match.start(), match.end() - 2) if at in ends), default=match.start())
        yield Span(start, match.end())


def _precision(level: str | None, address: Sequence[Span]) -> str:
    if address:
        return "address"
    return "community" if level in ("village", "community") else level or "address"
