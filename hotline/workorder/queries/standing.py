"""How an order stands before the law: gathered once, for acting and for showing what could be done."""

from __future__ import annotations

from hotline.ledger.record import Actor
from hotline.organisation import queries as organisation
from hotline.policy.policy import Policy
from hotline.workorder.facts import Facts
from hotline.workorder.models import Order
from hotline.workorder.situation import Situation, Snapshot


def snapshot(order: Order, unit_path: str) -> Snapshot:
    """The order as the law looks at it."""
    return Snapshot(
        state=order.state,
        kind=order.kind,
        matter_code=order.matter_code,
        area_code=order.area_code,
        urgency=order.urgency,
        unit_id=order.unit_id,
        unit_path=unit_path,
        outcome=order.outcome,
        rounds=order.rounds,
        returns=order.returns,
        attempts=order.attempts,
        solved=order.solved,
    )


def situation(order: Order, facts: Facts | None, actor: Actor, texts: frozenset[str], policy: Policy) -> Situation:
    """What the law needs to know, gathered from what is cached; 0 statements when warm."""
    units = organisation.unit_index(order.authority_id)
    areas = organisation.areas(order.authority_id)
    own, lead = units.get(actor.unit_id), units.get(order.unit_id)
    wanted = [getattr(facts, "unit_id", None), *getattr(facts, "assist_ids", ())]
    area = getattr(facts, "area_code", "")
    return Situation(
        order=snapshot(order, lead.path if lead else ""),
        actor=actor,
        facts=facts,
        order_id=order.pk,
        actor_path=own.path if own else "",
        texts=texts,
        attempts_needed=policy.callback.attempts,
        known_units={unit for unit in wanted if (found := units.get(unit)) is not None and found.active},
        known_matters=policy.matters.keys(),
        known_areas={area} if area and areas.get(area) is not None else frozenset(),
    )
