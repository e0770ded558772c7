"""Folding keeps every offset."""

from hypothesis import given
from hypothesis import strategies as st

from hotline.understanding.folding import fold


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_folding_keeps_length_and_is_idempotent(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_traditional_fullwidth_and_capitals_become_one_spelling() -> None:
    assert fold("路邊井蓋不見了ＡＢｃ１２％") == "路边井盖不见了abc12%"


def test_sentence_marks_stay_chinese() -> None:
    assert fold("停水，停电。快来！谁管？") == "停水，停电。快来！谁管？"
