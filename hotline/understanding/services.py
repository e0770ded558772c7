"""Reading orders as they come in, and texts while they are typed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from hotline.ledger import services as ledger
from hotline.ledger.record import Actor, Draft, Event, Json, Stream
from hotline.organisation import queries as organisation
from hotline.policy import queries as policy_queries
from hotline.policy.policy import Policy
from hotline.residents.masking import redact
from hotline.rows import insert
from hotline.understanding.engines import choosing
from hotline.understanding.models import OrderReading
from hotline.understanding.reading import Context, Engine, Reading, compose, empty, to_document
from hotline.workorder import queries as workorder
from hotline.workorder.queries import OrderCodes

log = logging.getLogger(__name__)

READ_KINDS = ("appeal", "title", "place")
NO_ENGINE = "none"


@transaction.atomic
def read_batch(*, events: Sequence[Event], at: datetime) -> None:
    """Read the orders that the events speak of and keep codes and offsets, once per engine edition.

    An engine that is down or fails leaves an empty reading with its reason, so that a person takes over. At most 6
    statements for any number of orders.
    """
    orders = workorder.codes({event.stream.id for event in events if event.stream.kind == "order"})
    engines = {
        order.id: _engine(order.authority_id, policy_queries.version(order.policy_version_id))
        for order in orders.values()
    }
    done = set(OrderReading.objects.filter(order_id__in=list(orders)).values_list("order_id", "engine", "version"))
    fresh = [order for order in orders.values() if (order.id, *_edition(engines[order.id])) not in done]
    if not fresh:
        return
    texts = workorder.texts([order.id for order in fresh], READ_KINDS)
    _keep([(order, _read_order(engines[order.id], order, texts.get(order.id, {}))) for order in fresh], at)


def read_text(*, authority_id: int, text: str, at: datetime, area_code: str | None = None, title: str = "") -> Reading:
    """Read a text that is being typed; nothing is kept. `area_code` is what the form already names."""
    engine = _engine(authority_id, policy_queries.current(authority_id, at))
    whole, headline = compose({"appeal": text, "title": title}) if title else (text, None)
    return _read(engine, whole, Context(at=at, area_code=area_code or None, headline=headline))


@transaction.atomic
def forget(*, events: Sequence[Event], at: datetime) -> None:
    """Drop the readings of the orders of erased residents. They hold no text, but where and when is about a person."""
    residents = [event.stream.id for event in events if event.stream.kind == "resident"]
    OrderReading.objects.filter(order__resident_id__in=residents).delete()


def _keep(readings: Sequence[tuple[OrderCodes, Reading]], at: datetime) -> None:
    insert(
        [
            OrderReading(
                order_id=order.id,
                engine=reading.engine,
                version=reading.version,
                document=to_document(reading),
                empty_reason=reading.empty_reason,
                read_at=at,
            )
            for order, reading in readings
        ]
    )
    drafts = [
        Draft(
            stream=Stream("order", order.id),
            kind="order.read",
            facts=_facts(reading),
            actor=Actor("machine", id=reading.engine),
            at=at,
            history=True,  # nothing follows from it: what reads it is called after it
        )
        for order, reading in readings
    ]
    ledger.append(drafts=drafts, at=at)


def _engine(authority_id: int, policy: Policy) -> Engine | None:
    authority = organisation.authority(authority_id)
    revision = authority.revision if authority else 0
    return choosing.engine_for(
        getattr(settings, "HOTLINE_ENGINES", ("rules",)),
        policy,
        organisation.areas(authority_id),
        edition=f"p{policy.id}.a{revision}",
    )


def _edition(engine: Engine | None) -> tuple[str, str]:
    return (engine.name, engine.version) if engine else (NO_ENGINE, "")


def _read_order(engine: Engine | None, order: OrderCodes, texts: Mapping[str, str]) -> Reading:
    text, headline = compose(texts)
    # Words like yesterday count from when it was said, which is earlier than when it was taken down for old messages.
    said_at = order.own_at or order.registered_at
    context = Context(at=said_at, area_code=order.area_code or None, headline=headline, redact=False)
    return _read(engine, text, context)


def _read(engine: Engine | None, text: str, context: Context) -> Reading:
    if engine is None:
        return empty(*_edition(None), "engine_down", redacted=_redacted(text, context))
    try:
        return engine.read(text, context)
    except Exception as error:  # a machine's failure never stops an appeal; the text itself is not logged
        log.warning("engine %s %s failed: %s", engine.name, engine.version, type(error).__name__)
        return empty(engine.name, engine.version, "engine_failed", redacted=_redacted(text, context))


def _redacted(text: str, context: Context) -> str:
    return redact(text).text if context.redact else ""


def _facts(reading: Reading) -> dict[str, Json]:
    """What the ledger keeps: codes and confidences."""
    facts: dict[str, Json] = {
        "engine": reading.engine,
        "engine_version": reading.version,
        "matters": [guess.value for guess in reading.matters],
        "confidences": [guess.confidence for guess in reading.matters],
        "urgency": reading.urgency.value,
    }
    said = {
        "kind": reading.kind and reading.kind.value,
        "area_code": reading.place and reading.place.area_code,
        "exit": reading.out_of_scope and reading.out_of_scope.value,
        "route": reading.out_of_scope and reading.out_of_scope.why,
        "empty_reason": reading.empty_reason,
    }
    return facts | {name: value for name, value in said.items() if value}
