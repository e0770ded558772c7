"""Which engine reads, and the engines that are built: one per policy version and revision of the areas, in process."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from hotline.organisation.tree import AreaIndex
from hotline.policy.policy import Policy
from hotline.understanding.cues import Cue
from hotline.understanding.engines.rules import RulesEngine
from hotline.understanding.matching import MatterWords
from hotline.understanding.places import AreaName
from hotline.understanding.reading import Engine

log = logging.getLogger(__name__)

_MOST = 16  # engines kept; a province with more cities builds again what it has not used for long
_built: OrderedDict[tuple[str, str], Engine] = OrderedDict()
_lock = threading.Lock()


def engine_for(names: Iterable[str], policy: Policy, areas: AreaIndex, *, edition: str) -> Engine | None:
    """The first of the named engines that can be built for this policy; None when there is none.

    `edition` names policy version and revision of the areas: it is the key of the cache and part of the version.
    """
    for name in names:
        build = ENGINES.get(name)
        if build is None:
            continue
        try:
            return _cached(name, edition, partial(build, policy, areas, edition))
        except Exception as error:  # the next engine may still be there
            log.warning("engine %s cannot be built: %s", name, type(error).__name__)
    return None


def forget_engines() -> None:
    """Build again at the next call: between tests, or after a city's words changed in this process."""
    with _lock:
        _built.clear()


def _cached(name: str, edition: str, build: Callable[[], Engine]) -> Engine:
    with _lock:
        engine = _built.get((name, edition))
        if engine is None:
            engine = _built[name, edition] = build()
            if len(_built) > _MOST:
                _built.popitem(last=False)
        _built.move_to_end((name, edition))
        return engine


def _rules(policy: Policy, areas: AreaIndex, edition: str) -> Engine:
    return RulesEngine(matter_words(policy), area_names(areas), more=danger_words(policy), edition=edition)


ENGINES: Mapping[str, Callable[[Policy, AreaIndex, str], Engine]] = {"rules": _rules}


def matter_words(policy: Policy) -> tuple[MatterWords, ...]:
    """The catalogue's rows as far as reading needs them."""
    return tuple(
        MatterWords(
            code=row.code,
            name=row.name,
            group=row.level2,
            keywords=tuple(row.keywords),
            duty=row.duty,
            closing=row.closing_standard,
            name_en=row.name_en,
            kinds=tuple(row.kinds),
            urgency=row.urgency,
            confusable_with=frozenset(row.confusable_with),
        )
        for row in policy.matters.values()
    )


def area_names(areas: AreaIndex) -> tuple[AreaName, ...]:
    """The areas as far as reading needs them; people go on saying the old name of what was renamed or merged."""
    before = [AreaName(area.code, name, area.level, area.parent_code) for name, area in areas.old_names()]
    return (*before, *(AreaName(area.code, area.name, area.level, area.parent_code) for area in areas))


def danger_words(policy: Policy) -> Iterable[Cue]:
    """The city's own words for what must be phoned at once. Words of lesser urgency (尽快, 老人) are said too often."""
    for urgency in policy.urgencies.values():
        if urgency.phone_at_once:
            yield from (Cue("critical", "city_word", word, 1.0) for word in urgency.words)
