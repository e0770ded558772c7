"""Tidying and checking a form: every fault at once, nothing unwritable gets through."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.intake.appeal import CLOCK_TOLERANCE, TEXT_LONGEST, AppealForm, Known, check, tidy, tidy_text

KNOWN = Known(channels_open={"web"}, lines={"12345"}, matters={"0101001"}, has_area=lambda code: code == "430702")
GOOD = AppealForm(authority_code="430700", channel="web", text="南门路灯坏了一个星期", phone="13800005678")


def codes(form: AppealForm, at: datetime) -> set[str]:
    """The codes of what is wrong."""
    return {reason.code for reason in check(tidy(form), KNOWN, at)}


def test_a_good_form_has_no_fault(at: datetime) -> None:
    known = replace(GOOD, line="12345", matter_code="0101001", area_code="430702", kind="help", own_at=at)
    assert codes(GOOD, at) == set()
    assert codes(known, at) == set()


def test_all_faults_are_told_at_once(at: datetime) -> None:
    bad = AppealForm(
        authority_code="430700",
        channel="pigeon",
        text=" \x00 ",
        line="96333",
        phone="123",
        kind="rant",
        matter_code="9999999",
        area_code="000000",
        title="长" * 101,
        own_at=at + timedelta(days=1),
        file_tokens=tuple(str(number) for number in range(10)),
    )
    assert codes(bad, at) == {
        "channel_unknown",
        "text_missing",
        "line_unknown",
        "phone",
        "kind_unknown",
        "matter_unknown",
        "area_unknown",
        "too_long",
        "own_at_future",
        "files_too_many",
    }
    for reason in check(tidy(bad), KNOWN, at):
        assert "%(" not in reason.words()


@pytest.mark.parametrize(("length", "fault"), [(TEXT_LONGEST, set()), (TEXT_LONGEST + 1, {"text_too_long"})])
def test_the_longest_text(length: int, fault: set[str], at: datetime) -> None:
    assert codes(replace(GOOD, text="灯" * length), at) == fault


def test_a_clock_a_little_ahead_is_no_future(at: datetime) -> None:
    assert codes(replace(GOOD, own_at=at + CLOCK_TOLERANCE), at) == set()
    assert codes(replace(GOOD, own_at=at + CLOCK_TOLERANCE + timedelta(seconds=1)), at) == {"own_at_future"}


def test_a_moment_without_zone_is_asked_for_again(at: datetime) -> None:
    assert codes(replace(GOOD, own_at=at.replace(tzinfo=None)), at) == {"own_at_zone"}


def test_anonymous_names_nobody() -> None:
    neat = tidy(replace(GOOD, name="李女士", anonymous=True))
    assert (neat.name, neat.phone) == ("", None)


def test_emoji_stay_and_line_ends_are_one_kind() -> None:
    assert tidy_text(" 路灯😡👨‍👩‍👧\r\n又坏了\x00\ud800 ") == "路灯😡👨‍👩‍👧\n又坏了"


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_whatever_is_typed_can_be_written_and_is_tidy_once(text: str) -> None:
    tidied = tidy_text(text)
    tidied.encode("utf-8")
    assert "\x00" not in tidied
    assert tidy_text(tidied) == tidied
