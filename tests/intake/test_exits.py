"""Each exit asks the law for its action, and for the detail it needs."""

import pytest

from hotline.intake.exits import ExitChoice, facts_of, text_kind
from hotline.refusal import Refused


@pytest.mark.parametrize(
    ("choice", "action"),
    [
        (ExitChoice("process"), "accept"),
        (ExitChoice("emergency", line="119"), "transfer"),
        (ExitChoice("legal_route", route="litigation"), "refer"),
        (ExitChoice("refuse", reason="outside_city"), "decline"),
        (ExitChoice("abuse"), "decline"),
        (ExitChoice("answer", entry_id=3), "answer"),
    ],
)
def test_the_action_of_an_exit(choice: ExitChoice, action: str) -> None:
    assert facts_of(choice).action == action


@pytest.mark.parametrize(
    ("exit_code", "field"),
    [
        ("emergency", "line"),
        ("legal_route", "route"),
        ("refuse", "reason"),
        ("answer", "entry_id"),
        ("window", "exit"),
    ],
)
def test_what_is_not_said_is_asked_for(exit_code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        facts_of(ExitChoice(exit_code))
    assert [reason.field for reason in refused.value.reasons] == [field]


def test_where_the_words_go() -> None:
    assert text_kind("process") is None
    assert text_kind("answer") == "reply_public"
    assert text_kind("abuse") == "guidance"
