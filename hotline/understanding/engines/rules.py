"""The engine that is always there: rules over the catalogue's words, the authority's areas and plain word tables.

Its confidences are estimates of how often such a guess is right, not probabilities of a trained model.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from hotline.residents.masking import redact
from hotline.understanding.cues import EMERGENCY_LINE, Cue
from hotline.understanding.engines.signs import Sign, SignFinder
from hotline.understanding.folding import fold
from hotline.understanding.matching import MatterIndex, MatterWords
from hotline.understanding.moments import chinese_number, times
from hotline.understanding.places import AreaName, Gazetteer
from hotline.understanding.reading import (
    CALM,
    LONGEST_READ,
    NORMAL,
    Context,
    Guess,
    PeopleGuess,
    Reading,
    Span,
    empty,
)

RULES_VERSION = "1"
_LETTER = re.compile(r"[\u3400-\u9fffa-z]")
_COUNT = re.compile(
    r"(?P<number>\d{1,6}|[一二两三四五六七八九十百几]{1,5})(?P<more>多|余|来)?(?P<unit>户|人|名|家|位)(?![民口均])"
)
_MATTER_URGENT = 0.6  # a matter that is urgent by the catalogue raises the order only when it is this sure
_SHORT, _NEAR = 150, 40  # code points: a text this short is about now; a word of now this near makes a danger live
_ALWAYS_LIVE = frozenset({"gas_leak", "trapped", "supply_cut", "burst", "pit", "wire"})
_CONSULTING = frozenset({"consult", "suggestion"})


class RulesEngine:
    """Reads with rules. Build once per policy version and revision of the areas (about 0.3 s), then share."""

    name = "rules"

    def __init__(
        self, matters: Sequence[MatterWords], areas: Sequence[AreaName], *, more: Iterable[Cue] = (), edition: str = ""
    ) -> None:
        """`more` are the city's own words of danger; `edition` names catalogue and areas in the version."""
        self.version = f"{RULES_VERSION}.{edition}" if edition else RULES_VERSION
        self._matters = MatterIndex(matters)
        self._by_code = {each.code: each for each in matters}
        self._urgent_matters = frozenset(each.code for each in matters if each.urgency != "normal")
        self._places = Gazetteer(areas)
        self._signs = SignFinder(more)

    def read(self, text: str, context: Context) -> Reading:
        """What the text says; looks at its first `LONGEST_READ` code points. Never raises for any text."""
        redacted = redact(text).text if context.redact else ""
        folded = fold(text[:LONGEST_READ])
        if not _LETTER.search(folded):
            return empty(self.name, self.version, "nothing_to_read", redacted=redacted)
        signs = self._signs.find(folded)
        kind = read_kind(signs)
        matters = self._matters.candidates(folded, kind=kind.value if kind else None, headline=context.headline)
        way_out = read_exit(signs, folded, kind)
        nonsense = way_out is not None and way_out.why in ("no_substance", "malicious")
        return Reading(
            engine=self.name,
            version=self.version,
            kind=kind or (usual_kind(self._by_code[matters[0].value]) if matters else None),
            matters=matters,
            place=self._places.place(folded, given=context.area_code),
            times=times(folded, context.at),
            people=read_people(signs, folded),
            urgency=read_urgency(signs, folded, kind, matters[0] if matters else None, self._urgent_matters),
            mood=read_mood(signs, folded),
            out_of_scope=way_out,
            redacted=redacted,
            empty_reason=None if matters else "nonsense" if nonsense else "no_matter",
        )


def read_kind(signs: Sequence[Sign]) -> Guess | None:
    """Which of the five kinds the words show; None when they show none."""
    scores: dict[str, float] = defaultdict(float)
    spans: dict[str, list[Span]] = defaultdict(list)
    for sign in signs:
        if sign.cue.family == "kind" and not sign.denied:
            scores[sign.cue.code] += sign.cue.weight * (0.5 if sign.quoted else 1.0)
            spans[sign.cue.code].append(sign.span)
        elif sign.cue.family in ("critical", "urgent") and sign.holds:
            scores["help"] += 0.5
            spans["help"].append(sign.span)
    if not scores:
        return None
    best = max(scores, key=lambda code: scores[code])
    share = scores[best] / sum(scores.values())
    confidence = min(0.9, 0.25 + 0.5 * share + 0.05 * min(scores[best], 3.0))
    return Guess(best, round(confidence, 3), tuple(spans[best][:6]), "word_signs")


def usual_kind(matter: MatterWords) -> Guess | None:
    """The kind to propose when no word shows one: a complaint where the matter admits it, else its first kind."""
    if not matter.kinds:
        return None
    return Guess("complaint" if "complaint" in matter.kinds else matter.kinds[0], 0.4, (), "matter_kinds")


def read_urgency(
    signs: Sequence[Sign], folded: str, kind: Guess | None, matter: Guess | None, urgent_matters: Collection[str]
) -> Guess:
    """normal, urgent or critical: by dangers that are said as facts, else by what the catalogue says of the matter."""
    critical = [sign for sign in signs if sign.cue.family == "critical" and not sign.denied]
    firm = [sign for sign in critical if sign.holds and not sign.past]
    live = [sign for sign in firm if sign.cue.code in _ALWAYS_LIVE or _live(sign, signs, folded)]
    if live:
        quoted = all(sign.quoted for sign in live)
        return Guess("critical", 0.6 if quoted else 0.85, _spans(live), f"danger.{live[0].cue.code}")
    urgent = [sign for sign in signs if sign.cue.family == "urgent" and sign.holds and not sign.past]
    urgent = [sign for sign in urgent if sign.cue.code in _ALWAYS_LIVE or _live(sign, signs, folded)]
    if urgent:
        return Guess("urgent", 0.75, _spans(urgent), f"danger.{urgent[0].cue.code}")
    if critical:
        told, word = (firm, "told") if firm else (critical, "feared")
        return Guess("urgent", 0.5, _spans(told), f"{word}.{told[0].cue.code}")
    if any(sign.denied for sign in signs if sign.cue.family in ("critical", "urgent")):
        return NORMAL  # what would make the matter urgent is just what they say it is not
    consulting = kind is not None and kind.value in _CONSULTING
    if matter and matter.value in urgent_matters and matter.confidence >= _MATTER_URGENT and not consulting:
        # A likely matter is not yet a danger that was seen, so it never makes an order critical by itself.
        return Guess("urgent", matter.confidence, matter.spans, "matter_urgency")
    return NORMAL


def _live(danger: Sign, signs: Sequence[Sign], folded: str) -> bool:
    # Who is in danger writes little; in a long letter a danger is mostly told about, unless "now" stands beside it.
    near = (abs(sign.span.start - danger.span.start) for sign in signs if sign.cue.family == "now" and not sign.denied)
    return len(folded) <= _SHORT or min(near, default=_SHORT) <= _NEAR


def read_mood(signs: Sequence[Sign], folded: str) -> Guess:
    """angry, anxious, thankful or calm, by words and marks."""
    scores: dict[str, float] = defaultdict(float)
    spans: dict[str, list[Span]] = defaultdict(list)
    for sign in signs:
        if sign.cue.family == "mood" and not sign.denied and not sign.quoted:
            scores[sign.cue.code] += sign.cue.weight
            spans[sign.cue.code].append(sign.span)
    marks = folded.count("！") + folded.count("!")
    if marks and scores["angry"] + scores["anxious"] > 0:
        scores["angry" if scores["angry"] >= scores["anxious"] else "anxious"] += min(marks, 3) * 0.4
    elif marks >= 2:
        scores["angry"] += 0.8
    if scores["angry"] >= 1.0:  # who is angry thanks out of politeness
        scores["thankful"] *= 0.3
    best = max(scores, key=lambda code: scores[code], default=None)
    if best is None or scores[best] < 0.8:
        return CALM
    return Guess(best, round(min(0.85, 0.4 + 0.12 * scores[best]), 3), tuple(spans[best][:6]), "word_signs")


def read_exit(signs: Sequence[Sign], folded: str, kind: Guess | None) -> Guess | None:
    """A way out of the hotline that the text calls for: value is the exit, `why` the route, line or reason."""
    emergency = _emergency(signs, folded)
    if emergency:
        return emergency
    # Asking how a route works is an ordinary question; only being on the route leads out of the hotline.
    asking = 0.7 if kind is not None and kind.value == "consult" else 1.0
    scores: dict[tuple[str, str], float] = defaultdict(float)
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for sign in signs:
        if sign.cue.family in ("legal_route", "refuse", "abuse") and not sign.denied:
            key = (sign.cue.family, sign.cue.code)
            scores[key] += asking * sign.cue.weight * (0.5 if sign.quoted else 1.0)
            spans[key].append(sign.span)
    if not scores:
        return None
    best = max(scores, key=lambda key: scores[key])
    if scores[best] < 1.5:
        return None
    family, code = best
    confidence = min(0.85, 0.3 + 0.15 * scores[best])
    return Guess("abuse" if code == "malicious" else family, round(confidence, 3), tuple(spans[best][:6]), code)


def _emergency(signs: Sequence[Sign], folded: str) -> Guess | None:
    dangers = [sign for sign in signs if sign.cue.code in EMERGENCY_LINE and _happening(sign, signs, folded)]
    if not dangers:
        return None
    now = [sign for sign in signs if sign.cue.family == "now" and not sign.denied]
    line = EMERGENCY_LINE[dangers[0].cue.code]
    return Guess("emergency", 0.8 if now else 0.5, _spans([*dangers, *now]), line)


def _happening(sign: Sign, signs: Sequence[Sign], folded: str) -> bool:
    told = sign.past or sign.quoted or not sign.holds
    return sign.cue.family == "critical" and not told and _live(sign, signs, folded)


def read_people(signs: Sequence[Sign], folded: str) -> tuple[PeopleGuess, ...]:
    """Groups of people who are concerned, then head counts (9户, 二十多人)."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for sign in signs:
        if sign.cue.family == "people" and not sign.denied:
            spans[sign.cue.code].append(sign.span)
    groups = [PeopleGuess(code, tuple(found[:4])) for code, found in spans.items()]
    counts: list[PeopleGuess] = []
    for match in _COUNT.finditer(folded):
        number = chinese_number(match["number"])
        if number is not None and number > 1 and len(counts) < 10:
            unit = "household" if match["unit"] in "户家" else "person"
            counts.append(PeopleGuess("many" if number >= 10 else "several", (Span(*match.span()),), number, unit))
    return (*groups, *counts)


def _spans(signs: Iterable[Sign]) -> tuple[Span, ...]:
    return tuple(sorted({sign.span for sign in signs}))[:6]
