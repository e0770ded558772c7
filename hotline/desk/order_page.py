"""The order page: what is known, who said it, its clocks, its way, what may be done now and why not the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from hotline.desk import attachments, inking, names, reading_words, timeline
from hotline.desk.act_forms import ActForm, Pencilled
from hotline.desk.choices import Catalogue
from hotline.desk.days import Day, strip
from hotline.desk.inking import Offers
from hotline.desk.lists import CHECK_FIRST
from hotline.desk.reading_words import ReadingWords
from hotline.desk.suggestions import Candidate, Suggested, suggested
from hotline.desk.working_time import Reckoning
from hotline.knowledge import queries as knowledge
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.refusal import Refused
from hotline.residents.residency import REVEAL_REASONS
from hotline.ui import refusals
from hotline.ui.clockface import ClockFace, face
from hotline.understanding import queries as understanding
from hotline.workorder import queries as workorder
from hotline.workorder.choices import KINDS
from hotline.workorder.lifecycle import STATE_LABELS, State
from hotline.workorder.views import LawfulAction, OrderView

ANSWER = "answer"
ENTRIES = 8  # knowledge entries offered for an answer at once
SEARCHED = 500  # characters of the appeal by which they are found
LIST_OF: Mapping[str, str] = {"unit": "units", "units": "units", "matter": "matters", "area": "areas"}
ICONS: Mapping[str, str] = {
    "accept": "check",
    "answer": "book",
    "refer": "right",
    "decline": "x",
    "transfer": "alert",
    "amend": "spark",
    "mark_urgent": "alert",
    "dispatch": "send",
    "redispatch": "swap",
    "sign": "check",
    "return": "back",
    "reply": "doc",
    "attempt_callback": "phone",
    "record_result": "phone",
    "rework": "back",
    "close": "check",
    "reopen": "swap",
    "withdraw": "x",
}
KEYS: Mapping[str, str] = {
    "accept": "Alt A",
    "amend": "Alt M",
    "dispatch": "Alt B",
    "redispatch": "Alt B",
    "sign": "Alt S",
    "reply": "Alt L",
    "return": "Alt T",
    "record_result": "Alt L",
    "attempt_callback": "Alt U",
    "close": "Alt C",
    "rework": "Alt W",
    "answer": "Alt Q",
}


@dataclass(frozen=True)
class Filled:
    """A form that came back: which action, what was typed, and why it was refused."""

    action: str
    data: QueryDict
    refused: Refused | None = None


@dataclass(frozen=True)
class Act:
    """A lawful action with its form; without fields the button itself acts."""

    act: LawfulAction
    label: str
    form: ActForm
    icon: str
    key: str
    open: bool

    @property
    def simple(self) -> bool:
        """Whether nothing has to be said."""
        return not self.act.fields


def build(
    order_id: int, viewer: Viewer, at: datetime, *, filled: Filled | None = None, wanted: str = ""
) -> dict[str, Any]:
    """Everything that the order page shows. `wanted` is the action whose form is open. At most 11 statements."""
    order = workorder.order(order_id, viewer, at)
    policy = policies.version(order.policy_version_id)
    catalogue = Catalogue.of(order.authority_id, policy)
    appeal = order.texts.get("appeal", "")
    reading = reading_words.say(understanding.readings([order.id]).get(order.id), appeal, catalogue)
    # While an answer is being written nobody dispatches, and a page has only so many statements.
    suggestion = suggested(order) if wanted != ANSWER else Suggested(False)
    offers = inking.offers(reading, order)
    acts = _sorted(_acts(order, catalogue, reading, suggestion.candidates, at, filled, wanted), offers)
    reckon = Reckoning(policy)
    clocks = _clocks(order, reckon, at)
    return {
        **_head(order, catalogue),
        "clock": next((each for each in clocks if each.running), None),
        "clocks": clocks,
        "days": _days(order, reckon, at),
        "pieces": reading.pieces,
        "reading": reading,
        "offers": offers,
        "suggestion": suggestion,
        "take_action": next((act.act.action for act in acts if act.act.action in ("dispatch", "redispatch")), ""),
        "files": list(attachments.shown(order.files)),
        "reveal_reasons": [(code, gettext(label)) for code, label in REVEAL_REASONS],
        "steps": timeline.steps(order.timeline, catalogue),
        "acts": acts,
        "cannot": [_reasons(each) for each in order.actions if not each.allowed],
        "lists": _lists(acts, catalogue),
        "refused": filled.refused if filled else None,
        "printed_at": at,
    }


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


def choose_entry(acts: list[Act], entry_id: str) -> None:
    """Let the form of an answer at once start with this knowledge entry; one that is not offered changes nothing."""
    for act in acts:
        if "entry_id" in act.form.fields and entry_id:
            act.form.fields["entry_id"].initial = entry_id


def _short(words: str) -> str:
    tidy = " ".join(words.split())
    return tidy if len(tidy) <= 40 else f"{tidy[:39]}…"


def _clocks(order: OrderView, reckon: Reckoning, at: datetime) -> list[ClockFace]:
    running = sorted((c for c in order.clocks if not c.outcome and c.stopped_at is None), key=lambda c: c.due_at)
    stopped = [c for c in order.clocks if c.outcome or c.stopped_at is not None]
    return [face(each, at, reckon.of(each)) for each in (*running, *stopped)]


def _days(order: OrderView, reckon: Reckoning, at: datetime) -> list[Day]:
    """The strip of the running clock that ends first, where it counts working days."""
    running = sorted((c for c in order.clocks if not c.outcome and c.stopped_at is None), key=lambda c: c.due_at)
    if not running or running[0].unit != "working_days":
        return []
    return strip(running[0].started_at, running[0].due_at, at, reckon.calendar)


def _acts(
    order: OrderView,
    catalogue: Catalogue,
    reading: ReadingWords,
    candidates: tuple[Candidate, ...],
    at: datetime,
    filled: Filled | None,
    wanted: str,
) -> list[Act]:
    found = []
    for each in order.actions:
        if not each.allowed:
            continue
        mine = filled if filled is not None and filled.action == each.action else None
        is_open = mine is not None or wanted == each.action
        asks_entry = any(field.widget == "entry" for field in each.fields)
        form = ActForm(
            each,
            catalogue,
            data=mine.data if mine else None,
            pencilled=_pencilled(order, each.action, reading, candidates),
            entries=_entries(order, at) if asks_entry and is_open else (),
            now=at,
        )
        if mine is not None and mine.refused is not None:
            refusals.into_form(form, mine.refused)
        key = KEYS.get(each.action, "")
        found.append(Act(each, gettext(each.label), form, ICONS.get(each.action, "right"), key, is_open))
    return found


def _sorted(acts: list[Act], offers: Offers) -> list[Act]:
    """The one next step on top. Where the order cannot go on, it is to check what the machine read: by the proposals
    if they say what is missing, else by hand."""
    if not offers.step and not any(act.act.primary for act in acts):
        acts = [replace(a, act=replace(a.act, primary=True)) if a.act.action == CHECK_FIRST else a for a in acts]
    return sorted(acts, key=lambda act: not act.act.primary)


def _pencilled(order: OrderView, action: str, reading: ReadingWords, candidates: tuple[Candidate, ...]) -> Pencilled:
    """A machine's proposals for the form of `action`: what was read, the unit that was suggested."""
    if action == "amend":
        known = {"kind": order.kind, "matter_code": order.matter_code, "area_code": order.area_code}
        values = {name: value for name, value in reading.proposed.items() if not known.get(name)}
        confirmed = {name: value for name, value in known.items() if value}
        return Pencilled(values, gettext("机器草拟，请核对"), confirmed | _texts(order))
    if action in ("dispatch", "redispatch") and candidates:
        best = candidates[0]
        return Pencilled({"unit_id": best.unit_id, "assist_ids": best.assist_ids}, gettext("机器建议，由您决定"))
    return Pencilled()


def _texts(order: OrderView) -> dict[str, str]:
    return {kind: order.texts[kind] for kind in ("title", "place") if kind in order.texts}


def _entries(order: OrderView, at: datetime) -> tuple[tuple[str, str], ...]:
    found = knowledge.search(order.authority_id, order.texts.get("appeal", "")[:SEARCHED], at, ENTRIES)
    return tuple((str(entry.id), entry.question) for entry in found)


def _reasons(action: LawfulAction) -> tuple[str, list[str]]:
    return gettext(action.label), [refusals.say(reason).text for reason in action.reasons]


def _lists(acts: list[Act], catalogue: Catalogue) -> list[tuple[str, list[str]]]:
    """The suggestion lists that the page's forms refer to, each once."""
    widgets = {LIST_OF[f.widget]: f.widget for act in acts for f in act.act.fields if f.widget in LIST_OF}
    return [(name, catalogue.listed(widget)) for name, widget in sorted(widgets.items())]


def say_all(refused: Refused) -> list[str]:
    """All reasons of a refusal in the page's language."""
    return [refusals.say(reason).text for reason in refused.reasons]
