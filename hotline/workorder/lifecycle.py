"""The law: every state an order can be in, every action, from where, by whom, under which conditions, to what effect.

One table, read top to bottom in the order of the walk. Nothing here touches a database or a clock: `judge` says
whether an action is lawful and what it changes; `services.move` and `services.append_lives` carry it out.
`docs/lifecycle.md` is drawn from this table. Sources: rulebook §1.1 (five exits), §3.2 (reply form), §4 (chain).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Any

from hotline.refusal import N_, Reason
from hotline.workorder import conditions as only
from hotline.workorder import guards
from hotline.workorder.conditions import Condition, Told
from hotline.workorder.situation import Situation, Snapshot


class State(Enum):
    """Where an order stands; the value is what the database and the ledger hold."""

    REGISTERED = "registered"
    INCOMPLETE = "incomplete"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    CONVENED = "convened"
    SIGNED = "signed"
    WAITING = "waiting"
    HUNG = "hung"
    REVIEWING = "reviewing"
    MERGED = "merged"
    REPLIED = "replied"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    REFERRED = "referred"
    DECLINED = "declined"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


class Action(Enum):
    """What can be done to an order."""

    REGISTER = "register"
    AMEND = "amend"
    SUPPLEMENT = "supplement"
    ASK_SUPPLEMENT = "ask_supplement"
    MARK_URGENT = "mark_urgent"
    MARK_CRITICAL = "mark_critical"
    SPLIT = "split"
    MERGE = "merge"
    UNMERGE = "unmerge"
    ACCEPT = "accept"
    ANSWER = "answer"
    REFER = "refer"
    DECLINE = "decline"
    TRANSFER = "transfer"
    DISPATCH = "dispatch"
    REDISPATCH = "redispatch"
    CONVENE = "convene"
    RULE = "rule"
    REJECT_RETURN = "reject_return"
    SIGN = "sign"
    RETURN = "return"
    HAND_DOWN = "hand_down"
    ADD_ASSIST = "add_assist"
    REMOVE_ASSIST = "remove_assist"
    ASSIST_REPLY = "assist_reply"
    CONTACT = "contact"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    PAUSE = "pause"
    RESUME = "resume"
    HANG = "hang"
    UNHANG = "unhang"
    ESCALATE = "escalate"
    REPLY = "reply"
    APPROVE_REPLY = "approve_reply"
    SEND_BACK = "send_back"
    SHARE_REPLY = "share_reply"
    PLAN_CALLBACK = "plan_callback"
    ATTEMPT_CALLBACK = "attempt_callback"
    GIVE_UP_CALLBACK = "give_up_callback"
    RECORD_RESULT = "record_result"
    REWORK = "rework"
    CLOSE = "close"
    CLOSE_ALONG = "close_along"
    FINAL_ANSWER = "final_answer"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    ARCHIVE = "archive"
    REROUTE = "reroute"
    ADOPT_POLICY = "adopt_policy"


STATE_LABELS: Mapping[State, str] = {
    State.REGISTERED: N_("待受理"),
    State.INCOMPLETE: N_("待补充"),
    State.ACCEPTED: N_("待派单"),
    State.DISPATCHED: N_("待签收"),
    State.RETURNED: N_("退单待审"),
    State.CONVENED: N_("会商中"),
    State.SIGNED: N_("办理中"),
    State.WAITING: N_("等诉求人"),
    State.HUNG: N_("已挂账"),
    State.REVIEWING: N_("答复待审"),
    State.MERGED: N_("已并单"),
    State.REPLIED: N_("待回访"),
    State.EVALUATED: N_("已回访"),
    State.CLOSED: N_("已办结"),
    State.REFERRED: N_("已告知法定途径"),
    State.DECLINED: N_("已不予受理"),
    State.TRANSFERRED: N_("已转紧急热线"),
    State.WITHDRAWN: N_("已撤回"),
    State.ARCHIVED: N_("已归档"),
}
ACTION_LABELS: Mapping[Action, str] = {
    Action.REGISTER: N_("登记"),
    Action.AMEND: N_("核对更正"),
    Action.SUPPLEMENT: N_("补充情况"),
    Action.ASK_SUPPLEMENT: N_("请诉求人补充"),
    Action.MARK_URGENT: N_("标为紧急"),
    Action.MARK_CRITICAL: N_("标为特急"),
    Action.SPLIT: N_("拆单"),
    Action.MERGE: N_("并单"),
    Action.UNMERGE: N_("取消并单"),
    Action.ACCEPT: N_("受理"),
    Action.ANSWER: N_("直接答复"),
    Action.REFER: N_("告知法定途径"),
    Action.DECLINE: N_("不予受理"),
    Action.TRANSFER: N_("转紧急热线"),
    Action.DISPATCH: N_("派单"),
    Action.REDISPATCH: N_("改派"),
    Action.CONVENE: N_("召集会商"),
    Action.RULE: N_("裁定"),
    Action.REJECT_RETURN: N_("驳回退单"),
    Action.SIGN: N_("签收"),
    Action.RETURN: N_("退单"),
    Action.HAND_DOWN: N_("下派"),
    Action.ADD_ASSIST: N_("增加协办"),
    Action.REMOVE_ASSIST: N_("取消协办"),
    Action.ASSIST_REPLY: N_("协办反馈"),
    Action.CONTACT: N_("先行联系"),
    Action.ASK_EXTENSION: N_("申请延期"),
    Action.GRANT_EXTENSION: N_("同意延期"),
    Action.REFUSE_EXTENSION: N_("不同意延期"),
    Action.PAUSE: N_("暂停等诉求人"),
    Action.RESUME: N_("恢复办理"),
    Action.HANG: N_("挂账"),
    Action.UNHANG: N_("销账续办"),
    Action.ESCALATE: N_("提级"),
    Action.REPLY: N_("答复"),
    Action.APPROVE_REPLY: N_("审核通过"),
    Action.SEND_BACK: N_("退回修改"),
    Action.SHARE_REPLY: N_("随主单答复"),
    Action.PLAN_CALLBACK: N_("约定回访"),
    Action.ATTEMPT_CALLBACK: N_("记未接通"),
    Action.GIVE_UP_CALLBACK: N_("未接通办结"),
    Action.RECORD_RESULT: N_("记回访结果"),
    Action.REWORK: N_("发回重办"),
    Action.CLOSE: N_("办结"),
    Action.CLOSE_ALONG: N_("随主单办结"),
    Action.FINAL_ANSWER: N_("最终答复"),
    Action.REOPEN: N_("重新办理"),
    Action.WITHDRAW: N_("撤回"),
    Action.ARCHIVE: N_("归档"),
    Action.REROUTE: N_("随机构调整改办"),
    Action.ADOPT_POLICY: N_("改按新规则"),
}
# How the ledger calls what happened: the event's kind is "order." and this word.
PAST: Mapping[Action, str] = {
    Action.REGISTER: "registered",
    Action.AMEND: "amended",
    Action.SUPPLEMENT: "supplemented",
    Action.ASK_SUPPLEMENT: "supplement_asked",
    Action.MARK_URGENT: "marked_urgent",
    Action.MARK_CRITICAL: "marked_critical",
    Action.SPLIT: "split",
    Action.MERGE: "merged",
    Action.UNMERGE: "unmerged",
    Action.ACCEPT: "accepted",
    Action.ANSWER: "answered",
    Action.REFER: "referred",
    Action.DECLINE: "declined",
    Action.TRANSFER: "transferred",
    Action.DISPATCH: "dispatched",
    Action.REDISPATCH: "redispatched",
    Action.CONVENE: "convened",
    Action.RULE: "ruled",
    Action.REJECT_RETURN: "return_rejected",
    Action.SIGN: "signed",
    Action.RETURN: "returned",
    Action.HAND_DOWN: "handed_down",
    Action.ADD_ASSIST: "assist_added",
    Action.REMOVE_ASSIST: "assist_removed",
    Action.ASSIST_REPLY: "assist_replied",
    Action.CONTACT: "contacted",
    Action.ASK_EXTENSION: "extension_asked",
    Action.GRANT_EXTENSION: "extended",
    Action.REFUSE_EXTENSION: "extension_refused",
    Action.PAUSE: "paused",
    Action.RESUME: "resumed",
    Action.HANG: "hung",
    Action.UNHANG: "unhung",
    Action.ESCALATE: "escalated",
    Action.REPLY: "replied",
    Action.APPROVE_REPLY: "reply_approved",
    Action.SEND_BACK: "sent_back",
    Action.SHARE_REPLY: "reply_shared",
    Action.PLAN_CALLBACK: "callback_planned",
    Action.ATTEMPT_CALLBACK: "callback_attempted",
    Action.GIVE_UP_CALLBACK: "callback_given_up",
    Action.RECORD_RESULT: "result_recorded",
    Action.REWORK: "reworked",
    Action.CLOSE: "closed",
    Action.CLOSE_ALONG: "closed_along",
    Action.FINAL_ANSWER: "finally_answered",
    Action.REOPEN: "reopened",
    Action.WITHDRAW: "withdrawn",
    Action.ARCHIVE: "archived",
    Action.REROUTE: "rerouted",
    Action.ADOPT_POLICY: "policy_adopted",
}
# The room in which an order of this state waits for its next step; a state that is not here waits for nobody.
WAITS_IN: Mapping[State, str] = {
    State.REGISTERED: "intake",
    State.INCOMPLETE: "intake",
    State.ACCEPTED: "dispatch",
    State.RETURNED: "dispatch",
    State.CONVENED: "dispatch",
    State.DISPATCHED: "handling",
    State.SIGNED: "handling",
    State.WAITING: "handling",
    State.HUNG: "handling",
    State.REVIEWING: "handling",
    State.MERGED: "handling",
    State.REPLIED: "callback",
    State.EVALUATED: "callback",
}
OPEN = tuple(WAITS_IN)
ENDED = tuple(state for state in State if state not in WAITS_IN)


@dataclass(frozen=True)
class Effect:
    """What an action causes besides the new state: a change of a clock, or a count.

    `by` names where a length comes from if not from the policy's rule for that clock: pause_days, review_at, asked,
    days. "assist" are the clocks of the assisting units, each on its own stream.
    """

    verb: str
    what: str
    by: str = ""


def _effects(verb: str, clocks: tuple[str, ...], by: str = "") -> tuple[Effect, ...]:
    return tuple(Effect(verb, clock, by) for clock in clocks)


def start(*clocks: str, by: str = "") -> tuple[Effect, ...]:
    """Start these clocks."""
    return _effects("start", clocks, by)


def stop(*clocks: str) -> tuple[Effect, ...]:
    """Stop these clocks: the duty is done, in time or late."""
    return _effects("stop", clocks)


def cancel(*clocks: str) -> tuple[Effect, ...]:
    """Cancel these clocks: the duty no longer exists."""
    return _effects("cancel", clocks)


def pause(*clocks: str) -> tuple[Effect, ...]:
    """Let these clocks stand still."""
    return _effects("pause", clocks)


def resume(*clocks: str) -> tuple[Effect, ...]:
    """Let these clocks go on with what was left."""
    return _effects("resume", clocks)


def extend(*clocks: str, by: str) -> tuple[Effect, ...]:
    """Give these clocks more time."""
    return _effects("extend", clocks, by)


def shorten(*clocks: str, by: str = "") -> tuple[Effect, ...]:
    """Let these clocks end sooner: counted anew from now, if that is earlier."""
    return _effects("shorten", clocks, by)


def count(*counters: str) -> tuple[Effect, ...]:
    """Count one more of these on the order."""
    return _effects("count", counters)


@dataclass(frozen=True)
class Rule:
    """One row of the law. `to` None leaves the state; `origin` () means that the order does not exist yet.

    An action may have several rows, for different states, or for one state under different conditions (`when`); the
    first that holds is the law. `sets` are values that the order takes, said or looked up in the situation.
    """

    action: Action
    origin: tuple[State, ...]
    to: State | None
    who: tuple[str, ...]
    needs: tuple[guards.Guard, ...] = ()
    does: tuple[Effect, ...] = ()
    may_set: tuple[str, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    when: Condition | None = None


S, A = State, Action
DOORS = ("agent", "dispatcher", "supervisor", "grid_worker", "resident", "partner", "system")
DESK = ("agent", "dispatcher", "supervisor")
JUDGES = ("dispatcher", "supervisor")
UNIT = ("clerk", "grid_worker", "dispatcher")  # a dispatcher of a county's hotline centre acts for that unit
OFFICE = ("clerk", "dispatcher")
LOOKS = ("dispatcher", "supervisor", "clerk")  # who looks at what a unit asks or answers; a guard says which of them
CALLERS = ("caller_back", "supervisor")

GIVEN = ("sign", "contact", "reply")
ALL_CLOCKS = ("dispatch", "sign", "contact", "reply", "assist", "review", "callback")
UNDECIDED = (S.REGISTERED, S.ACCEPTED, S.RETURNED, S.CONVENED)
EARLY = (S.REGISTERED, S.INCOMPLETE, S.ACCEPTED)
WITH_UNIT = (S.DISPATCHED, S.RETURNED, S.CONVENED, S.SIGNED, S.WAITING, S.HUNG, S.REVIEWING, S.REPLIED, S.EVALUATED)
SETTLED = stop("dispatch") + cancel("sign", "contact", "reply", "assist", "review")
ANEW = cancel("sign", "contact", "reply", "assist", "review") + start("sign", "contact", "reply", "assist")
TO_UNIT: Mapping[str, Any] = {
    "first_unit_id": only.chosen_unit,
    "dispatched_at": only.now,
    "bound": False,
    "extensions": 0,
    "head_id": None,
}
BOUND = {**TO_UNIT, "bound": True}

LAW: tuple[Rule, ...] = (
    # taken down, understood
    Rule(A.REGISTER, (), S.REGISTERED, DOORS, (guards.codes_known,), start("dispatch"),
         ("kind", "matter_code", "area_code", "urgency")),
    Rule(A.AMEND, (*UNDECIDED, S.INCOMPLETE), None, DESK, (guards.codes_known,),
         may_set=("kind", "matter_code", "area_code")),
    Rule(A.SUPPLEMENT, (S.INCOMPLETE,), S.REGISTERED, (*DESK, "resident", "partner"), (),
         resume("dispatch") + stop("review")),
    Rule(A.SUPPLEMENT, (S.WAITING,), S.SIGNED, (*DESK, *UNIT[:2], "resident", "partner"), (guards.own_unit,),
         resume("contact", "reply") + stop("review")),
    Rule(A.SUPPLEMENT, tuple(s for s in OPEN if s not in (S.INCOMPLETE, S.WAITING)), None,
         ("agent", "supervisor", "resident", "partner")),
    Rule(A.ASK_SUPPLEMENT, (S.REGISTERED, S.ACCEPTED), S.INCOMPLETE, DESK, (guards.pause_allowed,),
         pause("dispatch") + start("review", by="pause_days")),
    Rule(A.MARK_URGENT, (S.REGISTERED, S.ACCEPTED, S.CONVENED), None, DESK, (guards.more_urgent,), shorten("dispatch"),
         sets={"urgency": "urgent"}),
    Rule(A.MARK_URGENT, (S.INCOMPLETE, S.RETURNED), None, DESK, (guards.more_urgent,), sets={"urgency": "urgent"}),
    Rule(A.MARK_URGENT, (S.DISPATCHED, S.SIGNED), None, (*DESK, "clerk"), (guards.own_unit, guards.more_urgent),
         shorten(*GIVEN), sets={"urgency": "urgent"}),
    Rule(A.MARK_CRITICAL, (S.REGISTERED, S.ACCEPTED, S.CONVENED), None, DESK, (guards.more_urgent,),
         shorten("dispatch"), sets={"urgency": "critical"}),
    Rule(A.MARK_CRITICAL, (S.INCOMPLETE, S.RETURNED), None, DESK, (guards.more_urgent,), sets={"urgency": "critical"}),
    Rule(A.MARK_CRITICAL, (S.DISPATCHED, S.SIGNED), None, (*DESK, "clerk"), (guards.own_unit, guards.more_urgent),
         shorten(*GIVEN), sets={"urgency": "critical"}),
    # several demands in one appeal, several appeals about one thing
    Rule(A.SPLIT, EARLY, None, DESK, (guards.parts_named,)),
    Rule(A.MERGE, (*EARLY, S.DISPATCHED, S.RETURNED, S.CONVENED, S.SIGNED, S.WAITING), S.MERGED,
         (*DESK, "resident", "partner", "system"),
         (guards.head_open, guards.joins_incident, guards.no_members), SETTLED, ("head_id",)),
    Rule(A.UNMERGE, (S.MERGED,), S.ACCEPTED, (*DESK, "system"), (), start("dispatch"),
         sets={"head_id": None}),
    # the exits of intake
    Rule(A.ACCEPT, (S.REGISTERED,), S.ACCEPTED, DESK, (guards.kind_known,)),
    Rule(A.ANSWER, (S.REGISTERED, S.ACCEPTED), S.CLOSED, DESK, (guards.entry_cited,), SETTLED,
         sets={"outcome": "answered"}),
    Rule(A.REFER, (*UNDECIDED, S.INCOMPLETE), S.REFERRED, DESK, (guards.route_open,), SETTLED,
         sets={"outcome": "referred"}),
    Rule(A.DECLINE, (*UNDECIDED, S.INCOMPLETE), S.DECLINED, DESK, (), SETTLED, sets={"outcome": "declined"}),
    Rule(A.TRANSFER, (*UNDECIDED, S.INCOMPLETE), S.TRANSFERRED, DESK, (), SETTLED, sets={"outcome": "transferred"}),
    # to whoever is answerable
    Rule(A.DISPATCH, (S.ACCEPTED,), S.DISPATCHED, (*JUDGES, "machine"),
         (guards.at_the_centre, guards.kind_known, guards.matter_known, guards.unit_exists, guards.another_unit,
          guards.floor), stop("dispatch") + cancel("assist") + start(*GIVEN, "assist"), ("unit_id",), TO_UNIT),
    Rule(A.REDISPATCH, (S.DISPATCHED, S.RETURNED, S.SIGNED), S.DISPATCHED, JUDGES,
         (guards.at_the_centre, guards.matter_known, guards.unit_exists, guards.another_unit, guards.floor,
          guards.not_passed_around), ANEW, ("unit_id",), TO_UNIT),
    # whose job is it? objection, meeting, ruling
    Rule(A.RETURN, (S.DISPATCHED, S.SIGNED), S.SIGNED, OFFICE, (guards.for_unit,), cancel("sign"),
         sets={"unit_id": only.upper_unit}, when=only.handed_down),
    Rule(A.RETURN, (S.DISPATCHED, S.SIGNED), S.RETURNED, OFFICE,
         (guards.for_unit, guards.not_bound, guards.within_window, guards.evidence_brought),
         cancel("sign", "assist") + pause("contact", "reply") + count("returns")),
    Rule(A.REJECT_RETURN, (S.RETURNED,), S.DISPATCHED, JUDGES, (guards.at_the_centre,),
         start("sign") + resume("contact", "reply"), sets={"bound": True}),
    Rule(A.CONVENE, (S.ACCEPTED, S.RETURNED), S.CONVENED, JUDGES, (guards.at_the_centre, guards.invited_known)),
    Rule(A.RULE, (S.CONVENED,), S.DISPATCHED, JUDGES,
         (guards.at_the_centre, guards.kind_known, guards.matter_known, guards.unit_exists, guards.another_unit,
          guards.floor), stop("dispatch") + ANEW, ("unit_id",), BOUND),
    Rule(A.ESCALATE, (S.DISPATCHED, S.RETURNED, S.CONVENED, S.SIGNED, S.WAITING, S.HUNG, S.EVALUATED), S.DISPATCHED,
         ("supervisor",), (guards.at_the_centre, guards.kind_known, guards.matter_known, guards.unit_exists,
                           guards.higher_unit, guards.floor),
         stop("dispatch") + ANEW + count("escalations"), ("unit_id",), {**BOUND, "solved": None, "attempts": 0}),
    # what the unit does
    Rule(A.SIGN, (S.DISPATCHED,), S.SIGNED, UNIT, (guards.for_unit,), stop("sign")),
    Rule(A.HAND_DOWN, (S.SIGNED,), S.DISPATCHED, OFFICE,
         (guards.for_unit, guards.unit_exists, guards.one_level_down, guards.not_yet_assisting, guards.floor),
         start("sign") + shorten("reply", by="days"), ("unit_id",)),
    Rule(A.ADD_ASSIST, (S.DISPATCHED, S.SIGNED, S.WAITING), None, ("clerk", *JUDGES),
         (guards.own_unit, guards.unit_exists, guards.not_yet_assisting), start("assist", by="days")),
    Rule(A.REMOVE_ASSIST, (S.DISPATCHED, S.SIGNED, S.WAITING, S.HUNG), None, ("clerk", *JUDGES),
         (guards.own_unit, guards.assisting), cancel("assist")),
    Rule(A.ASSIST_REPLY, (S.DISPATCHED, S.SIGNED, S.WAITING, S.HUNG), None, UNIT, (guards.own_assist,), stop("assist")),
    Rule(A.CONTACT, (S.SIGNED,), None, UNIT, (guards.for_unit,), stop("contact")),
    Rule(A.ASK_EXTENSION, (S.SIGNED,), None, OFFICE,
         (guards.for_unit, guards.extension_left, guards.extension_length, guards.asked_in_time),
         may_set=("extension_asked",)),
    Rule(A.GRANT_EXTENSION, (S.SIGNED,), None, LOOKS, (guards.decides_extension, guards.extension_was_asked),
         extend("reply", by="asked") + count("extensions"), sets={"extension_asked": 0}),
    Rule(A.REFUSE_EXTENSION, (S.SIGNED,), None, LOOKS, (guards.decides_extension, guards.extension_was_asked),
         sets={"extension_asked": 0}),
    Rule(A.PAUSE, (S.SIGNED,), S.WAITING, OFFICE, (guards.for_unit, guards.pause_allowed),
         pause("contact", "reply") + start("review", by="pause_days")),
    Rule(A.RESUME, (S.WAITING,), S.SIGNED, (*OFFICE, "supervisor", "system"), (guards.own_unit,),
         stop("review") + resume("contact", "reply")),
    Rule(A.RESUME, (S.INCOMPLETE,), S.REGISTERED, (*DESK, "system"), (), stop("review") + resume("dispatch")),
    Rule(A.HANG, (S.SIGNED,), S.HUNG, ("supervisor",), (guards.at_the_centre, guards.hang_allowed),
         pause("contact", "reply") + start("review", by="review_at")),
    Rule(A.UNHANG, (S.HUNG,), S.SIGNED, (*OFFICE, "supervisor", "system"), (guards.own_unit,),
         stop("review") + resume("contact", "reply")),
    # the answer, looked at where the city wants that
    Rule(A.REPLY, (S.SIGNED,), S.REVIEWING, UNIT,
         (guards.for_unit, guards.unsolved_explained, guards.contact_dated),
         stop("contact") + pause("reply") + cancel("assist") + start("review"), when=only.answer_is_reviewed),
    Rule(A.REPLY, (S.SIGNED,), S.REPLIED, UNIT,
         (guards.for_unit, guards.unsolved_explained, guards.contact_dated),
         stop("contact", "reply") + cancel("assist") + start("callback")),
    Rule(A.APPROVE_REPLY, (S.REVIEWING,), S.REPLIED, LOOKS, (guards.reviews_answer,),
         stop("reply", "review") + start("callback")),
    Rule(A.SEND_BACK, (S.REVIEWING,), S.SIGNED, LOOKS, (guards.reviews_answer,), stop("review") + resume("reply")),
    Rule(A.SHARE_REPLY, (S.MERGED,), S.REPLIED, ("system",), (guards.follows_head,), start("callback"),
         sets={"unit_id": only.unit_of_head, "first_unit_id": only.unit_of_head, "dispatched_at": only.now}),
    # is it really solved?
    Rule(A.PLAN_CALLBACK, (S.REPLIED,), None, (*CALLERS, "resident"), (guards.planned_ahead,)),
    Rule(A.ATTEMPT_CALLBACK, (S.REPLIED,), None, (*CALLERS, "system"), (), count("attempts")),
    Rule(A.RECORD_RESULT, (S.REPLIED,), S.EVALUATED, (*CALLERS, "resident"), (), stop("callback"), ("solved",)),
    Rule(A.GIVE_UP_CALLBACK, (S.REPLIED,), S.CLOSED, (*CALLERS, "system"), (guards.attempts_made,), stop("callback"),
         sets={"outcome": "unreached"}),
    Rule(A.REWORK, (S.EVALUATED,), S.DISPATCHED, CALLERS, (guards.not_worn_out,),
         start("sign", "contact", "reply") + count("rounds"),
         sets={"outcome": "", "solved": None, "attempts": 0, "extensions": 0, "head_id": None, "bound": True,
               "dispatched_at": only.now}),
    Rule(A.CLOSE, (S.EVALUATED,), S.CLOSED, ("dispatcher", *CALLERS, "system"),
         (guards.closer, guards.unsolved_close_explained), sets={"outcome": only.what_was_said}),
    Rule(A.CLOSE_ALONG, (S.MERGED,), S.CLOSED, ("system",), (guards.follows_head,),
         sets={"outcome": only.outcome_of_head}),
    Rule(A.FINAL_ANSWER, (S.EVALUATED,), S.CLOSED, ("supervisor",), (guards.at_the_centre, guards.files_known),
         sets={"outcome": "final"}),
    # the resident has the last word
    Rule(A.REOPEN, (S.CLOSED,), S.ACCEPTED, ("agent", "supervisor", "resident"),
         (guards.within_reopening, guards.not_final), count("rounds") + start("dispatch"),
         sets={"outcome": "", "solved": None, "attempts": 0, "extensions": 0, "head_id": None, "bound": False}),
    Rule(A.WITHDRAW, (*EARLY, S.DISPATCHED, S.RETURNED, S.CONVENED, S.SIGNED, S.WAITING, S.HUNG, S.REVIEWING, S.MERGED),
         S.WITHDRAWN, ("agent", "supervisor", "resident"), (), cancel(*ALL_CLOCKS), sets={"outcome": "withdrawn"}),
    Rule(A.ARCHIVE, (S.CLOSED, S.REFERRED, S.DECLINED, S.TRANSFERRED, S.WITHDRAWN), S.ARCHIVED,
         ("supervisor", "system"), (guards.past_reopening,)),
    # what happens around the order: units are merged, rules change
    Rule(A.REROUTE, (S.DISPATCHED, S.SIGNED, S.WAITING, S.HUNG, S.REVIEWING), S.ACCEPTED, ("system",), (),
         SETTLED + start("dispatch"), ("area_code",), {"first_unit_id": None, "unit_id": None}, when=only.nobody_left),
    Rule(A.REROUTE, OPEN, None, ("system",), may_set=("unit_id", "first_unit_id", "area_code")),
    Rule(A.ADOPT_POLICY, (*EARLY, S.RETURNED, S.CONVENED), None, ("system",), may_set=("policy_version_id",)),
)  # fmt: skip


def _by_action() -> Mapping[str, tuple[Rule, ...]]:
    rows: dict[str, tuple[Rule, ...]] = {}
    for rule in LAW:
        rows[rule.action.value] = (*rows.get(rule.action.value, ()), rule)
    return MappingProxyType(rows)


RULES = _by_action()


@dataclass(frozen=True)
class Change:
    """What a lawful action changes: the order after it, the fields that differ, and the clock effects in order."""

    order: Snapshot
    sets: Mapping[str, Any] = field(default_factory=dict)
    clocks: tuple[Effect, ...] = ()


def who(action: str) -> frozenset[str]:
    """Everybody who may take the action in some state."""
    return frozenset(role for rule in RULES[action] for role in rule.who)


def rule_for(action: str, case: Situation) -> Rule | None:
    """The row of the law that this action has in this situation, None where it has none."""
    for rule in RULES[action]:
        here = not rule.origin if not case.order.state else State(case.order.state) in rule.origin
        if here and (rule.when is None or rule.when(case)):
            return rule
    return None


def may_begin(action: str, case: Situation) -> tuple[tuple[Reason, ...], Rule | None]:
    """Why this action cannot be begun at all by this actor in this state, or () and its row of the law."""
    rule = rule_for(action, case)
    label = ACTION_LABELS[Action(action)]
    if rule is None:
        params = {"state": _state_words(case.order.state), "action": label}
        return (Reason("not_in_state", N_("工单现在是“%(state)s”，不能%(action)s。"), None, params),), None
    if case.role not in rule.who:
        return (Reason("not_your_role", N_("您的岗位不能%(action)s。"), None, {"action": label}),), None
    return (), rule


def _state_words(state: str) -> str:
    return STATE_LABELS[State(state)] if state else N_("未登记")


def judge(action: str, case: Situation) -> tuple[tuple[Reason, ...], Change | None]:
    """Is `action` lawful in this situation? Returns all reasons against it, or () and the change it makes."""
    reasons, rule = may_begin(action, case)
    if rule is None:
        return reasons, None
    found = (guard(case) for guard in (*guards.ALWAYS, *rule.needs))
    reasons = tuple(reason for reason in found if reason is not None)
    return (reasons, None) if reasons else ((), _change(rule, case))


def _change(rule: Rule, case: Situation) -> Change:
    """The order after the action: new state, what the row sets, what the facts say and may say, the counts."""
    before = case.order
    sets: dict[str, Any] = {
        name: value(case) if isinstance(value, Told) else value for name, value in rule.sets.items()
    }
    for name in rule.may_set:
        value = getattr(case.facts, name, None)
        if value not in (None, ""):
            sets[name] = value
    for effect in rule.does:
        if effect.verb == "count":
            sets[effect.what] = getattr(before, effect.what) + 1
    if rule.to is not None:
        sets |= {"state": rule.to.value, "extension_asked": 0, "ended_at": _ended_at(rule.to, case)}
    changed = {name: value for name, value in sets.items() if getattr(before, name) != value}
    return Change(replace(before, **sets), changed, tuple(e for e in rule.does if e.verb != "count"))


def _ended_at(to: State, case: Situation) -> Any:
    """When the order ended: kept when it is archived, forgotten when it is opened again."""
    return (case.order.ended_at or case.at) if to in ENDED else None
