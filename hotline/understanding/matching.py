"""Finds which matters of the catalogue a text may be about, by the catalogue's own words.

Every keyword, name and word of a duty is a term; a term weighs more the fewer matters share it and the longer it
is. One pass of an automaton finds all terms; within a matter, terms that lie on top of each other count once.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

import ahocorasick_rs
import rjieba

from hotline.understanding.folding import fold
from hotline.understanding.reading import Guess, Span
from hotline.understanding.synonyms import groups, idle, weak

# Weights of a term by where the catalogue uses it; chosen on one half of the phrases, checked on the other.
KEYWORD, SYNONYM, SYNONYM_PART, NAME_WORD, KEYWORD_PAIR, NAME_PAIR, GROUP_WORD, DUTY_WORD, ENGLISH = (
    1.0, 0.8, 0.5, 0.9, 0.4, 0.1, 0.1, 0.25, 0.6,
)  # fmt: skip
WEAK_FACTOR = 0.5
SIBLINGS = 0.3  # share of the scores in the same second level that a matter is given
OTHER_KIND = 0.75  # factor when the matter does not admit the kind that was read
NEAR_TIE = 0.93
REPEATED, HEADLINE = 0.6, 2.0  # a word said often, or said in the title, is what it is about
_LOOKED_AT = 40
STRAY = 0.45  # a total below this is one stray pair of characters: better none than a wild guess
_HAN_PAIR = re.compile(r"[\u4e00-\u9fff]{2}")


@dataclass(frozen=True)
class MatterWords:
    """What the catalogue says about one matter, as far as reading needs it. `kinds` are kind codes."""

    code: str
    name: str
    group: str
    keywords: tuple[str, ...]
    duty: str = ""
    closing: str = ""
    name_en: str = ""
    kinds: tuple[str, ...] = ()
    urgency: str = "normal"
    confusable_with: frozenset[str] = frozenset()


class MatterIndex:
    """The catalogue as an automaton; build once per policy version (about 0.2 s for 300 matters)."""

    def __init__(self, matters: Sequence[MatterWords]) -> None:
        self.matters = tuple(matters)
        terms = _terms(self.matters)
        self._terms = list(terms)
        self._automaton = ahocorasick_rs.AhoCorasick(self._terms)
        scale = math.log(len(self.matters) + 1) or 1.0
        self._postings = [
            tuple(
                (matter, weight * _rarity(len(users), scale, self.matters) * _length(term))
                for matter, weight in users.items()
            )
            for term, users in terms.items()
        ]
        self._english = [term.isascii() for term in self._terms]
        self._siblings = [each.code[:4] for each in self.matters]

    def candidates(
        self, folded: str, *, kind: str | None, headline: Span | None = None, limit: int = 3
    ) -> tuple[Guess, ...]:
        """The likeliest matters in a folded text, best first; empty when nothing in the text is the catalogue's.

        `kind` is the kind that was read, `headline` where the title stands: its words say what it is about.
        """
        hits = self._hits(folded, headline)
        totals = {matter: _total(hits[matter]) for matter in _strongest(hits)}
        totals = self._adjusted(totals, kind)
        ranked = sorted(totals, key=lambda matter: (-totals[matter], self.matters[matter].code))[: limit + 1]
        if not ranked or totals[ranked[0]] < STRAY:
            return ()
        self._break_tie(ranked, totals, hits)
        return tuple(
            Guess(
                value=self.matters[matter].code,
                confidence=_confidence(
                    totals[matter],
                    max(totals[other] for other in ranked if other != matter) if len(ranked) > 1 else 0.0,
                ),
                spans=_evidence(hits[matter]),
                why="catalogue_words",
            )
            for matter in ranked[:limit]
        )

    def _hits(self, folded: str, headline: Span | None) -> dict[int, list[tuple[float, int, int]]]:
        said: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for term, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if not self._english[term] or _whole_word(folded, start):
                said[term].append((start, end))
        found: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
        for term, places in said.items():
            boost = 1.0 + REPEATED * math.log(len(places))
            if headline and any(headline.start <= start and end <= headline.end for start, end in places):
                boost *= HEADLINE
            for matter, weight in self._postings[term]:
                found[matter].append((weight * boost, *places[0]))
        return found

    def _adjusted(self, totals: Mapping[int, float], kind: str | None) -> dict[int, float]:
        groups_total: dict[str, float] = defaultdict(float)
        for matter, total in totals.items():
            groups_total[self._siblings[matter]] += total
        adjusted = {}
        for matter, total in totals.items():
            total += SIBLINGS * (groups_total[self._siblings[matter]] - total)
            kinds = self.matters[matter].kinds
            adjusted[matter] = total * OTHER_KIND if kind and kinds and kind not in kinds else total
        return adjusted

    def _break_tie(
        self, ranked: list[int], totals: Mapping[int, float], hits: Mapping[int, list[tuple[float, int, int]]]
    ) -> None:
        # Two neighbours that dispatchers mix up and that score alike: the one with the single strongest word leads.
        if len(ranked) < 2 or totals[ranked[1]] < NEAR_TIE * totals[ranked[0]]:
            return
        first, second = ranked[:2]
        confusable = self.matters[second].code in self.matters[first].confusable_with
        if confusable and max(hits[second]) > max(hits[first]):
            ranked[:2] = [second, first]


def _terms(matters: Sequence[MatterWords]) -> dict[str, dict[int, float]]:
    terms: dict[str, dict[int, float]] = defaultdict(dict)
    for number, matter in enumerate(matters):
        for term, weight in (*_own_terms(matter), *_everyday_terms(matter)):
            word = fold(term).strip()
            if word:
                weight *= WEAK_FACTOR if word in weak() else 1.0
                terms[word][number] = max(terms[word].get(number, 0.0), weight)
    return terms


def _own_terms(matter: MatterWords) -> Iterable[tuple[str, float]]:
    for word in (*matter.keywords, matter.name):
        yield word, KEYWORD
    for keyword in matter.keywords:
        if len(keyword) > 2:
            yield from ((pair, KEYWORD_PAIR) for pair in _pairs(keyword))
    yield from ((pair, NAME_PAIR) for pair in _pairs(matter.name))
    yield from ((word, NAME_WORD) for word in _words(matter.name))
    yield from ((word, GROUP_WORD) for word in _words(matter.group))
    yield from ((word, DUTY_WORD) for word in _words(matter.duty + "。" + matter.closing) if word not in idle())
    english = re.findall(r"[a-z]{4,}", matter.name_en.lower())
    yield from ((word, ENGLISH) for word in english if word not in idle())


def _everyday_terms(matter: MatterWords) -> Iterable[tuple[str, float]]:
    own = (*matter.keywords, matter.name)
    for head, variants in groups().items():
        weight = SYNONYM if head in own else SYNONYM_PART if any(head in word for word in own) else 0.0
        if weight:
            yield from ((variant, weight) for variant in variants)


def _pairs(word: str) -> list[str]:
    return [pair for at in range(len(word) - 1) if _HAN_PAIR.fullmatch(pair := word[at : at + 2])]


def _words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text) if len(word) > 1]


def _rarity(users: int, scale: float, matters: Sequence[MatterWords]) -> float:
    return (math.log((len(matters) + 1) / users) / scale) ** 2


def _length(term: str) -> float:
    return 1.5 if term.isascii() else float(min(len(term), 5) ** 0.6)


def _whole_word(folded: str, start: int) -> bool:
    # The end may run on (plural, -ing); the beginning may not.
    before = folded[start - 1 : start]
    return not (before.isascii() and before.isalpha())


def _strongest(hits: Mapping[int, list[tuple[float, int, int]]]) -> list[int]:
    # Weights added up are never less than the total, so the rest cannot win; a long text touches half the catalogue.
    bounds = {matter: sum(weight for weight, _, _ in found) for matter, found in hits.items()}
    return nlargest(_LOOKED_AT, bounds, key=lambda matter: bounds[matter])


def _total(found: list[tuple[float, int, int]]) -> float:
    if len(found) == 1:
        return found[0][0]
    covered: set[int] = set()
    total = 0.0
    for weight, start, end in sorted(found, reverse=True):
        places = range(start, end)
        fresh = sum(place not in covered for place in places)
        total += weight * fresh / (end - start)
        covered.update(places)
    return total


def _evidence(found: list[tuple[float, int, int]]) -> tuple[Span, ...]:
    strongest = sorted(found, reverse=True)[:6]
    kept: list[Span] = []
    for _, start, end in strongest:
        if not any(start < span.end and span.start < end for span in kept):
            kept.append(Span(start, end))
    return tuple(sorted(kept))


def _confidence(total: float, best_other: float) -> float:
    """How likely this matter is right: a logistic curve over strength and lead, fitted on half of the phrases.

    Long texts gather strength from many words, so strength counts no further than short texts reach.
    """
    lead = math.log((total + 0.1) / (best_other + 0.1))
    return round(0.95 / (1.0 + math.exp(-(-1.43 + 1.32 * math.log(min(total, 3.0)) + 1.42 * lead))), 3)
