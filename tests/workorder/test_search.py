"""Tokens: every word of two characters or more is found, without a dictionary."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotline.workorder import search

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


def test_pairs_words_and_widths() -> None:
    assert search.tokens("暖气不热") == ["暖气", "气不", "不热"]
    assert search.tokens("ＡＢＣ小区3栋") == ["abc", "小区", "3", "栋"]
    assert search.query("热") == "", "a lone character finds nothing and is said so"
    assert search.query("'; drop") == "'drop'"


@given(st.text(HAN, min_size=2, max_size=40), st.data())
def test_every_word_of_a_text_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    word = text[start : data.draw(st.integers(start + 2, len(text)))]
    assert set(search.tokens(word)) <= set(search.tokens(text))


@given(st.text(max_size=400))
def test_a_vector_holds_plain_tokens_only(text: str) -> None:
    for token in search.tokens(text):
        assert token.isalnum()
        assert not set(token) & {"'", "\\"}
    assert len(search.vector(text)) <= sum(len(token) + 3 for token in search.tokens(text))
