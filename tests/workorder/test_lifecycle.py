"""The law: the whole matrix, and what no walk through it may ever do."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline import packs
from hotline.ledger.record import Actor
from hotline.organisation.tree import AreaIndex, UnitIndex, UnitView
from hotline.packs import Extension, Intake, Limit, Rulebook
from hotline.workorder.choices import EVIDENCE
from hotline.workorder.facts import FACTS, TEXTS, Facts
from hotline.workorder.lifecycle import (
    ACTION_LABELS,
    LAW,
    OPEN,
    PAST,
    STATE_LABELS,
    WAITS_IN,
    Action,
    Change,
    State,
    judge,
)
from hotline.workorder.situation import Head, Situation, Snapshot

STAFF = ("agent", "dispatcher", "clerk", "grid_worker", "caller_back", "supervisor", "leader", "admin")
OTHERS = ("resident", "system", "machine", "partner")
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

# Who may do what from where under the friendliest rules, written out by hand: a changed law must be changed here too,
# on purpose. a agent, d dispatcher, u unit's clerk, g grid worker, c caller-back, s supervisor, R resident, P partner,
# X system, M machine; leaders and admins may do nothing to an order.
MATRIX = """
-           register:adsgRPX
registered  amend:ads supplement:asRP ask_supplement:ads mark_urgent:ads mark_critical:ads split:ads merge:ads
registered  accept:ads answer:ads refer:ads decline:ads transfer:ads withdraw:asR reroute:X adopt_policy:X
incomplete  amend:ads supplement:adsRP mark_urgent:ads mark_critical:ads split:ads merge:ads resume:adsX
incomplete  refer:ads decline:ads transfer:ads withdraw:asR reroute:X adopt_policy:X
accepted    amend:ads supplement:asRP ask_supplement:ads mark_urgent:ads mark_critical:ads split:ads merge:ads
accepted    answer:ads refer:ads decline:ads transfer:ads dispatch:dsM convene:ds withdraw:asR reroute:X adopt_policy:X
dispatched  supplement:asRP mark_urgent:adsu mark_critical:adsu merge:ads redispatch:ds sign:ugd return:ud escalate:s
dispatched  add_assist:uds remove_assist:uds assist_reply:ugd withdraw:asR reroute:X
returned    amend:ads supplement:asRP mark_urgent:ads mark_critical:ads merge:ads refer:ads decline:ads transfer:ads
returned    redispatch:ds reject_return:ds convene:ds escalate:s withdraw:asR reroute:X adopt_policy:X
convened    amend:ads supplement:asRP mark_urgent:ads mark_critical:ads merge:ads refer:ads decline:ads transfer:ads
convened    rule:ds escalate:s withdraw:asR reroute:X adopt_policy:X
signed      supplement:asRP mark_urgent:adsu mark_critical:adsu merge:ads redispatch:ds return:ud escalate:s
signed      hand_down:ud add_assist:uds remove_assist:uds assist_reply:ugd contact:ugd ask_extension:ud
signed      grant_extension:dsu refuse_extension:dsu pause:ud hang:s reply:ugd withdraw:asR reroute:X
waiting     supplement:adsugRP merge:ads escalate:s add_assist:uds remove_assist:uds assist_reply:ugd resume:udsX
waiting     withdraw:asR reroute:X
hung        supplement:asRP escalate:s unhang:udsX remove_assist:uds assist_reply:ugd withdraw:asR reroute:X
reviewing   supplement:asRP approve_reply:dsu send_back:dsu withdraw:asR reroute:X
merged      supplement:asRP unmerge:adsX share_reply:X close_along:X withdraw:asR reroute:X
replied     supplement:asRP plan_callback:csR attempt_callback:csX record_result:csR give_up_callback:csX reroute:X
evaluated   supplement:asRP rework:cs close:dcsX final_answer:s escalate:s reroute:X
closed      reopen:asR archive:sX
referred    archive:sX
declined    archive:sX
transferred archive:sX
withdrawn   archive:sX
archived
"""
LETTERS = {
    "a": "agent", "d": "dispatcher", "u": "clerk", "g": "grid_worker", "c": "caller_back", "s": "supervisor",
    "R": "resident", "P": "partner", "X": "system", "M": "machine",
}  # fmt: skip


def by_hand() -> set[tuple[str, str, str]]:
    cells = set()
    for line in MATRIX.strip().splitlines():
        state, *actions = line.split()
        for action, who in (each.split(":") for each in actions):
            cells |= {("" if state == "-" else state, action, LETTERS[letter]) for letter in who}
    return cells


def unit(number: int, path: str, level: str = "county", role: str = "housing") -> UnitView:
    parent = int(path.split("/")[-3]) if path.count("/") > 2 else None
    return UnitView(number, f"U{number}", f"单位{number}", f"Unit {number}", level, "department", role, "430702", path,
                    parent, 0, "")  # fmt: skip


# The hotline centre of the city, a bureau of a county with two sections below it, a town, a neighbour.
UNITS = UnitIndex(
    [unit(1, "/1/", "city", "hotline"), unit(5, "/1/5/"), unit(7, "/1/5/7/"), unit(8, "/1/8/", role="property"),
     unit(9, "/1/5/9/", "town", "town"), unit(10, "/1/5/10/")],
    AreaIndex([]), [],
)  # fmt: skip
CENTRE, LEAD, SECTION, NEIGHBOUR, TOWN, HELPER = 1, 5, 7, 8, 9, 10
WINDOW_OPEN, WINDOW_SHUT = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


@cache
def friendly() -> Rulebook:
    """Rules under which every action has its moment."""
    city = packs.load("yunjiang")
    return replace(
        city,
        callback=replace(city.callback, closers=("dispatcher", "caller_back", "supervisor")),
        handling=replace(city.handling, pause_days=10, hang_days=180, escalate_returns=3, escalate_rounds=3,
                         reply_review="none"),
        extension=Extension(2, Limit(5, "working_days"), approver="hotline"),
        intake=Intake("refer"),
    )  # fmt: skip


def actor(role: str, unit_id: int = CENTRE) -> Actor:
    if role in STAFF:
        return Actor("staff", "1", role, unit_id)
    return Actor(role, id="order:1" if role == "resident" else None)


def spoken(action: str) -> Facts:
    """Facts of this action that no guard objects to."""
    said: dict[str, object] = {
        "channel": "phone", "entry_id": 5, "unit_id": LEAD, "appeal_true": True, "beyond_duty": False,
        "contacted": True, "solved": True, "contacted_at": NOW, "satisfaction": "satisfied", "phoned": False,
        "head_id": 2,
        "child_ids": (3,), "meeting_at": NOW, "unit_ids": (LEAD,), "extension_asked": 3, "file_ids": (3,),
        "review_at": NOW + timedelta(days=30), "planned_at": NOW + timedelta(days=1), "policy_version_id": 2,
        "evidence": tuple(dict(EVIDENCE)),
    }  # fmt: skip
    said |= {
        "hand_down": {"unit_id": SECTION}, "add_assist": {"unit_id": NEIGHBOUR}, "remove_assist": {"unit_id": HELPER},
        "escalate": {"unit_id": CENTRE}, "reroute": {"unit_id": NEIGHBOUR, "area_code": "", "from_unit_id": LEAD},
    }.get(action, {})  # fmt: skip
    kind = FACTS[action]
    told: dict[str, object] = {}
    for each in fields(kind):
        choices = each.metadata.get("choices")
        if each.name in said:
            told[each.name] = said[each.name]
        elif choices and not callable(choices):
            told[each.name] = choices[0][0]
    return kind(**told)


def case(order: Snapshot, action: str, role: str, unit_id: int = CENTRE, **more: object) -> Situation:
    given_: dict[str, object] = {
        "order": order, "actor": actor(role, unit_id), "facts": spoken(action), "rules": friendly(), "units": UNITS,
        "at": NOW, "order_id": 1,
        "texts": frozenset({text.kind for text in TEXTS.get(action, ())}) | {"close_remark"},
        "known_areas": {"430702"}, "files": {3}, "assists": {HELPER}, "due": {"reply": WINDOW_OPEN},
        "return_until": WINDOW_OPEN, "ask_until": WINDOW_OPEN, "head": Head(2, 0, "signed", None, LEAD, "answered"),
    }  # fmt: skip
    return Situation(**{**given_, **more})  # type: ignore[arg-type]


def standing(state: str, action: str = "") -> Snapshot:
    """An order in `state` with everything that a lawful order would have there for this action."""
    return Snapshot(
        state, kind="help", matter_code="0101001", area_code="430702", unit_id=LEAD, first_unit_id=LEAD, attempts=5,
        assisting=1, solved=True if state == "evaluated" else None,
        extension_asked=3 if action in ("grant_extension", "refuse_extension") else 0,
        head_id=2 if action in ("share_reply", "close_along") else None,
        ended_at=None if state == "evaluated" else NOW - timedelta(days=400 if action == "archive" else 1),
    )  # fmt: skip


def test_the_whole_matrix() -> None:
    """At the hotline centre or at the unit that leads: wherever a person of that role may sit."""
    seen = set()
    for state in ("", *(each.value for each in State)):
        for action in Action:
            for role in (*STAFF, *OTHERS):
                for unit_id in (CENTRE, LEAD):
                    order = standing(state, action.value)
                    reasons, change = judge(action.value, case(order, action.value, role, unit_id))
                    assert (change is None) == bool(reasons), "an unlawful action changes nothing"
                    if not reasons:
                        seen.add((state, action.value, role))
    assert seen == by_hand()


def test_every_name_has_its_words_and_facts() -> None:
    assert set(STATE_LABELS) == set(State)
    assert set(ACTION_LABELS) == set(Action) == {rule.action for rule in LAW} == set(PAST)
    assert set(FACTS) == {action.value for action in Action}
    assert len(set(PAST.values())) == len(Action)
    seen: set[tuple[str, object]] = set()
    for rule in LAW:
        for state in rule.origin:
            assert (rule.action.value, state) not in seen, "two rows for one state need a condition on the first"
            if rule.when is None:
                seen.add((rule.action.value, state))


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached, front = set(), {None}
    while front:
        after = {
            rule.to for rule in LAW for state in front
            if rule.to is not None and (state in rule.origin or (state is None and not rule.origin))
        }  # fmt: skip
        front = after - reached
        reached |= after
    assert reached == set(State)
    for state in OPEN:
        assert any(state in rule.origin and rule.to not in (None, state) for rule in LAW), state
    assert {state for rule in LAW for state in rule.origin} >= set(WAITS_IN)


def test_may_set_names_fields_of_facts_and_of_the_order() -> None:
    columns = {each.name for each in fields(Snapshot)}
    for rule in LAW:
        told = {each.name for each in fields(FACTS[rule.action.value])}
        assert set(rule.may_set) <= columns & told, rule.action


SAID_NOTHING: dict[str, object] = {"texts": frozenset()}


def rules(**changed: object) -> dict[str, object]:
    """The friendly rules with other values of handling, extension, intake or callback."""
    now = friendly()
    parts = {}
    for name in ("handling", "extension", "intake", "callback"):
        part = getattr(now, name)
        mine = {key: value for key, value in changed.items() if hasattr(part, key)}
        parts[name] = replace(part, **mine)
    return {"rules": replace(now, **parts)}


@pytest.mark.parametrize(
    ("action", "role", "order", "more", "code"),
    [
        ("accept", "agent", Snapshot("registered"), {}, "kind_missing"),
        ("dispatch", "dispatcher", Snapshot("accepted", kind="help"), {}, "matter_missing"),
        ("dispatch", "dispatcher", standing("accepted"), {"facts": FACTS["dispatch"](unit_id=99)}, "unit_unknown"),
        ("dispatch", "dispatcher", standing("accepted"), {"facts": FACTS["dispatch"](unit_id=TOWN)}, "below_floor"),
        ("dispatch", "dispatcher", standing("accepted"), {"unit_id": LEAD}, "centre_decides"),
        ("sign", "clerk", standing("dispatched"), {"unit_id": NEIGHBOUR}, "not_own_unit"),
        ("sign", "clerk", standing("dispatched"), {"unit_id": SECTION}, "not_own_unit"),
        ("sign", "dispatcher", standing("dispatched"), {"unit_id": CENTRE}, "unit_acts"),
        ("return", "clerk", standing("signed"), {"unit_id": LEAD, **SAID_NOTHING}, "text_missing"),
        ("return", "clerk", standing("signed"), {"unit_id": LEAD, "return_until": WINDOW_SHUT,
                                                 **rules(silent_accept=True)}, "window_passed"),
        ("return", "clerk", replace(standing("signed"), bound=True), {"unit_id": LEAD}, "bound"),
        ("return", "clerk", standing("signed"), {"unit_id": LEAD, "facts": FACTS["return"](reason="wrong_place"),
                                                 **rules(return_evidence=("site_photo",))}, "evidence_missing"),
        ("return", "clerk", standing("signed"), {"unit_id": LEAD, "files": set()}, "file_unknown"),
        ("redispatch", "dispatcher", replace(standing("returned"), returns=3), {}, "ruling_needed"),
        ("rule", "dispatcher", standing("convened"),
         {"facts": FACTS["rule"](unit_id=TOWN, basis="area")}, "below_floor"),
        ("hand_down", "clerk", standing("signed"),
         {"unit_id": LEAD, "facts": FACTS["hand_down"](unit_id=TOWN)}, "below_floor"),
        ("hand_down", "clerk", standing("signed"),
         {"unit_id": LEAD, "facts": FACTS["hand_down"](unit_id=NEIGHBOUR)}, "not_right_below"),
        ("escalate", "supervisor", standing("signed"), {"facts": FACTS["escalate"](unit_id=SECTION, reason="late")},
         "not_higher"),
        ("refer", "agent", standing("registered"),
         {"facts": FACTS["refer"](route="petition"), **rules(petition="accept")}, "petition_accepted"),
        ("ask_supplement", "agent", standing("registered"), rules(pause_days=0), "no_pause"),
        ("pause", "clerk", standing("signed"), {"unit_id": LEAD, **rules(pause_days=0)}, "no_pause"),
        ("hang", "supervisor", standing("signed"), rules(hang_days=0), "no_hanging"),
        ("hang", "supervisor", standing("signed"), rules(hang_days=7), "review_day"),
        ("ask_extension", "clerk", replace(standing("signed"), extensions=2), {"unit_id": LEAD}, "no_extension_left"),
        ("ask_extension", "clerk", replace(standing("signed"), extension_asked=2), {"unit_id": LEAD},
         "extension_waits"),
        ("ask_extension", "clerk", standing("signed"), {"unit_id": LEAD, **rules(each=Limit(2, "working_days"))},
         "extension_too_long"),
        ("ask_extension", "clerk", standing("signed"), {"unit_id": LEAD, "ask_until": WINDOW_SHUT}, "asked_too_late"),
        ("grant_extension", "dispatcher", standing("signed"), {}, "nothing_asked"),
        ("grant_extension", "clerk", replace(standing("signed"), extension_asked=2), {"unit_id": LEAD},
         "centre_decides"),
        ("grant_extension", "clerk", replace(standing("signed"), extension_asked=2),
         {"unit_id": LEAD, **rules(approver="upper")}, "upper_decides"),
        ("approve_reply", "clerk", standing("reviewing"), {"unit_id": LEAD, **rules(reply_review="upper")},
         "upper_reviews"),
        ("merge", "agent", standing("registered"), {"head": None}, "head_unknown"),
        ("merge", "agent", standing("registered"), {"head": Head(2, 5, "signed", None, LEAD, "")}, "head_unknown"),
        ("merge", "agent", standing("registered"), {"head": Head(1, 0, "signed", None, LEAD, "")}, "own_head"),
        ("merge", "agent", standing("registered"), {"head": Head(2, 0, "merged", 4, LEAD, "")}, "head_is_merged"),
        ("merge", "agent", standing("registered"), {"head": Head(2, 0, "replied", None, LEAD, "")}, "head_answered"),
        ("merge", "agent", replace(standing("registered"), members=3), {}, "has_members"),
        ("share_reply", "system", replace(standing("merged"), head_id=4), {}, "not_its_head"),
        ("add_assist", "clerk", standing("signed"), {"unit_id": LEAD, "facts": FACTS["add_assist"](unit_id=HELPER)},
         "assists_already"),
        ("remove_assist", "clerk", standing("signed"),
         {"unit_id": LEAD, "facts": FACTS["remove_assist"](unit_id=NEIGHBOUR)}, "not_assisting"),
        ("assist_reply", "clerk", standing("signed"), {"unit_id": LEAD, "assists": {NEIGHBOUR}}, "not_assisting"),
        ("mark_urgent", "agent", replace(standing("accepted"), urgency="critical"), {}, "as_urgent_already"),
        ("plan_callback", "caller_back", standing("replied"), {"at": NOW + timedelta(days=2)}, "planned_past"),
        ("give_up_callback", "caller_back", replace(standing("replied"), attempts=0), {}, "callback_first"),
        ("rework", "caller_back", replace(standing("evaluated"), rounds=3), {}, "escalate_instead"),
        ("close", "dispatcher", standing("evaluated"), rules(closers=("supervisor",)), "not_closer"),
        ("close", "caller_back", replace(standing("evaluated"), solved=False), {}, "unsolved"),
        ("final_answer", "supervisor", standing("evaluated"),
         {"facts": FACTS["final_answer"](basis="unreasonable", approver="unit_head")}, "paper_missing"),
        ("reopen", "agent", replace(standing("closed"), ended_at=NOW - timedelta(days=400)), {}, "reopening_over"),
        ("reopen", "agent", replace(standing("closed"), outcome="final"), {}, "final"),
        ("archive", "system", standing("closed"), {}, "may_be_reopened"),
        ("withdraw", "resident", standing("registered"), {"actor": Actor("resident", "order:2")}, "not_own_appeal"),
        ("amend", "agent", standing("accepted"), {"facts": FACTS["amend"](matter_code="9999999")}, "matter_unknown"),
        ("amend", "agent", standing("accepted"), {"facts": FACTS["amend"](area_code="1")}, "area_unknown"),
        ("return", "clerk", standing("signed"), {"unit_id": LEAD, "facts": FACTS["return"](reason="bored"),
                                                 **rules(return_evidence=())},
         "choice_unknown"),
        ("return", "clerk", standing("signed"),
         {"unit_id": LEAD, "facts": FACTS["return"](reason="wrong_place", evidence=("a_feeling",)),
          **rules(return_evidence=())}, "choice_unknown"),
        ("record_result", "resident", standing("replied"), {"facts": FACTS["record_result"](True, True, "five_stars")},
         "choice_unknown"),
    ],
)  # fmt: skip
def test_guards_say_no(action: str, role: str, order: Snapshot, more: dict[str, object], code: str) -> None:
    reasons, _ = judge(action, case(order, action, role, **more))  # type: ignore[arg-type]
    assert code in [reason.code for reason in reasons]
    assert {reason.code for reason in reasons} <= {code, "not_own_unit"}, "one fault, one reason"
    assert all(reason.words() for reason in reasons)


def test_a_unit_gives_back_to_the_one_above_it_first() -> None:
    order = replace(standing("signed"), unit_id=SECTION, first_unit_id=LEAD)
    reasons, change = judge("return", case(order, "return", "clerk", SECTION, return_until=WINDOW_SHUT))
    assert reasons == ()
    assert change is not None
    assert (change.order.state, change.order.unit_id, change.order.returns) == ("signed", LEAD, 0)


@pytest.mark.parametrize(
    ("review", "unit_id", "state"),
    [("none", LEAD, "replied"), ("hotline", LEAD, "reviewing"), ("upper", LEAD, "replied"),
     ("upper", SECTION, "reviewing")],
)  # fmt: skip
def test_the_city_says_whether_an_answer_is_looked_at(review: str, unit_id: int, state: str) -> None:
    order = replace(standing("signed"), unit_id=unit_id)
    _, change = judge("reply", case(order, "reply", "clerk", unit_id, **rules(reply_review=review)))  # type: ignore[arg-type]
    assert change is not None
    assert change.order.state == state


def test_long_matters_may_be_put_off_further() -> None:
    long = rules(each=Limit(5, "working_days"), long_each=Limit(180, "days"), long_matters=("0101",))
    facts = FACTS["ask_extension"](extension_asked=90, reason="works")
    reasons, _ = judge("ask_extension", case(standing("signed"), "ask_extension", "clerk", LEAD, facts=facts, **long))  # type: ignore[arg-type]
    assert reasons == ()
    other = replace(standing("signed"), matter_code="0201001")
    reasons, _ = judge("ask_extension", case(other, "ask_extension", "clerk", LEAD, facts=facts, **long))  # type: ignore[arg-type]
    assert [reason.code for reason in reasons] == ["extension_too_long"]


def test_a_final_answer_is_opened_again_by_a_supervisor_for_new_facts() -> None:
    order, news = replace(standing("closed"), outcome="final"), FACTS["reopen"](reason="new_facts")
    assert judge("reopen", case(order, "reopen", "supervisor", facts=news))[0] == ()
    assert judge("reopen", case(order, "reopen", "agent", facts=news))[1] is None


def test_not_solved_is_closed_by_a_supervisor_with_words_only() -> None:
    order = replace(standing("evaluated"), solved=False)
    silent, _ = judge("close", case(order, "close", "supervisor", **SAID_NOTHING))  # type: ignore[arg-type]
    assert [reason.code for reason in silent] == ["close_why"]
    spoken_, change = judge("close", case(order, "close", "supervisor"))
    assert spoken_ == ()
    assert change is not None
    assert (change.order.outcome, change.order.ended_at) == ("unsolved", NOW)


def test_rework_forgets_the_old_answer() -> None:
    order = replace(standing("evaluated"), solved=False, attempts=2, head_id=4, extensions=1)
    _, change = judge("rework", case(order, "rework", "supervisor"))
    assert change is not None
    after = change.order
    assert (after.state, after.solved, after.attempts, after.rounds) == ("dispatched", None, 0, 1)
    assert (after.head_id, after.extensions, after.bound, after.dispatched_at) == (None, 0, True, NOW)


def lawful_steps(order: Snapshot) -> list[Change]:
    """Every change that somebody may make to this order now, except those that leave it where it is."""
    judged = (
        judge(action.value, case(order, action.value, role, unit_id))[1]
        for action in Action for role in (*STAFF, *OTHERS) for unit_id in (CENTRE, LEAD, SECTION)
    )  # fmt: skip
    return [change for change in judged if change is not None and change.order.state != order.state]


def tick(change: Change, running: set[str], paused: set[str]) -> None:
    """What the change does to the clocks."""
    for effect in change.clocks:
        if effect.verb == "pause":
            paused |= running & {effect.what}
        elif effect.verb == "start":
            running.add(effect.what)
        elif effect.verb in ("stop", "cancel"):
            running.discard(effect.what)
        if effect.verb != "pause":
            paused.discard(effect.what)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_no_walk_leaves_a_clock_running_at_its_end(data: st.DataObject) -> None:
    """Random lawful walks: where nobody is waited for no clock runs, and a unit always has a reply clock."""
    order, running, paused = Snapshot(), set[str](), set[str]()
    for _ in range(25):
        steps = lawful_steps(order)
        if not steps:
            break
        change = data.draw(st.sampled_from(steps))
        tick(change, running, paused)
        order = change.order
        check_clocks(order.state, running, running - paused)


def check_clocks(state: str, running: set[str], going: set[str]) -> None:
    if state == "merged" or state not in {each.value for each in OPEN}:
        assert running == set(), state
    if state in {"dispatched", "signed"}:
        assert "reply" in going, "a unit's time runs"
    if state in {"waiting", "hung", "reviewing", "incomplete"}:
        assert "review" in going, "somebody looks at it again"
        assert not {"reply", "contact"} & going, "and meanwhile the unit's time stands still"
