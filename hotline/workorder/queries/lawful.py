"""What a viewer may do with an order now, and why not the rest; drawn from the law."""

from __future__ import annotations

from datetime import datetime

from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.refusal import Reason
from hotline.workorder import guards
from hotline.workorder.forms import form_for
from hotline.workorder.lifecycle import ACTION_LABELS, RULES, Action, Rule, State, may_begin, who
from hotline.workorder.models import Order
from hotline.workorder.queries.standing import Looked, situation
from hotline.workorder.situation import Situation
from hotline.workorder.views import LawfulAction

# The one next step of each state, for the role whose turn it is; the first that is allowed becomes the solid button.
NEXT = {
    State.REGISTERED: ("accept",),
    State.INCOMPLETE: ("supplement",),
    State.ACCEPTED: ("dispatch", "accept"),
    State.RETURNED: ("redispatch", "convene"),
    State.CONVENED: ("rule",),
    State.DISPATCHED: ("sign", "assist_reply"),
    State.SIGNED: ("grant_extension", "reply", "assist_reply"),
    State.WAITING: ("resume",),
    State.HUNG: ("unhang",),
    State.REVIEWING: ("approve_reply",),
    State.REPLIED: ("record_result",),
    State.EVALUATED: ("close", "rework"),
}


def lawful(order: Order, viewer: Viewer, at: datetime, looked: Looked) -> tuple[LawfulAction, ...]:
    """Every action this viewer's role knows, in the order of the law: allowed ones with their form, the others with
    the reason. 0 statements when policy and units are cached."""
    policy = policy_queries.version(order.policy_version_id)
    case = situation(order, None, viewer.actor(), frozenset(), policy, at, looked)
    mine = [name for name, rules in RULES.items() if rules[0].origin and viewer.role.value in who(name)]
    found = [_judge(name, case, policy, viewer.language.startswith("en")) for name in mine]
    primary = next_action(order.state, {action.action for action in found if action.allowed})
    return tuple(_with_primary(action, primary) for action in found)


def next_step(order: Order, viewer: Viewer, at: datetime) -> str:
    """The one next step that this viewer may take now, "" if it is nobody's turn here: for lists, without forms."""
    policy = policy_queries.version(order.policy_version_id)
    case = situation(order, None, viewer.actor(), frozenset(), policy, at)
    mine = (name for name in NEXT.get(State(order.state), ()) if viewer.role.value in who(name))
    return next((name for name in mine if not against(name, case)), "")


def next_action(state: str, allowed: set[str]) -> str:
    """The one next step among the allowed actions, "" when it is nobody's turn here."""
    return next((action for action in NEXT.get(State(state), ()) if action in allowed), "")


def against(name: str, case: Situation) -> tuple[Reason, ...]:
    """What stands against the action before anything is typed."""
    reasons, rule = may_begin(name, case)
    return reasons or (_standing(rule, case) if rule is not None else ())


def _standing(rule: Rule, case: Situation) -> tuple[Reason, ...]:
    wanted = (guard for guard in (*guards.ALWAYS, *rule.needs) if guard in guards.STANDING)
    return tuple(reason for guard in wanted if (reason := guard(case)) is not None)


def _judge(name: str, case: Situation, policy: Policy, english: bool) -> LawfulAction:
    reasons = against(name, case)
    fields = form_for(name, policy, english) if not reasons else ()
    return LawfulAction(name, ACTION_LABELS[Action(name)], not reasons, reasons, fields)


def _with_primary(action: LawfulAction, primary: str) -> LawfulAction:
    if action.action != primary:
        return action
    return LawfulAction(action.action, action.label, action.allowed, action.reasons, action.fields, True)
