"""Invented lives of orders: who said what where, and how far it got. Deterministic for a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from hotline.demo import plans, words
from hotline.demo.plans import Family, Ids, Plan
from hotline.demo.play import Cast, Play, Stage
from hotline.ledger.record import SYSTEM
from hotline.packs import Phrase
from hotline.workorder import facts as said
from hotline.workorder.services import Life

CHANNELS = (("phone", 62.0), ("web", 12.0), ("wechat", 14.0), ("app", 6.0), ("sms", 2.0), ("email", 1.0))
# So often somebody calls from where the printed logins work, about what these do.
AT_HOME, NEAR = 0.12, ("urban", "town")
UNSPOKEN = {"nonsense", "english", "out_of_scope"}
# Ends that the city's present brings about, on orders that are with their unit or called back.
PRESENT = {"returned": "dispatched", "convened": "dispatched", "ruled": "dispatched", "final": "evaluated"}


def lives(
    stage: Stage, cast: Cast, *, count: int, at: datetime, ids: Ids, seed: int = 12345
) -> Iterator[tuple[Plan, Life]]:
    """`count` lives in the order of their registration, nothing later than `at`; their numbers are for the caller."""
    chance = random.Random(seed)
    phrases = [each for each in stage.city.phrases if each.register not in UNSPOKEN]
    for plan in plans.plans(chance, count, at, stage.policy.handling, ids):
        yield plan, _life(chance, stage, cast, plan, phrases, at)


def _life(chance: random.Random, stage: Stage, cast: Cast, plan: Plan, phrases: Sequence[Phrase], at: datetime) -> Life:
    family = plan.family
    while True:
        at_home = chance.random() < AT_HOME
        phrase = chance.choice(phrases)
        while at_home and stage.policy.matters[phrase.matter_code].lead_role not in NEAR:
            phrase = chance.choice(phrases)
        play = Play(chance, stage, cast, plan, phrase, at, at_home=at_home)
        if family is not None and plan.role == "member":
            play = _beside(play, family, phrases)
        if play.starts() and _fits(play):
            break
    known = plan.end != "registered" or play.chances(0.3)
    new = play.new_order(family, known)
    if family is not None:
        _TOLD[plan.role](play, family)
    else:
        tell(play, PRESENT.get(plan.end, plan.end))
    return play.life(new)


def _fits(play: Play) -> bool:
    """More time is asked for where there was time to begin with."""
    return play.plan.end != "asking" or (play.matter.urgency == "normal" and play.matter.days >= 5)


def _beside(play: Play, family: Family, phrases: Sequence[Phrase]) -> Play:
    """A neighbour calls about the same thing, in other words."""
    same = [each for each in phrases if each.matter_code == family.matter_code]
    found = Play(play.chance, play.stage, play.cast, play.plan, play.chance.choice(same), play.now)
    found.town = next(area for area in found.stage.towns if area.code == family.area_code)
    found.slots = {**found.slots, "place": family.place, "road": family.place, "building": family.place}
    return found


def tell(play: Play, end: str) -> None:
    """The story of one order, up to where it stands."""
    if end == "answered" and play.matter.code not in play.cast.entries:
        end = "closed"
    early = {"registered": _nothing, "incomplete": _incomplete, "answered": _answered, "referred": _referred,
             "declined": _declined, "transferred": _transferred}  # fmt: skip
    if end in early:
        early[end](play)
        return
    if end == "accepted":
        play.desk("agent", said.Accepted())
        return
    if play.chances(0.04):
        play.desk("agent", said.SupplementAsked("place"), guidance=words.MISSING)
        play.resident(said.Supplemented(), supplement=words.SUPPLEMENT)
    play.dispatched()
    if end == "withdrawn":
        play.resident(said.Withdrawn("solved_already"))
        play.ended = True
    elif end != "dispatched":
        _unit_part(play, end)


def _unit_part(play: Play, end: str) -> None:
    play.signed()
    at_the_unit = {"signed": _nothing, "asking": _asking, "waiting": _waiting, "hung": _hung, "escalated": _escalated,
                   "reviewing": _reviewing}  # fmt: skip
    if end in at_the_unit:
        at_the_unit[end](play)
        return
    if play.chances(0.12) and play.may_ask():
        _extended(play)
    if play.policy.handling.pause_days and play.chances(0.04):
        _waiting(play)
        play.desk("agent", said.Supplemented(), supplement=words.WAIT_OVER)
    solved = play.chances(0.86)
    play.replied(solved)
    if end == "replied":
        if play.chances(0.3):
            play.desk("caller_back", said.CallbackAttempted("no_answer"))
        return
    if end == "closed" and play.chances(0.05):
        _again(play)
        solved = True
    _result(play, end, solved)


def _result(play: Play, end: str, solved: bool) -> None:
    rules = play.policy.callback
    if end == "closed" and play.chances(0.03):
        _unreached(play)
        return
    # What is called solved waits, too, where somebody has to look before it is closed.
    happy = solved and (end == "closed" or (not rules.auto_close and end == "evaluated" and play.chances(0.7)))
    satisfaction = play.chance.choice([step.code for step in rules.scale if step.satisfied is happy])
    play.desk("caller_back", said.ResultRecorded(True, happy, satisfaction))
    if end != "closed":
        return
    if happy and rules.auto_close:
        play.add(said.Closed(), SYSTEM)
    else:
        play.desk("supervisor", said.Closed(), close_remark="" if happy else words.UNSOLVED_CLOSE)
    play.ended = True


def _unreached(play: Play) -> None:
    """Tried as often as the city asks for, and never heard."""
    for _ in range(play.policy.callback.attempts):
        play.desk("caller_back", said.CallbackAttempted("no_answer"))
    play.desk("caller_back", said.CallbackGivenUp())
    play.ended = True


def _again(play: Play) -> None:
    """Not solved the first time."""
    worst = play.policy.callback.scale[-1].code
    play.desk("caller_back", said.ResultRecorded(True, False, worst))
    play.desk("supervisor", said.Reworked("not_solved"), callback_remark=words.REWORK)
    play.clerk(said.Signed())
    play.replied(True)


def _asking(play: Play) -> None:
    """More time is asked for; in some stories it is granted or refused already."""
    if not play.may_ask():
        return
    days = play.chance.randint(1, play.policy.extension.each.amount)
    play.clerk(said.ExtensionAsked(days, "works"), extension_reason=words.EXTENSION)
    if play.chances(0.3):
        _decided(play, grant=play.chances(0.7))


def _extended(play: Play) -> None:
    days = play.chance.randint(1, play.policy.extension.each.amount)
    play.clerk(said.ExtensionAsked(days, "works"), extension_reason=words.EXTENSION)
    _decided(play, grant=True)


def _decided(play: Play, grant: bool) -> None:
    decider = play.above() if play.policy.extension.approver == "upper" else play.cast.desk["dispatcher"]
    if grant:
        play.add(said.ExtensionGranted(), decider)
    else:
        play.add(said.ExtensionRefused(), decider, extension_remark=words.EXTENSION_NO)


def _waiting(play: Play) -> None:
    play.clerk(said.Paused("documents"), guidance=words.WAITING)


def _hung(play: Play) -> None:
    """Looked at again on a day to come."""
    reason = play.chance.choice(sorted(words.HUNG))
    most = play.policy.handling.hang_days - (play.now - play.moment).days - 1
    day = play.now + timedelta(days=play.chance.randint(1, max(most, 2)))
    play.desk("supervisor", said.Hung(reason, "government", day), guidance=words.HUNG[reason])


def _escalated(play: Play) -> None:
    """Taken up by the city's government office, which has signed for it."""
    offices = [unit for unit in play.stage.units if unit.role_code == "gov_office" and unit.active]
    play.desk("supervisor", said.Escalated(offices[0].id, "major"), dispatch_opinion=words.ESCALATED)
    play.unit = offices[0]
    play.clerk(said.Signed())


def _reviewing(play: Play) -> None:
    """The answer lies with whoever looks at it; where nobody does, it waits for the callback."""
    reviewed = play.is_reviewed()
    play.replied(True)
    if reviewed:
        play.steps.pop()


def _head(play: Play, family: Family) -> None:
    """The order that others are merged into."""
    family.matter_code, family.area_code, family.place = play.matter.code, play.town.code, play.slots["place"]
    play.dispatched()
    play.signed()
    if play.plan.end == "closed":
        family.answer = play.replied(True)
        family.answered_at = play.moment
        _result(play, "closed", True)


def _member(play: Play, family: Family) -> None:
    """Somebody else calls about it: merged, answered with the head, and asked for themselves."""
    last = family.answered_at or play.now
    play.moment = min(play.plan.begun + timedelta(minutes=7), last - timedelta(minutes=1))
    play.span = timedelta(seconds=30)
    play.desk("agent", said.Merged(family.head_id), dispatch_opinion=words.MERGE)
    if family.answered_at is not None:
        play.moment, play.span = family.answered_at, (play.now - family.answered_at) / 400
        answer = words.SHARED.format(answer=family.answer)
        play.add(said.ReplyShared(family.head_id), SYSTEM, reply_public=answer)
        _result(play, "closed", play.chances(0.8))


def _whole(play: Play, family: Family) -> None:
    """An appeal with several demands: the others became orders of their own."""
    play.moment, play.span = play.moment + timedelta(minutes=5), play.span / 2
    play.add(said.Split(tuple(family.parts)), play.cast.desk["agent"])
    tell(play, "closed")


def _part(play: Play, family: Family) -> None:
    tell(play, play.chance.choice(("signed", "closed")))


_TOLD: Mapping[str, Callable[[Play, Family], None]] = {
    "head": _head, "member": _member, "whole": _whole, "part": _part,
}  # fmt: skip


def _nothing(play: Play) -> None:
    """Still waiting for whoever is next."""


def _incomplete(play: Play) -> None:
    play.desk("agent", said.SupplementAsked("place"), guidance=words.MISSING)


def _answered(play: Play) -> None:
    entry = play.cast.entries[play.matter.code]
    play.desk("agent", said.Answered(entry), reply_public=words.ANSWERED)
    play.ended = True


def _referred(play: Play) -> None:
    play.desk("agent", said.Referred("arbitration"), guidance=words.REFERRED)
    play.ended = True


def _declined(play: Play) -> None:
    play.desk("agent", said.Declined("no_substance"), guidance=words.DECLINED)
    play.ended = True


def _transferred(play: Play) -> None:
    play.desk("agent", said.Transferred("110", True), guidance=words.TRANSFERRED)
    play.ended = True
