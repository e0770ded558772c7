"""What a viewer may do with an order now, and why not the rest; drawn from the law."""

from __future__ import annotations

from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policy_queries
from hotline.refusal import Reason
from hotline.workorder import guards
from hotline.workorder.forms import form_for
from hotline.workorder.lifecycle import ACTION_LABELS, LAW, RULES, Rule, State, may_begin
from hotline.workorder.models import Order
from hotline.workorder.queries.standing import situation
from hotline.workorder.situation import Situation
from hotline.workorder.views import LawfulAction

# The one next step of each state, for the role whose turn it is; the first that is allowed becomes the solid button.
NEXT = {
    State.REGISTERED: ("accept",),
    State.ACCEPTED: ("dispatch", "accept"),
    State.RETURNED: ("redispatch",),
    State.DISPATCHED: ("sign",),
    State.SIGNED: ("reply",),
    State.REPLIED: ("record_result",),
    State.EVALUATED: ("close", "rework"),
    State.CLOSED: (),
}
# Guards that can be judged before anything is typed.
STANDING = (guards.own_unit, guards.kind_known, guards.matter_known, guards.result_or_attempts,
            guards.unsolved_close_explained)  # fmt: skip


def lawful(order: Order, viewer: Viewer) -> tuple[LawfulAction, ...]:
    """Every action this viewer's role knows, in the order of the law: allowed ones with their form, the others with
    the reason. 0 statements when policy and units are cached."""
    policy = policy_queries.version(order.policy_version_id)
    case = situation(order, None, viewer.actor(), frozenset(), policy)
    mine = [rule for rule in LAW if rule.origin and viewer.role.value in rule.who]
    found = [_judge(rule, case) for rule in mine]
    primary = next_action(order.state, {action.action for action in found if action.allowed})
    return tuple(_with_primary(action, primary) for action in found)


def next_step(order: Order, viewer: Viewer) -> str:
    """The one next step that this viewer may take now, "" if it is nobody's turn here: for lists, without forms."""
    case = situation(order, None, viewer.actor(), frozenset(), policy_queries.version(order.policy_version_id))
    mine = (RULES[name] for name in NEXT.get(State(order.state), ()) if viewer.role.value in RULES[name].who)
    return next((rule.action.value for rule in mine if not _against(rule, case)), "")


def next_action(state: str, allowed: set[str]) -> str:
    """The one next step among the allowed actions, "" when it is nobody's turn here."""
    return next((action for action in NEXT.get(State(state), ()) if action in allowed), "")


def _judge(rule: Rule, case: Situation) -> LawfulAction:
    reasons = _against(rule, case)
    name = rule.action.value
    fields = form_for(name) if not reasons else ()
    return LawfulAction(name, ACTION_LABELS[rule.action], not reasons, reasons, fields)


def _against(rule: Rule, case: Situation) -> tuple[Reason, ...]:
    """What stands against the action before anything is typed."""
    reasons = may_begin(rule, case)
    if reasons:
        return reasons
    found = (guard(case) for guard in rule.needs if guard in STANDING)
    return tuple(reason for reason in found if reason is not None)


def _with_primary(action: LawfulAction, primary: str) -> LawfulAction:
    if action.action != primary:
        return action
    return LawfulAction(action.action, action.label, action.allowed, action.reasons, action.fields, True)
