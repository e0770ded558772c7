"""What is still asked."""

from dataclasses import dataclass, replace

import pytest

from hotline.intake.appeal import AppealForm
from hotline.intake.completeness import HOW_TO_REACH, TELL_MORE, WHERE, missing

FULL = AppealForm(authority_code="1", channel="web", text="路灯不亮", phone="13800005678", place="解放路")


@dataclass(frozen=True)
class Matter:
    """As much of a matter as completeness looks at."""

    place_needed: bool


def test_nothing_is_asked_when_it_can_be_acted_on() -> None:
    assert missing(FULL, Matter(place_needed=True)) == ()


@pytest.mark.parametrize("text", ["", "你好", "！！！？？？", "😡😡😡😡😡"])
def test_a_text_that_says_nothing(text: str) -> None:
    assert missing(replace(FULL, text=text), None) == (TELL_MORE,)


def test_the_title_counts_as_said() -> None:
    assert missing(replace(FULL, text="。", title="路灯不亮"), None) == ()


def test_place_is_asked_only_where_the_matter_needs_it() -> None:
    nowhere = replace(FULL, place=None)
    assert missing(nowhere, Matter(place_needed=True)) == (WHERE,)
    assert missing(nowhere, Matter(place_needed=False)) == ()
    assert missing(replace(nowhere, area_code="430702"), Matter(place_needed=True)) == ()


def test_without_a_matter_the_kind_says_whether_a_place_is_needed() -> None:
    nowhere = replace(FULL, place=None)
    assert missing(replace(nowhere, kind="complaint"), None) == (WHERE,)
    assert missing(replace(nowhere, kind="consult"), None) == ()


def test_contact_unless_anonymous() -> None:
    assert missing(replace(FULL, phone=None), None) == (HOW_TO_REACH,)
    assert missing(replace(FULL, phone=None, anonymous=True), None) == ()
