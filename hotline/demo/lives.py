"""Invented lives of orders: who said what where, and how far it got. Deterministic for a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.demo import speech
from hotline.ledger.record import SYSTEM, Actor
from hotline.organisation.tree import AreaIndex, AreaView, UnitIndex, UnitView
from hotline.packs import City, Matter, Phrase
from hotline.vault.cipher import OpenKey
from hotline.workorder import facts as said
from hotline.workorder.choices import RETURN_REASONS
from hotline.workorder.facts import Facts
from hotline.workorder.services import Life, NewOrder, Step

# How far the orders of the city have got; the open states wait in somebody's inbox.
ENDS = (
    ("closed", 52.0), ("answered", 17.0), ("registered", 3.5), ("accepted", 3.5), ("dispatched", 4.5), ("signed", 7.0),
    ("returned", 2.0), ("replied", 4.0), ("evaluated", 3.0), ("referred", 1.0), ("declined", 0.8), ("transferred", 0.7),
    ("withdrawn", 1.0),
)  # fmt: skip
# How old, in hours, an order of this end may be; what is closed is spread over the last weeks.
AGES = {"registered": 4, "accepted": 10, "dispatched": 20, "returned": 60, "signed": 170, "replied": 120,
        "evaluated": 150}  # fmt: skip
OLDEST_HOURS = 24 * 60
CHANNELS = (("phone", 62.0), ("web", 12.0), ("wechat", 14.0), ("app", 6.0), ("sms", 2.0), ("email", 1.0))
REPLY = "经现场核实，{place}反映的情况属实。我单位已于当天安排处理，处理后现场已恢复正常，并已电话告知诉求人。"


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


@dataclass(frozen=True)
class Stage:
    """Where it plays."""

    authority_id: int
    city: City
    matters: Mapping[str, Matter]
    areas: AreaIndex
    towns: Mapping[AreaView, float]  # and how often people call from there
    units: UnitIndex
    channels: Sequence[tuple[str, float]]


def lives(stage: Stage, cast: Cast, *, count: int, at: datetime, seed: int = 12345) -> Iterator[Life]:
    """`count` lives in the order of their registration, nothing later than `at`; their numbers are for the caller."""
    chance = random.Random(seed)
    phrases = [each for each in stage.city.phrases if each.register not in {"nonsense", "english", "out_of_scope"}]
    ends = [speech.pick(chance, ENDS) for _ in range(count)]
    plans = sorted((at - timedelta(hours=_age(chance, end)), end) for end in ends)
    for begun, end in plans:
        yield _Play(chance, stage, cast, at).life(begun, end, chance.choice(phrases))


def _age(chance: random.Random, end: str) -> float:
    longest = AGES.get(end)
    if longest is not None:
        return chance.triangular(0.2, longest, longest / 8)  # most of what waits is young, some of it is late
    return chance.triangular(30, OLDEST_HOURS, 200)


class _Play:
    """One life being told, step by step, never later than now."""

    def __init__(self, chance: random.Random, stage: Stage, cast: Cast, at: datetime) -> None:
        self.chance, self.stage, self.cast, self.now = chance, stage, cast, at
        self.steps: list[Step] = []

    def life(self, begun: datetime, end: str, phrase: Phrase) -> Life:
        """An order of `phrase`, begun then and now in the state `end`."""
        matter = self.stage.matters[phrase.matter_code]
        (town,) = self.chance.choices(list(self.stage.towns), list(self.stage.towns.values()))
        slots = speech.slots(self.chance, town.name)
        person = self.chance.choice(self.cast.people)
        words = speech.fill(phrase.text, slots)
        known = end != "registered" or self.chance.random() < 0.3
        new = NewOrder(
            authority_id=self.stage.authority_id,
            channel=speech.pick(self.chance, self.stage.channels),
            parent_key=person.key,
            texts={"appeal": words, "place": slots["place"], **({"title": _title(matter, town)} if known else {})},
            resident_id=person.id,
            kind=phrase.kind if known else "",
            matter_code=matter.code if known else "",
            area_code=town.code if known else "",
            urgency=matter.urgency,
            secret=self.chance.random() < 0.04,
            anonymous=person.id is None,
        )
        self.moment, self.span = begun, (self.now - begun) / 9
        unit = self._unit(matter, town)
        self._tell(end, matter, unit, slots)
        return Life("", new, self._registrar(new), begun, tuple(self.steps))

    def _registrar(self, new: NewOrder) -> Actor:
        return self.cast.desk["agent"] if new.channel == "phone" else Actor("resident")

    def _unit(self, matter: Matter, town: AreaView) -> UnitView:
        """Whoever is answerable for the matter there, by the catalogue and the map."""
        found = self.stage.units.suppliers(matter.lead_role, town.code) or self.stage.units.by_role_area(
            matter.lead_role, town.code
        )
        return found[0] if found else self.stage.units.by_role_area("county_gov", town.code)[0]

    def _tell(self, end: str, matter: Matter, unit: UnitView, slots: Mapping[str, str]) -> None:
        early = {"registered": self._nothing, "answered": self._answered, "referred": self._referred,
                 "declined": self._declined, "transferred": self._transferred}  # fmt: skip
        if end == "answered" and matter.code not in self.cast.entries:
            end = "closed"
        if end in early:
            early[end](matter)
            return
        self._desk("agent", said.Accepted())
        if end == "accepted":
            return
        self._desk("dispatcher", said.Dispatched(unit.id, basis="catalogue"))
        if end == "withdrawn":
            self._add(said.Withdrawn("solved_already"), Actor("resident"))
        elif end != "dispatched":
            self._unit_part(end, matter, unit, slots)

    def _unit_part(self, end: str, matter: Matter, unit: UnitView, slots: Mapping[str, str]) -> None:
        clerk = self.cast.clerks[unit.id]
        if end == "returned":
            reason = self.chance.choice(RETURN_REASONS)[0]
            self._add(said.Returned(reason), clerk, return_reason="经核对职责清单，此事应由其他单位主办，依据见附件。")
            return
        self._add(said.Signed(), clerk)
        if end == "signed":
            return
        solved = self.chance.random() < 0.86
        self._reply(clerk, matter, slots, solved)
        if end == "replied":
            if self.chance.random() < 0.3:
                self._desk("caller_back", said.CallbackAttempted("no_answer"))
            return
        self._result(end, solved)

    def _reply(self, clerk: Actor, matter: Matter, slots: Mapping[str, str], solved: bool) -> None:
        good = [each.text for each in self.stage.city.replies
                if each.matter_code == matter.code and each.quality == "good"]  # fmt: skip
        public = speech.fill(self.chance.choice(good) if good else REPLY, slots)
        facts = said.Replied(True, False, True, solved, contacted_at=self.moment,
                             unsolved_reason="" if solved else "needs_time")  # fmt: skip
        self._add(
            facts, clerk, reply_public=public, reply_internal="现场核实并处理，照片存档。", contacted_number="6118"
        )

    def _result(self, end: str, solved: bool) -> None:
        happy = solved and end == "closed"
        scale = self.stage.city.callback.scale
        satisfaction = self.chance.choice([step.code for step in scale if step.satisfied is happy])
        self._desk("caller_back", said.ResultRecorded(True, happy, satisfaction))
        if end == "closed" and happy:
            self._add(said.Closed(), SYSTEM)
        elif end == "closed":
            self._add(said.Closed(), self.cast.desk["supervisor"], close_remark="已列入年度改造计划，并向诉求人说明。")

    def _nothing(self, matter: Matter) -> None:
        """Still waiting for its first reader."""

    def _answered(self, matter: Matter) -> None:
        entry = self.cast.entries[matter.code]
        self._desk("agent", said.Answered(entry), reply_public="已按知识库答复，诉求人表示清楚。")

    def _referred(self, matter: Matter) -> None:
        self._desk("agent", said.Referred("arbitration"), guidance="这件事要通过仲裁解决，可以向仲裁机构申请。")

    def _declined(self, matter: Matter) -> None:
        self._desk("agent", said.Declined("no_substance"), guidance="没有听到具体的事，想好了请再打来。")

    def _transferred(self, matter: Matter) -> None:
        self._desk("agent", said.Transferred("110", True), guidance="已为您转接110，请不要挂断。")

    def _desk(self, role: str, facts: Facts, **texts: str) -> None:
        self._add(facts, self.cast.desk[role], **texts)

    def _add(self, facts: Facts, actor: Actor, **texts: str) -> None:
        self.moment += self.span * self.chance.uniform(0.4, 1.0)
        self.steps.append(Step(facts, actor, self.moment, texts))


def _title(matter: Matter, town: AreaView) -> str:
    return f"{town.name}：{matter.level3}"
