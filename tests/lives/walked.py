"""An order walked through the law step by step, in memory: for drawing what may come next, and for judging again.

It keeps what the house keeps: the order, who assists, and every run of every clock with what happened to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.clocks import life
from hotline.clocks import queries as clocks
from hotline.clocks.calendar import Calendar
from hotline.clocks.change import Change as ClockChange
from hotline.clocks.change import Timed, outcome
from hotline.clocks.queries import ClockView
from hotline.ledger.record import Actor
from hotline.organisation.tree import UnitIndex
from hotline.packs import Limit
from hotline.policy import queries as policies
from hotline.policy.policy import Policy
from hotline.refusal import Reason
from hotline.workorder.facts import Facts
from hotline.workorder.lifecycle import Change, Effect, judge
from hotline.workorder.queries.standing import Looked, case_of
from hotline.workorder.services.assisting import DECIDED_ANEW
from hotline.workorder.services.ticking import clock_changes, helped, length
from hotline.workorder.situation import Head, Snapshot


@dataclass
class Run:
    """One run of a clock."""

    kind: str
    policy: Policy
    started_at: datetime
    limit: Limit | None
    until: datetime | None = None
    changes: list[Timed] = field(default_factory=list)
    verb: str = ""
    stopped_at: datetime | None = None

    def reckoned(self, calendar: Calendar | None = None) -> life.Reckoned:
        """What its row must say of its due moment."""
        under = calendar or clocks.calendar_of(self.policy)
        before = self.policy.clocks.warn_before
        return life.replay(self.limit, self.until, self.started_at, self.changes, under, before)

    def paused(self) -> bool:
        """Does it stand still?"""
        turns = [each.change.verb for each in self.changes if each.change.verb in ("pause", "resume")]
        return bool(turns) and turns[-1] == "pause"

    def ended_as(self, now: life.Reckoned) -> str:
        """Its outcome, "" while it goes on."""
        if self.stopped_at is None:
            return ""
        return outcome(self.verb, now.due_at, now.paused_at or self.stopped_at)


@dataclass
class Helper:
    """An assisting unit, its clock if this city has one for it, and when it last said what it did."""

    run: Run | None
    replied_at: datetime | None = None


@dataclass
class Walked:
    """An order as it stands after the steps taken so far."""

    authority_id: int
    channel: str
    policy: Policy
    units: UnitIndex
    order_id: int = 0
    order: Snapshot = field(default_factory=Snapshot)
    version: int = 0
    helpers: dict[int, Helper] = field(default_factory=dict)
    running: dict[str, Run] = field(default_factory=dict)
    done: list[Run] = field(default_factory=list)
    reply_clock: Mapping[str, ClockView] | None = None  # where it was read, and not walked

    def judge(
        self, facts: Facts, actor: Actor, texts: AbstractSet[str], at: datetime, head: Head | None = None
    ) -> tuple[tuple[Reason, ...], Change | None]:
        """What the law says to this step."""
        looked = Looked(
            files=frozenset(getattr(facts, "file_ids", ())),
            assists=frozenset(self.helpers),
            clocks=self._reply_clock() if facts.action == "ask_extension" else None,
            head=head,
        )
        case = case_of(self.order, self.order_id, self.authority_id, facts, actor, texts, self.policy, at, looked)
        return judge(facts.action, case)

    def take(self, facts: Facts, actor: Actor, at: datetime, change: Change) -> None:
        """Take a step that was found lawful."""
        before = self.order
        told = clock_changes(change.clocks, facts, before, change.order, self.channel, self.policy, self.units)
        for each in told:
            self._tick(each, at)
        self._help(facts, actor, at, before, change)
        self.order = replace(change.order, assisting=len(self.helpers))
        self.version += 1
        if change.order.policy_version_id not in (None, self.policy.id):
            self.policy = policies.version(change.order.policy_version_id or 0)

    def _reply_clock(self) -> Mapping[str, ClockView]:
        if self.reply_clock is not None:
            return self.reply_clock
        run = self.running.get("reply")
        if run is None:
            return {}
        now = run.reckoned()
        amount = run.limit.amount if run.limit else None
        view = ClockView(0, "reply", run.started_at, now.due_at, now.warn_at, None, "", 1, amount, now.unit,
                         now.paused_at, now.extensions, now.provisional, now.first_due_at)  # fmt: skip
        return {"reply": view}

    def _tick(self, change: ClockChange, at: datetime) -> None:
        run = self.running.get(change.kind)
        if change.verb == "start":
            if run is not None:
                self._end(run, "cancel", at)
            self.running[change.kind] = Run(change.kind, self.policy, at, change.limit, change.until)
        elif run is None:
            return
        elif change.verb in ("stop", "cancel"):
            self._end(run, change.verb, at)
        elif (change.verb not in ("pause", "resume")) or run.paused() == (change.verb == "resume"):
            run.changes.append(Timed(change, at))

    def _end(self, run: Run, verb: str, at: datetime) -> None:
        run.verb, run.stopped_at = verb, at
        self.done.append(self.running.pop(run.kind))

    def _help(self, facts: Facts, actor: Actor, at: datetime, before: Snapshot, change: Change) -> None:
        effects = {effect.verb: effect for effect in change.clocks if effect.what == "assist"}
        if "stop" in effects:
            own = self.units.get(actor.unit_id)
            assert own is not None
            for unit_id, helper in self.helpers.items():
                unit = self.units.get(unit_id)
                if unit is not None and unit.path.startswith(own.path):
                    helper.replied_at = at
                    _stop(helper.run, "stop", at)
        if "cancel" in effects:
            self._let_go(facts, at)
        if "start" in effects:
            limit = self._limit(effects["start"], facts, before, change)
            for unit_id in helped(facts):
                run = Run("assist", self.policy, at, limit) if limit is not None else None
                self.helpers[unit_id] = Helper(run)

    def _let_go(self, facts: Facts, at: datetime) -> None:
        ending = [facts.unit_id] if facts.action == "remove_assist" else list(self.helpers)  # type: ignore[attr-defined]
        for unit_id in ending:
            _stop(self.helpers[unit_id].run, "cancel", at)
            if facts.action == "remove_assist" or facts.action in DECIDED_ANEW:
                del self.helpers[unit_id]

    def _limit(self, effect: Effect, facts: Facts, before: Snapshot, change: Change) -> Limit | None:
        return length(effect, facts, before, change.order, self.channel, self.policy, self.units)


def _stop(run: Run | None, verb: str, at: datetime) -> None:
    if run is not None and run.stopped_at is None:
        run.verb, run.stopped_at = verb, at
