"""What the viewer may do with an order, laid out calmly: one next step, a few usual ones, the rest by subject.

Only the form that is open is made; the others are links that open them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from hotline.desk import next_steps
from hotline.desk.act_fields import Asking
from hotline.desk.act_forms import ActForm, Pencilled
from hotline.desk.lists import CHECK_FIRST
from hotline.desk.reading_words import ReadingWords
from hotline.desk.suggestions import Candidate
from hotline.knowledge import queries as knowledge
from hotline.refusal import Refused
from hotline.ui import refusals
from hotline.workorder.lifecycle import ACTION_LABELS, Action
from hotline.workorder.views import LawfulAction, OrderView

ENTRIES = 8  # knowledge entries offered for an answer at once
SEARCHED = 500  # characters of the appeal by which they are found
# Actions that have a page of their own, and its address.
PAGES: Mapping[str, str] = {"split": "desk:split"}
# Forms that take files along: evidence, photos of the site, papers.
UPLOADS = frozenset({"return", "final_answer", "reply", "assist_reply", "supplement"})
LEADS = ("dispatch", "redispatch")  # actions that take a suggested unit


@dataclass(frozen=True)
class Filled:
    """A form that came back: which action, what was typed, and why it was refused."""

    action: str
    data: QueryDict
    refused: Refused | None = None


@dataclass(frozen=True)
class Act:
    """A lawful action as a button, or opened with its form; without fields the button itself acts."""

    action: str
    label: str
    icon: str
    key: str = ""
    primary: bool = False
    simple: bool = False
    page: str = ""
    form: ActForm | None = None

    @property
    def uploads(self) -> bool:
        """Whether files may come with the form."""
        return self.action in UPLOADS


@dataclass(frozen=True)
class Group:
    """The rarer actions on one subject."""

    label: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Offered:
    """All that the viewer may do: `first` and `usual` in sight, `groups` behind “more”, open when one of their forms
    is. `cannot` says what has its reasons against it, `later` what this state does not know."""

    first: Act | None
    usual: tuple[Act, ...]
    groups: tuple[Group, ...]
    cannot: tuple[tuple[str, list[str]], ...]
    later: tuple[str, ...]

    @property
    def acts(self) -> tuple[Act, ...]:
        """Every action, those in sight first."""
        first = () if self.first is None else (self.first,)
        return (*first, *self.usual, *(act for group in self.groups for act in group.acts))

    @property
    def opened(self) -> bool:
        """Whether a form is open behind “more”."""
        return any(act.form is not None for group in self.groups for act in group.acts)


@dataclass(frozen=True)
class Hints:
    """What a machine read and suggested, for the forms."""

    reading: ReadingWords
    candidates: tuple[Candidate, ...] = ()


def offered(
    asking: Asking, hints: Hints, *, check_first: bool, filled: Filled | None = None, wanted: str = ""
) -> Offered:
    """The lawful actions of the order in `asking`; `wanted` is the one whose form is open. `check_first`: no proposal
    of the machine is the next step, so that checking by hand is, where there is no other. 1 statement for an answer."""
    order = asking.order
    void = _void(asking)
    lawful = {each.action: each for each in order.actions if each.allowed and each.action not in void}
    primary = next((name for name, each in lawful.items() if each.primary), "")
    if not primary and check_first and CHECK_FIRST in lawful:
        primary = CHECK_FIRST
    usual = next_steps.usual(order.state, lawful, primary)
    keys = next_steps.keys_of([primary, *usual, *lawful])
    made = {
        name: _act(each, asking, hints, keys.get(name, ""), name == primary, filled, name == wanted)
        for name, each in lawful.items()
    }
    shown = {primary, *usual}
    groups = [
        Group(gettext(label), tuple(made[name] for name in names if name in made and name not in shown))
        for label, names in next_steps.ABOUT.items()
    ]
    cannot = [each for each in order.actions if not each.allowed]
    return Offered(
        made.get(primary),
        tuple(made[name] for name in usual),
        tuple(group for group in groups if group.acts),
        (
            *((gettext(ACTION_LABELS[Action(action)]), [words]) for action, words in void.items()),
            *((gettext(each.label), reasons_of(each)) for each in cannot if not _elsewhere(each)),
        ),
        tuple(gettext(each.label) for each in cannot if _elsewhere(each)),
    )


def _void(asking: Asking) -> dict[str, str]:
    """What the law allows and nobody is there for: the action, and why it is not on offer."""
    order, found = asking.order, {}
    allowed = {each.action for each in order.actions if each.allowed}
    if "remove_assist" in allowed and not order.assists:
        found["remove_assist"] = gettext("还没有协办单位。")
    if "hand_down" in allowed and not asking.catalogue.units.children(order.unit.id if order.unit else None):
        found["hand_down"] = gettext("主办单位没有直属下级。")
    return found


def one(asking: Asking, hints: Hints, wanted: str) -> Act | None:
    """One lawful action with its form open, None when it is not lawful for this viewer now."""
    found = next((each for each in asking.order.actions if each.action == wanted and each.allowed), None)
    return _act(found, asking, hints, next_steps.KEYS.get(wanted, ""), False, None, True) if found else None


def reasons_of(action: LawfulAction) -> list[str]:
    """Why an action is not lawful now, in words."""
    return [refusals.say(reason).text for reason in action.reasons]


def _elsewhere(action: LawfulAction) -> bool:
    """Is the action simply one of other states?"""
    return any(reason.code == "not_in_state" for reason in action.reasons)


def _act(
    each: LawfulAction, asking: Asking, hints: Hints, key: str, primary: bool, filled: Filled | None, is_open: bool
) -> Act:
    page = reverse(PAGES[each.action], args=[asking.order.id]) if each.action in PAGES else ""
    icon = next_steps.ICONS.get(each.action, "right")
    act = Act(each.action, gettext(each.label), icon, key, primary, not each.fields and not page, page)
    mine = filled if filled is not None and filled.action == each.action else None
    if (mine is None and not is_open) or act.simple or act.page:
        return act
    return replace(act, form=_form(each, replace(asking, action=each.action), hints, mine))


def _form(each: LawfulAction, asking: Asking, hints: Hints, mine: Filled | None) -> ActForm:
    if any(field.widget == "entry" for field in each.fields):
        asking = replace(asking, entries=_entries(asking))
    pencilled = _pencilled(asking.order, each.action, hints)
    form = ActForm(each.fields, asking, data=mine.data if mine else None, pencilled=pencilled)
    if mine is not None and mine.refused is not None:
        refusals.into_form(form, mine.refused)
    return form


def _pencilled(order: OrderView, action: str, hints: Hints) -> Pencilled:
    """A machine's proposals for the form of `action`: what was read, the unit that was suggested."""
    if action == CHECK_FIRST:
        known = {"kind": order.kind, "matter_code": order.matter_code, "area_code": order.area_code}
        values = {name: value for name, value in hints.reading.proposed.items() if not known.get(name)}
        confirmed = {name: value for name, value in known.items() if value}
        texts = {kind: order.texts[kind] for kind in ("title", "place") if kind in order.texts}
        return Pencilled(values, gettext("机器草拟，请核对"), confirmed | texts)
    if action in LEADS and hints.candidates:
        best = hints.candidates[0]
        return Pencilled({"unit_id": best.unit_id, "assist_ids": best.assist_ids}, gettext("机器建议，由您决定"))
    return Pencilled()


def _entries(asking: Asking) -> tuple[tuple[str, str], ...]:
    words = asking.order.texts.get("appeal", "")[:SEARCHED]
    found = knowledge.search(asking.order.authority_id, words, asking.at, ENTRIES)
    return tuple((str(entry.id), entry.question) for entry in found)
