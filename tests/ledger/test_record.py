"""What may be written down, and what may not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ledger.record import SYSTEM, Actor, BadDraft, Draft, Json, Stream, check

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ORDER = Stream("order", 12)


def draft(**facts: Json) -> Draft:
    return Draft(ORDER, "order.registered", facts, SYSTEM, AT)


@pytest.mark.parametrize(
    "value",
    ["A01", "YJ20261116-002187", "", None, True, 0, -3, 0.5, 2**63 - 1, [1, 2], ["A01", None], ("x",), [], "f" * 64],
)
def test_codes_numbers_and_flat_lists_are_written(value: Json) -> None:
    check(draft(fact=value))


@pytest.mark.parametrize(
    "value",
    [
        "路灯不亮",
        "张三",
        "a" * 201,
        "two\nlines",
        "caf\u00e9",
        "\x00",
        "13812345678",
        "+86 13812345678",
        "0736-7221234",
        "43070219900101123X",
        float("nan"),
        float("inf"),
        2**63,
        {"a": 1},
        [["a"]],
        ["路灯"],
        [0] * 1001,
        b"bytes",
        AT,
    ],
)
def test_texts_identities_and_odd_values_are_not(value: object) -> None:
    with pytest.raises(BadDraft, match="fact"):
        check(draft(fact=value))  # type: ignore[arg-type]


@given(st.text(st.characters(min_codepoint=0x2E80, max_codepoint=0x9FFF), min_size=1, max_size=100), st.text("ab "))
def test_no_chinese_gets_in_and_none_gets_into_the_message(chinese: str, around: str) -> None:
    with pytest.raises(BadDraft) as caught:
        check(draft(fact=around + chinese + around))
    assert chinese not in str(caught.value)


@pytest.mark.parametrize(
    "bad",
    [
        Draft(Stream("Order", 1), "order.registered", {}, SYSTEM, AT),
        Draft(Stream("order", -1), "order.registered", {}, SYSTEM, AT),
        Draft(ORDER, "registered", {}, SYSTEM, AT),
        Draft(ORDER, "order.registered", {"Name": 1}, SYSTEM, AT),
        Draft(ORDER, "order.registered", {}, Actor("robot"), AT),
        Draft(ORDER, "order.registered", {}, Actor("staff", "李四"), AT),
        Draft(ORDER, "order.registered", {}, Actor("staff", 7), AT),  # type: ignore[arg-type]
        Draft(ORDER, "order.registered", {}, Actor("staff", "7", unit_id="3"), AT),  # type: ignore[arg-type]
        Draft(ORDER, "order.registered", {}, SYSTEM, AT.replace(tzinfo=None)),
    ],
)
def test_a_draft_out_of_shape_is_refused(bad: Draft) -> None:
    with pytest.raises(BadDraft):
        check(bad)


def test_a_stream_is_written_and_read_back() -> None:
    assert Stream.parse(str(ORDER)) == ORDER


@pytest.mark.parametrize("text", ["order", "order:", ":1", "order:-1", "order:x", "Order:1", "order:１"])
def test_what_is_no_stream_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="order:12"):
        Stream.parse(text)
