"""The law: every state an order can be in, every action, from where, by whom, under which conditions, to what effect.

One table, read top to bottom in the order of the walk. Nothing here touches a database or a clock: `judge` says
whether an action is lawful and what it changes; `services.move` and `services.append_lives` carry it out.
`docs/lifecycle.md` is drawn from this table. Sources: rulebook §1.1 (five exits), §3.2 (reply form), §4 (chain).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from hotline.refusal import N_, Reason
from hotline.workorder import guards
from hotline.workorder.situation import Situation, Snapshot


class State(Enum):
    """Where an order stands; the value is what the database and the ledger hold."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    SIGNED = "signed"
    REPLIED = "replied"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    REFERRED = "referred"
    DECLINED = "declined"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


class Action(Enum):
    """What can be done to an order."""

    REGISTER = "register"
    AMEND = "amend"
    MARK_URGENT = "mark_urgent"
    ACCEPT = "accept"
    ANSWER = "answer"
    REFER = "refer"
    DECLINE = "decline"
    TRANSFER = "transfer"
    DISPATCH = "dispatch"
    REDISPATCH = "redispatch"
    SIGN = "sign"
    RETURN = "return"
    REPLY = "reply"
    ATTEMPT_CALLBACK = "attempt_callback"
    RECORD_RESULT = "record_result"
    REWORK = "rework"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


STATE_LABELS: Mapping[State, str] = {
    State.REGISTERED: N_("待受理"),
    State.ACCEPTED: N_("待派单"),
    State.DISPATCHED: N_("待签收"),
    State.RETURNED: N_("退单待定"),
    State.SIGNED: N_("办理中"),
    State.REPLIED: N_("待回访"),
    State.EVALUATED: N_("已回访"),
    State.CLOSED: N_("已办结"),
    State.REFERRED: N_("已告知法定途径"),
    State.DECLINED: N_("已不予受理"),
    State.TRANSFERRED: N_("已转紧急热线"),
    State.WITHDRAWN: N_("已撤回"),
}
ACTION_LABELS: Mapping[Action, str] = {
    Action.REGISTER: N_("登记"),
    Action.AMEND: N_("核对更正"),
    Action.MARK_URGENT: N_("标为紧急"),
    Action.ACCEPT: N_("受理"),
    Action.ANSWER: N_("直接答复"),
    Action.REFER: N_("告知法定途径"),
    Action.DECLINE: N_("不予受理"),
    Action.TRANSFER: N_("转紧急热线"),
    Action.DISPATCH: N_("派单"),
    Action.REDISPATCH: N_("改派"),
    Action.SIGN: N_("签收"),
    Action.RETURN: N_("退单"),
    Action.REPLY: N_("答复"),
    Action.ATTEMPT_CALLBACK: N_("记未接通"),
    Action.RECORD_RESULT: N_("记回访结果"),
    Action.REWORK: N_("发回重办"),
    Action.CLOSE: N_("办结"),
    Action.REOPEN: N_("重新办理"),
    Action.WITHDRAW: N_("撤回"),
}
# How the ledger calls what happened: the event's kind is "order." and this word.
PAST: Mapping[Action, str] = {
    Action.REGISTER: "registered",
    Action.AMEND: "amended",
    Action.MARK_URGENT: "marked_urgent",
    Action.ACCEPT: "accepted",
    Action.ANSWER: "answered",
    Action.REFER: "referred",
    Action.DECLINE: "declined",
    Action.TRANSFER: "transferred",
    Action.DISPATCH: "dispatched",
    Action.REDISPATCH: "redispatched",
    Action.SIGN: "signed",
    Action.RETURN: "returned",
    Action.REPLY: "replied",
    Action.ATTEMPT_CALLBACK: "callback_attempted",
    Action.RECORD_RESULT: "result_recorded",
    Action.REWORK: "reworked",
    Action.CLOSE: "closed",
    Action.REOPEN: "reopened",
    Action.WITHDRAW: "withdrawn",
}
# The room in which an order of this state waits for its next step; a state that is not here waits for nobody.
WAITS_IN: Mapping[State, str] = {
    State.REGISTERED: "intake",
    State.ACCEPTED: "dispatch",
    State.RETURNED: "dispatch",
    State.DISPATCHED: "handling",
    State.SIGNED: "handling",
    State.REPLIED: "callback",
    State.EVALUATED: "callback",
}
OPEN = tuple(WAITS_IN)


@dataclass(frozen=True)
class Effect:
    """What an action causes besides the new state: start, stop or cancel a clock, or count."""

    verb: str
    what: str


def start(*clocks: str) -> tuple[Effect, ...]:
    """Start these clocks."""
    return tuple(Effect("start", clock) for clock in clocks)


def stop(*clocks: str) -> tuple[Effect, ...]:
    """Stop these clocks: the duty is done, in time or late."""
    return tuple(Effect("stop", clock) for clock in clocks)


def cancel(*clocks: str) -> tuple[Effect, ...]:
    """Cancel these clocks: the duty no longer exists."""
    return tuple(Effect("cancel", clock) for clock in clocks)


def count(*counters: str) -> tuple[Effect, ...]:
    """Count one more of these on the order."""
    return tuple(Effect("count", counter) for counter in counters)


@dataclass(frozen=True)
class Rule:
    """One row of the law. `to` None leaves the state; `origin` () means that the order does not exist yet."""

    action: Action
    origin: tuple[State, ...]
    to: State | None
    who: tuple[str, ...]
    needs: tuple[guards.Guard, ...] = ()
    does: tuple[Effect, ...] = ()
    may_set: tuple[str, ...] = ()
    outcome: str = ""


S, A = State, Action
DOORS = ("agent", "dispatcher", "supervisor", "grid_worker", "resident", "partner", "system")
DESK = ("agent", "dispatcher", "supervisor")
UNIT = ("clerk", "grid_worker")
ALL_CLOCKS = ("sign", "contact", "reply", "callback")
EARLY = (S.REGISTERED, S.ACCEPTED, S.RETURNED)

LAW: tuple[Rule, ...] = (
    # taken down, understood
    Rule(A.REGISTER, (), S.REGISTERED, DOORS, (guards.codes_known,),
         may_set=("kind", "matter_code", "area_code", "urgency")),
    Rule(A.AMEND, EARLY, None, DESK, (guards.codes_known,), may_set=("kind", "matter_code", "area_code")),
    Rule(A.MARK_URGENT, OPEN, None, (*DESK, "clerk"), may_set=("urgency",)),
    # the exits of intake
    Rule(A.ACCEPT, (S.REGISTERED,), S.ACCEPTED, DESK, (guards.kind_known,)),
    Rule(A.ANSWER, (S.REGISTERED, S.ACCEPTED), S.CLOSED, DESK, (guards.entry_cited,), outcome="answered"),
    Rule(A.REFER, EARLY, S.REFERRED, DESK, outcome="referred"),
    Rule(A.DECLINE, EARLY, S.DECLINED, DESK, outcome="declined"),
    Rule(A.TRANSFER, EARLY, S.TRANSFERRED, DESK, outcome="transferred"),
    # to whoever is answerable
    Rule(A.DISPATCH, (S.ACCEPTED,), S.DISPATCHED, ("dispatcher", "supervisor", "machine"),
         (guards.kind_known, guards.matter_known, guards.unit_exists, guards.another_unit),
         start("sign", "contact", "reply"), ("unit_id",)),
    Rule(A.REDISPATCH, (S.DISPATCHED, S.RETURNED), S.DISPATCHED, ("dispatcher", "supervisor"),
         (guards.matter_known, guards.unit_exists, guards.another_unit),
         (*cancel("sign", "contact", "reply"), *start("sign", "contact", "reply")), ("unit_id",)),
    Rule(A.SIGN, (S.DISPATCHED,), S.SIGNED, UNIT, (guards.own_unit,), stop("sign")),
    Rule(A.RETURN, (S.DISPATCHED, S.SIGNED), S.RETURNED, ("clerk",), (guards.own_unit,),
         (*cancel("sign", "contact", "reply"), *count("returns"))),
    Rule(A.REPLY, (S.SIGNED,), S.REPLIED, UNIT,
         (guards.own_unit, guards.unsolved_explained, guards.contact_dated),
         (*stop("contact", "reply"), *start("callback"))),
    # is it really solved?
    Rule(A.ATTEMPT_CALLBACK, (S.REPLIED,), None, ("caller_back", "supervisor", "system"), does=count("attempts")),
    Rule(A.RECORD_RESULT, (S.REPLIED,), S.EVALUATED, ("caller_back", "supervisor", "resident"),
         does=stop("callback"), may_set=("solved",)),
    Rule(A.REWORK, (S.EVALUATED,), S.DISPATCHED, ("caller_back", "supervisor"),
         does=(*start("sign", "reply"), *count("rounds"))),
    Rule(A.CLOSE, (S.EVALUATED, S.REPLIED), S.CLOSED, ("caller_back", "supervisor", "system"),
         (guards.result_or_attempts, guards.unsolved_close_explained), stop("callback")),
    # the resident has the last word
    Rule(A.REOPEN, (S.CLOSED,), S.ACCEPTED, ("agent", "supervisor", "resident"), does=count("rounds")),
    Rule(A.WITHDRAW, (S.REGISTERED, S.ACCEPTED, S.DISPATCHED, S.RETURNED, S.SIGNED), S.WITHDRAWN,
         ("agent", "supervisor", "resident"), does=cancel(*ALL_CLOCKS), outcome="withdrawn"),
)  # fmt: skip
RULES: Mapping[str, Rule] = {rule.action.value: rule for rule in LAW}


@dataclass(frozen=True)
class Change:
    """What a lawful action changes: the order after it, the fields that differ, and the clock effects in order."""

    order: Snapshot
    sets: Mapping[str, Any] = field(default_factory=dict)
    clocks: tuple[Effect, ...] = ()


def may_begin(rule: Rule, case: Situation) -> tuple[Reason, ...]:
    """Why this action cannot be begun at all by this actor in this state; empty when it can."""
    origins = {state.value for state in rule.origin} or {""}
    if case.order.state not in origins:
        return (
            Reason(
                "not_in_state",
                N_("工单现在是“%(state)s”，不能%(action)s。"),
                None,
                {"state": _state_words(case.order.state), "action": ACTION_LABELS[rule.action]},
            ),
        )
    if case.role not in rule.who:
        return (Reason("not_your_role", N_("您的岗位不能%(action)s。"), None, {"action": ACTION_LABELS[rule.action]}),)
    return ()


def _state_words(state: str) -> str:
    return STATE_LABELS[State(state)] if state else N_("未登记")


def judge(action: str, case: Situation) -> tuple[tuple[Reason, ...], Change | None]:
    """Is `action` lawful in this situation? Returns all reasons against it, or () and the change it makes."""
    rule = RULES[action]
    reasons = may_begin(rule, case)
    if not reasons:
        found = (guard(case) for guard in (*guards.ALWAYS, *rule.needs))
        reasons = tuple(reason for reason in found if reason is not None)
    if reasons:
        return reasons, None
    return (), _change(rule, case)


def _change(rule: Rule, case: Situation) -> Change:
    """The order after the action: new state, the fields the action may set and did say, the counts."""
    before = case.order
    sets: dict[str, Any] = {"state": rule.to.value} if rule.to is not None else {}
    for name in rule.may_set:
        value = getattr(case.facts, name, None)
        if value not in (None, ""):
            sets[name] = value
    for effect in rule.does:
        if effect.verb == "count":
            sets[effect.what] = getattr(before, effect.what) + 1
    sets |= _outcome(rule, before)
    changed = {name: value for name, value in sets.items() if getattr(before, name) != value}
    return Change(replace(before, **sets), changed, tuple(e for e in rule.does if e.verb != "count"))


def _outcome(rule: Rule, before: Snapshot) -> dict[str, Any]:
    """How the order ended, and what a new round forgets of the last one."""
    if rule.action is A.CLOSE:
        unknown = "unreached" if before.state == "replied" else "unsolved"
        return {"outcome": "solved" if before.solved else unknown}
    if rule.action in (A.REWORK, A.REOPEN):
        return {"outcome": "", "solved": None, "attempts": 0}
    return {"outcome": rule.outcome} if rule.outcome else {}
