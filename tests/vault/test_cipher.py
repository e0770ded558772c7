"""Sealing: what goes in comes out, and nothing else opens it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.vault import cipher
from hotline.vault.cipher import AES_256_GCM, ALGORITHMS, SM4_GCM, OpenKey, Unreadable

KEY = OpenKey(7, b"k" * 32)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
algorithms = st.sampled_from(ALGORITHMS)


@given(texts, st.binary(min_size=32, max_size=32), st.integers(0, 2**63), algorithms, st.text("abc.", max_size=20))
def test_a_text_comes_back(text: str, secret: bytes, number: int, algorithm: str, context: str) -> None:
    key = OpenKey(number, secret, algorithm)
    assert cipher.unseal(key, cipher.seal(key, text, context=context), context=context) == text


@given(st.binary(max_size=500), algorithms)
def test_bytes_come_back_whatever_cipher_the_settings_name_later(content: bytes, algorithm: str) -> None:
    blob = cipher.seal_bytes(OpenKey(7, KEY.secret, algorithm), content, context="file")
    other = OpenKey(7, KEY.secret, SM4_GCM if algorithm == AES_256_GCM else AES_256_GCM)
    assert cipher.unseal_bytes(other, blob, context="file") == content
    assert cipher.key_id(blob) == 7


@given(st.data(), algorithms)
def test_one_changed_bit_anywhere_is_noticed(data: st.DataObject, algorithm: str) -> None:
    key = OpenKey(7, b"k" * 32, algorithm)
    blob = bytearray(cipher.seal(key, "路灯不亮", context="note"))
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unreadable):
        cipher.unseal(key, bytes(blob), context="note")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_key_id_secret_or_context_does_not_open_it(algorithm: str) -> None:
    key = OpenKey(7, b"k" * 32, algorithm)
    blob = cipher.seal(key, "张三", context="resident.name")
    for wrong, context in (
        (OpenKey(8, key.secret, algorithm), "resident.name"),
        (OpenKey(7, b"x" * 32, algorithm), "resident.name"),
        (key, "resident.phone"),
    ):
        with pytest.raises(Unreadable):
            cipher.unseal(wrong, blob, context=context)


@given(st.binary(max_size=60))
def test_noise_is_unreadable_and_nothing_worse(noise: bytes) -> None:
    with pytest.raises(Unreadable):
        cipher.unseal(KEY, noise, context="note")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert cipher.seal(KEY, "一样", context="c") != cipher.seal(KEY, "一样", context="c")


def test_half_characters_become_question_marks() -> None:
    assert cipher.unseal(KEY, cipher.seal(KEY, "a\ud800b", context="c"), context="c") == "a?b"


def test_an_open_key_never_shows_its_secret() -> None:
    assert "kkk" not in repr(KEY)


def test_a_commitment_depends_on_key_and_text() -> None:
    one = cipher.commitment(KEY, "原文")
    assert one == cipher.commitment(KEY, "原文")
    assert len(one) == 64
    assert one != cipher.commitment(KEY, "原文。")
    assert one != cipher.commitment(OpenKey(7, b"x" * 32), "原文")
