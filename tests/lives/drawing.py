"""Drawing the next step of a life at random from the law itself, and how much time passes before it."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hotline.ledger.record import Actor
from hotline.workorder.facts import Facts
from hotline.workorder.lifecycle import LAW, Action, Change, Rule, State
from hotline.workorder.situation import Head
from tests.lives.saying import Speaker
from tests.lives.scene import Scene
from tests.lives.walked import Walked

ZONE = ZoneInfo("Asia/Shanghai")
TRIES = 14
# How often an action is tried beside the others that its state knows; 1 if it is not named here.
WEIGHTS: dict[Action, float] = {
    Action.AMEND: 1.5, Action.ACCEPT: 9, Action.DISPATCH: 12, Action.SIGN: 12, Action.REPLY: 6, Action.RECORD_RESULT: 6,
    Action.CLOSE: 5, Action.WITHDRAW: 0.25, Action.TRANSFER: 0.4, Action.REFER: 0.5, Action.DECLINE: 0.4,
    Action.ANSWER: 0.6, Action.SUPPLEMENT: 0.4, Action.REROUTE: 0.15, Action.ADOPT_POLICY: 0.3, Action.ESCALATE: 0.5,
    Action.RETURN: 3, Action.RULE: 5, Action.HAND_DOWN: 3, Action.GRANT_EXTENSION: 4, Action.APPROVE_REPLY: 4,
    Action.ATTEMPT_CALLBACK: 3, Action.GIVE_UP_CALLBACK: 12, Action.REMOVE_ASSIST: 1, Action.ASSIST_REPLY: 3,
    Action.ASK_EXTENSION: 2, Action.ASK_SUPPLEMENT: 0.7, Action.ARCHIVE: 3, Action.REOPEN: 1.5, Action.SPLIT: 0.3,
    Action.REJECT_RETURN: 1.5,
    Action.FINAL_ANSWER: 0.8, Action.PAUSE: 0.8, Action.MERGE: 40, Action.UNMERGE: 0.5, Action.SHARE_REPLY: 0,
    Action.CLOSE_ALONG: 0, Action.MARK_URGENT: 0.6, Action.MARK_CRITICAL: 0.5,
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A step that the law allows."""

    facts: Facts
    actor: Actor
    texts: dict[str, str]
    change: Change


@cache
def rules_of(state: str) -> dict[str, list[Rule]]:
    """The rows of the law for a state, by action."""
    found: dict[str, list[Rule]] = {}
    for rule in LAW:
        if rule.origin and State(state) in rule.origin:
            found.setdefault(rule.action.value, []).append(rule)
    return found


def next_step(
    scene: Scene,
    walked: Walked,
    at: datetime,
    *,
    file_ids: tuple[int, ...] = (1,),
    head: Head | None = None,
    without: Collection[str] = (),
) -> Drawn | None:
    """One lawful step, None when none was found in some tries. `without` are actions that others take care of."""
    rules = rules_of(walked.order.state)
    names = [name for name in rules if name not in without and (name != "merge" or head is not None)]
    weights = [_weight(name, walked) for name in names]
    if not any(weights):
        return None
    speaker = Speaker(scene, walked, at, file_ids, head)
    for _ in range(TRIES):
        (name,) = scene.chance.choices(names, weights)
        who = sorted({role for rule in rules[name] for role in rule.who})
        actor = scene.actor(who, walked.order, walked.order_id, list(walked.helpers))
        facts, texts = speaker.facts(name), speaker.texts(name)
        _, change = walked.judge(facts, actor, frozenset(texts), at, head)
        if change is not None:
            return Drawn(facts, actor, texts, change)
    return None


def _weight(name: str, walked: Walked) -> float:
    """What is asked for is mostly decided; where a county's centre stands between, it mostly hands down."""
    found = WEIGHTS.get(Action(name), 1.0)
    decides = name in ("grant_extension", "refuse_extension") and walked.order.extension_asked
    hands_down = name == "hand_down" and walked.policy.handling.through_centre
    return found * 6 if decides or hands_down else found


def passing(chance: random.Random, at: datetime) -> datetime:
    """Some time later: moments, hours, nights, days and weeks, and now and then the very edge of a day or a year."""
    drawn = chance.random()
    if drawn < 0.45:
        return at + timedelta(minutes=chance.uniform(0.1, 90))
    if drawn < 0.75:
        return at + timedelta(hours=chance.uniform(1, 20))
    if drawn < 0.90:
        return at + timedelta(days=chance.uniform(0.5, 4))
    if drawn < 0.95:
        return at + timedelta(days=chance.uniform(4, 40))
    return _edge(chance, at)


def _edge(chance: random.Random, at: datetime) -> datetime:
    """The last or first moment of a day, of office hours, or of a year."""
    local = at.astimezone(ZONE)
    if chance.random() < 0.15:
        return datetime(local.year, 12, 31, 23, 59, 59, tzinfo=ZONE) + timedelta(seconds=chance.choice((0, 1)))
    hour = chance.choice((time(0), time(9), time(12), time(13, 30), time(17), time(17, 30), time(23, 59, 59)))
    return datetime.combine(local.date() + timedelta(days=1), hour, ZONE)
