"""Forms drawn from the law, and reading back whatever is typed into them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.refusal import Refused
from hotline.workorder import forms
from hotline.workorder.facts import FACTS, Returned
from hotline.workorder.lifecycle import Action
from tests.world import small_pack

REPLY = {
    "appeal_true": "yes",
    "beyond_duty": "no",
    "contacted": "yes",
    "contacted_at": "2026-11-20T10:30:00+08:00",
    "contacted_number": "6118",
    "solved": "no",
    "unsolved_reason": "needs_time",
    "reply_public": "已约定周五上门。",
    "reply_internal": "等配件。",
}


def test_the_reply_form_is_the_trades_form() -> None:
    names = [field.name for field in forms.form_for("reply", small_pack())]
    assert names == [
        "appeal_true", "beyond_duty", "contacted", "solved", "contacted_at", "unsolved_reason",
        "reply_public", "reply_internal", "contacted_number",
    ]  # fmt: skip
    facts, texts = forms.parse("reply", REPLY)
    assert facts.codes() == {
        "appeal_true": True, "beyond_duty": False, "contacted": True, "solved": False,
        "contacted_at": "2026-11-20T10:30:00+08:00", "unsolved_reason": "needs_time",
    }  # fmt: skip
    assert set(texts) == {"reply_public", "reply_internal", "contacted_number"}
    assert "6118" not in str(facts.codes()), "a number never reaches the ledger"


def test_all_reasons_come_at_once() -> None:
    with pytest.raises(Refused) as refused:
        forms.parse("reply", {"contacted_at": "yesterday", "solved": "maybe"})
    fields = {reason.field for reason in refused.value.reasons}
    assert {
        "appeal_true",
        "beyond_duty",
        "contacted",
        "contacted_at",
        "solved",
        "reply_public",
        "reply_internal",
    } == fields


def test_a_moment_without_zone_is_not_guessed() -> None:
    with pytest.raises(Refused):
        forms.parse("reply", {**REPLY, "contacted_at": "2026-11-20T10:30"})


def test_too_long_a_text_says_by_how_much() -> None:
    with pytest.raises(Refused) as refused:
        forms.parse("return", {"reason": "wrong_place", "return_reason": "长" * 2001})
    assert "2001" in refused.value.reasons[0].words()


def test_several_units_and_an_absent_one() -> None:
    facts, _ = forms.parse("dispatch", {"unit_id": "5", "assist_ids": ["7", "9", "7"]})
    assert facts.codes() == {"unit_id": 5, "assist_ids": [7, 9], "rank": 0}
    facts, _ = forms.parse("return", {"reason": "wrong_place", "proposed_unit_id": "", "return_reason": "在邻区"})
    assert isinstance(facts, Returned)
    assert facts.proposed_unit_id is None


@given(
    st.sampled_from([action.value for action in Action]),
    st.dictionaries(
        st.sampled_from(sorted({name for kind in FACTS.values() for name in kind.__dataclass_fields__} | {"appeal"})),
        st.text(max_size=30) | st.lists(st.text(max_size=5), max_size=3),
    ),
)
def test_whatever_is_typed_is_read_or_refused(action: str, typed: dict[str, str | list[str]]) -> None:
    with contextlib.suppress(Refused):
        facts, texts = forms.parse(action, typed)
        assert facts.action == action
        assert all(words and "\x00" not in words for words in texts.values())
