"""The order page: what is known, who said it, its clocks, its way, what may be done now and why not the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from hotline.desk import attachments, incident_page, inking, names, offering, reading_words, standing, timeline
from hotline.desk.act_fields import Asking
from hotline.desk.choices import Catalogue
from hotline.desk.days import Day, strip
from hotline.desk.menu import WORKING
from hotline.desk.offering import Act, Filled, Hints
from hotline.desk.suggestions import Suggested, suggested
from hotline.desk.taking import FILE_TYPES
from hotline.desk.working_time import Reckoning
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.refusal import Refused
from hotline.residents.residency import REVEAL_REASONS
from hotline.ui import refusals
from hotline.ui.clockface import face
from hotline.understanding import queries as understanding
from hotline.workorder import queries as workorder
from hotline.workorder.choices import KINDS
from hotline.workorder.lifecycle import OPEN, STATE_LABELS, State
from hotline.workorder.views import ClockRow, OrderView

ANSWER = "answer"


def build(
    order_id: int, viewer: Viewer, at: datetime, *, filled: Filled | None = None, wanted: str = ""
) -> dict[str, Any]:
    """Everything that the order page shows. `wanted` is the action whose form is open. At most 14 statements."""
    order = workorder.order(order_id, viewer, at)
    policy = policies.version(order.policy_version_id)
    catalogue = Catalogue.of(order.authority_id, policy)
    appeal = order.texts.get("appeal", "")
    reading = reading_words.say(understanding.readings([order.id]).get(order.id), appeal, catalogue)
    # While an answer is being written nobody dispatches, and a page has only so many statements.
    suggestion = suggested(order) if wanted != ANSWER else Suggested(False)
    offers = inking.offers(reading, order)
    hints, asking = Hints(reading, suggestion.candidates), Asking(wanted, order, catalogue, at)
    offered = offering.offered(asking, hints, check_first=not offers.step, filled=filled, wanted=wanted)
    reckon = Reckoning(policy)
    return {
        **_head(order, catalogue),
        **_clocks(order, reckon, at),
        "days": _days(order, reckon, at),
        "notices": standing.notices(order, catalogue, at),
        "incident": incident_page.offer(order, viewer, catalogue, at),
        "helpers": standing.helpers(order, reckon, at),
        "pieces": reading.pieces,
        "reading": reading,
        "offers": offers,
        "suggestion": suggestion,
        "take_action": next((act.action for act in offered.acts if act.action in offering.LEADS), ""),
        "files": list(attachments.shown(order.files)),
        "may_attach": State(order.state) in OPEN and viewer.role in WORKING,
        "file_types": FILE_TYPES,
        "reveal_reasons": [(code, gettext(label)) for code, label in REVEAL_REASONS],
        "steps": timeline.steps(order.timeline, catalogue, order),
        "offered": offered,
        "refused": filled.refused if filled else None,
        "printed_at": at,
    }


def one_act(order_id: int, viewer: Viewer, at: datetime, wanted: str) -> dict[str, Any]:
    """One action with its form open, for a page that is there already; `each` is None when it is not lawful."""
    order = workorder.order(order_id, viewer, at)
    policy = policies.version(order.policy_version_id)
    catalogue = Catalogue.of(order.authority_id, policy)
    appeal = order.texts.get("appeal", "")
    reading = reading_words.say(understanding.readings([order.id]).get(order.id), appeal, catalogue)
    suggestion = suggested(order) if wanted in offering.LEADS else Suggested(False)
    hints = Hints(reading, suggestion.candidates)
    each = offering.one(Asking(wanted, order, catalogue, at), hints, wanted)
    return {"order": order, "each": each, "file_types": FILE_TYPES}


def _head(order: OrderView, catalogue: Catalogue) -> dict[str, Any]:
    """What the order is, in words."""
    policy = catalogue.policy
    kind = dict(KINDS).get(order.kind, "")
    channel = policy.channels.get(order.channel)
    return {
        "order": order,
        "title": order.texts.get("title") or _short(order.texts.get("appeal", "")) or order.number,
        "state_label": STATE_LABELS[State(order.state)],
        "kind": gettext(kind) if kind else "",
        "matter_path": names.matter_path(policy, order.matter_code),
        "matter": policy.matters.get(order.matter_code),
        "place": catalogue.area_words(order.area_code),
        "channel_name": names.named(channel) if channel else order.channel,
    }


def choose_entry(acts: tuple[Act, ...], entry_id: str) -> None:
    """Let the form of an answer at once start with this knowledge entry; one that is not offered changes nothing."""
    for act in acts:
        if act.form is not None and "entry_id" in act.form.fields and entry_id:
            act.form.fields["entry_id"].initial = entry_id


def _short(words: str) -> str:
    tidy = " ".join(words.split())
    return tidy if len(tidy) <= 40 else f"{tidy[:39]}…"


def _running(order: OrderView) -> list[ClockRow]:
    """The clocks that are not stopped, what ends first on top; what stands still comes after what runs."""
    running = (clock for clock in order.clocks if not clock.outcome and clock.stopped_at is None)
    return sorted(running, key=lambda clock: (clock.paused_at is not None, clock.due_at))


def _clocks(order: OrderView, reckon: Reckoning, at: datetime) -> dict[str, Any]:
    """The clock that ends first, the others that are not stopped, and those that ended."""
    ended = [clock for clock in order.clocks if clock.outcome or clock.stopped_at is not None]
    going = [face(standing.renamed(each, order.state), at, reckon.of(each)) for each in _running(order)]
    return {
        "clock": going[0] if going else None,
        "clocks": bool(order.clocks),
        "other_clocks": going[1:],
        "ended_clocks": [face(each, at, reckon.of(each)) for each in ended],
    }


def _days(order: OrderView, reckon: Reckoning, at: datetime) -> list[Day]:
    """The strip of the running clock that ends first, where it counts working days."""
    first = next(iter(_running(order)), None)
    if first is None or first.unit != "working_days" or first.paused_at is not None:
        return []
    return strip(first.started_at, first.due_at, at, reckon.calendar)


def say_all(refused: Refused) -> list[str]:
    """All reasons of a refusal in the page's language."""
    return [refusals.say(reason).text for reason in refused.reasons]
