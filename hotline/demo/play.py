"""One life of the synthetic city being told, step by step, by the law and by the city's own rules."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.clocks import queries as clocks
from hotline.clocks.queries import ClockView
from hotline.demo import speech, words
from hotline.demo.plans import Family, Plan
from hotline.dispatch.suggestion import Question, suggest
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation.tree import AreaIndex, AreaView, UnitIndex, UnitView
from hotline.packs import City, Matter, Phrase
from hotline.policy import deadlines
from hotline.policy.policy import Policy
from hotline.vault.cipher import OpenKey
from hotline.workorder import facts as said
from hotline.workorder.facts import Facts
from hotline.workorder.queries.standing import ask_until
from hotline.workorder.services import Life, NewOrder, Step

STEPS = 16  # more than the longest story has


@dataclass(frozen=True)
class Person:
    """An invented resident with the key that wraps their orders; `id` None is somebody who gave no name."""

    id: int | None
    key: OpenKey


@dataclass(frozen=True)
class Cast:
    """Who acts: the staff of the hotline by role, the clerks by unit, and the residents."""

    desk: Mapping[str, Actor]
    clerks: Mapping[int, Actor]
    people: Sequence[Person]
    entries: Mapping[str, int]  # a valid knowledge entry for a matter


class Stage:
    """Where it plays, and who is answerable there by the catalogue and the map."""

    def __init__(
        self, city: City, policy: Policy, areas: AreaIndex, towns: Mapping[AreaView, float], units: UnitIndex,
        channels: Sequence[tuple[str, float]],
    ) -> None:  # fmt: skip
        self.city, self.policy, self.areas, self.towns, self.units = city, policy, areas, towns, units
        self.authority_id, self.channels = policy.authority_id, channels
        self._answerable: dict[tuple[str, str], tuple[UnitView, ...]] = {}

    def answerable(self, matter: Matter, town: AreaView) -> tuple[UnitView, ...]:
        """Who leads, then who assists, as the dispatcher would be told; () where nobody is."""
        key = (matter.code, town.code)
        if key not in self._answerable:
            found = suggest(Question(((matter.code, 1.0),), town.code), self.policy, self.units)
            ids = [each.unit_id for each in (*found.units[:1], *found.assist[:1])] if found.units else []
            self._answerable[key] = tuple(unit for each in ids if (unit := self.units.get(each)) is not None)
        return self._answerable[key]


class Play:
    """The steps of one plan, never later than now."""

    def __init__(
        self, chance: random.Random, stage: Stage, cast: Cast, plan: Plan, phrase: Phrase, now: datetime,
        at_home: bool = False,
    ) -> None:  # fmt: skip
        self.chance, self.stage, self.cast, self.plan, self.now = chance, stage, cast, plan, now
        self.policy, self.phrase = stage.policy, phrase
        self.matter = stage.policy.matters[phrase.matter_code]
        (self.town,) = chance.choices(list(stage.towns), list(stage.towns.values()))
        self.town = next(iter(stage.towns)) if at_home else self.town
        self.slots = speech.slots(chance, self.town.name, stage.city.name.removesuffix("市"))
        self.moment, self.span = plan.begun, (min(now, plan.begun + timedelta(days=14)) - plan.begun) / STEPS
        self.channel = speech.pick(chance, stage.channels)
        self.steps: list[Step] = []
        self.helper: UnitView | None = None
        self.unit: UnitView | None = None
        self.dispatched_at = self.moment
        self.ended = False

    def starts(self) -> tuple[UnitView, ...]:
        """Whom the order goes to first, and who assists."""
        return self.stage.answerable(self.matter, self.town)

    def chances(self, share: float) -> bool:
        """True in this share of the stories."""
        return self.chance.random() < share

    def life(self, new: NewOrder) -> Life:
        """All of it, archived where it ended long enough ago."""
        filed = self.moment + timedelta(days=self.policy.handling.reopen_days, hours=3)
        if self.ended and filed < self.now:
            self.steps.append(Step(said.Archived(), SYSTEM, filed, {}))
        registrar = self.cast.desk["agent"] if new.channel == "phone" else Actor("resident")
        return Life("", new, registrar, self.plan.begun, tuple(self.steps), order_id=self.plan.order_id)

    def new_order(self, family: Family | None, known: bool) -> NewOrder:
        """What was said at the beginning."""
        person = self.chance.choice(self.cast.people)
        place = self.slots["place"]
        text = speech.fill(self.phrase.text, self.slots)
        return NewOrder(
            authority_id=self.stage.authority_id,
            channel=self.channel,
            parent_key=person.key,
            texts={"appeal": text, "place": place, **({"title": self.title()} if known else {})},
            resident_id=person.id,
            kind=self.phrase.kind if known else "",
            matter_code=self.matter.code if known else "",
            area_code=self.town.code if known else "",
            urgency=self.matter.urgency,
            secret=self.chances(0.04),
            anonymous=person.id is None,
            split_from_id=family.head_id if family is not None and self.plan.role == "part" else None,
        )

    def title(self) -> str:
        """How the order is called in lists."""
        return f"{self.town.name}：{self.matter.level3}"

    # who acts

    def desk(self, role: str, facts: Facts, **texts: str) -> None:
        """Somebody at the hotline centre does it."""
        self.add(facts, self.cast.desk[role], **texts)

    def clerk(self, facts: Facts, **texts: str) -> None:
        """The clerk of the unit that leads does it."""
        assert self.unit is not None  # noqa: S101 - a unit got it before
        self.add(facts, self.cast.clerks[self.unit.id], **texts)

    def above(self) -> Actor:
        """Somebody of the unit above the lead; at the top that is the dispatcher."""
        parent = self.stage.units.get(self.unit.parent_id if self.unit else None)
        if parent is None or parent.parent_id is None:
            return self.cast.desk["dispatcher"]
        return self.cast.clerks[parent.id]

    def resident(self, facts: Facts, **texts: str) -> None:
        """The resident does it."""
        self.add(facts, Actor("resident"), **texts)

    def add(self, facts: Facts, actor: Actor, **texts: str) -> None:
        """One more step, some time after the one before."""
        self.moment += self.span * self.chance.uniform(0.4, 1.0)
        self.steps.append(Step(facts, actor, self.moment, texts))

    # what every unit does

    def dispatched(self) -> None:
        """Taken on and given to whoever is answerable, with help where the catalogue wants it."""
        self.desk("agent", said.Accepted())
        lead, *helpers = self.starts()
        self.unit, self.helper = lead, helpers[0] if helpers and self.chances(0.4) else None
        assist = (self.helper.id,) if self.helper is not None else ()
        suggested = (lead.id,)
        self.desk("dispatcher", said.Dispatched(lead.id, assist, suggested, 1, "person"))
        self.dispatched_at = self.moment

    def may_ask(self) -> bool:
        """Is there still time to ask for more, and somebody to ask?"""
        limit = deadlines.limit_for(self.policy, "reply", kind=self.phrase.kind, matter_code=self.matter.code,
                                    urgency=self.matter.urgency, channel=self.channel,
                                    level=self.starts()[0].level)  # fmt: skip
        if limit is None or self.unit is None or self.unit.parent_id is None:
            return False
        since, due = self.dispatched_at, clocks.due_for(self.policy, limit, self.dispatched_at)
        clock = ClockView(0, "reply", since, due, due, None, "", 1, limit.amount, limit.unit, None, 0, False, due)
        until = ask_until({"reply": clock}, self.policy)
        return until is not None and self.moment + self.span < until

    def signed(self) -> None:
        """Signed for; a county's centre hands it to the bureau; mostly the resident is called."""
        self.clerk(said.Signed())
        below = self._below()
        if below is not None:
            self.clerk(said.HandedDown(below.id), dispatch_opinion=words.SENT_DOWN)
            self.unit = below
            self.clerk(said.Signed())
        if self.chances(0.6):
            self.clerk(said.Contacted(self.moment, "phone"), contacted_number="6118", contact_remark=words.CONTACTED)
        if self.helper is not None and self.chances(0.7):
            self.add(said.AssistReplied(), self.cast.clerks[self.helper.id], assist_reply=words.HELPED)

    def _below(self) -> UnitView | None:
        """Where a county's hotline centre leads, the bureau that the catalogue names there."""
        lead = self.unit
        if lead is None or lead.role_code != "hotline" or lead.parent_id is None:
            return None
        named = self.stage.units.by_role_area(self.matter.lead_role, self.town.code)
        found = [unit for unit in named if unit.parent_id == lead.id and unit != self.helper]
        return found[0] if found else None

    def replied(self, solved: bool) -> str:
        """Answered; where the city wants it the answer is looked at first. What was told."""
        good = [each.text for each in self.stage.city.replies
                if each.matter_code == self.matter.code and each.quality == "good"]  # fmt: skip
        public = speech.fill(self.chance.choice(good) if good else words.ACCEPT_REPLY, self.slots)
        self._reply(solved, public)
        if self.is_reviewed():
            if self.chances(0.15):
                self.add(said.SentBack("not_specific"), self.above(), review_remark=words.REVIEW_NO)
                self._reply(solved, public)
            self.add(said.ReplyApproved(), self.above())
        return public

    def _reply(self, solved: bool, public: str) -> None:
        facts = said.Replied(True, False, True, solved, contacted_at=self.moment,
                             unsolved_reason="" if solved else "needs_time")  # fmt: skip
        self.clerk(facts, reply_public=public, reply_internal=words.INTERNAL, contacted_number="6118")

    def is_reviewed(self) -> bool:
        """Does the city look at the answer of the unit that leads now?"""
        wanted = self.policy.handling.reply_review
        handed_down = self.unit not in self.starts()[:1]
        return wanted == "hotline" or (wanted == "upper" and handed_down)
