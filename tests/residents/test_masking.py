"""Names and numbers as staff see them, and the one form of a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.residents.masking import last4, mask_id, mask_name, mask_phone, normalise_phone

NUMBERS = [
    ("13812345678", "13812345678"),
    (" 138 1234 5678 ", "13812345678"),
    ("138-1234-5678", "13812345678"),
    ("138—1234—5678", "13812345678"),
    ("\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "13812345678"),
    ("\uff0b\uff18\uff16 138\uff0d1234\uff0d5678", "13812345678"),
    ("\uff080736\uff097123456\uff0d801", "07367123456-801"),
    ("+8613812345678", "13812345678"),
    ("+86 138-1234-5678", "13812345678"),
    ("008613812345678", "13812345678"),
    ("8613812345678", "13812345678"),
    ("013812345678", "13812345678"),
    ("١٣٨١٢٣٤٥٦٧٨", "13812345678"),
    ("0736-7123456", "07367123456"),
    ("(0736)7123456", "07367123456"),
    ("(0736) 712-3456", "07367123456"),
    ("+86 736 7123456", "07367123456"),
    ("+86 10 62345678", "01062345678"),
    ("010-62345678", "01062345678"),
    ("0736-7123456-801", "07367123456-801"),
    ("0736-7123456转801", "07367123456-801"),
    ("07367123456 分机 8001", "07367123456-8001"),
    ("010-62345678 ext.12", "01062345678-12"),
    ("400-123-4567", "4001234567"),
    ("800 123 4567", "8001234567"),
    ("+852 9123 4567", "+85291234567"),
    ("0085291234567", "+85291234567"),
    ("+1 (415) 555-0123", "+14155550123"),
]
NO_NUMBERS = [
    "", " ", "110", "123", "12345", "95598", "7123456", "1381234567", "138123456789", "12812345678", "无", "电话",
    "13812345678或13987654321", "1381234567a", "0736-0123456", "0000000000", "+86", "+", "()", "-", "1" * 100, "😀",
    "13812345678-801", "11111111111", "00000000000",
]  # fmt: skip


@pytest.mark.parametrize(("raw", "number"), NUMBERS)
def test_one_form_for_every_way_to_write_a_number(raw: str, number: str) -> None:
    assert normalise_phone(raw) == number


@pytest.mark.parametrize("raw", NO_NUMBERS)
def test_what_is_no_number(raw: str) -> None:
    assert normalise_phone(raw) is None


@given(st.text(max_size=30))
def test_any_text_gives_a_plain_form_that_stays_itself(raw: str) -> None:
    number = normalise_phone(raw)
    if number is not None:
        assert number.isascii()
        assert normalise_phone(number) == number


@given(st.text("0123456789+-() 转ext.", max_size=24))
def test_numbers_are_fixed_points(raw: str) -> None:
    number = normalise_phone(raw)
    assert number is None or normalise_phone(number) == number


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("07367123456", "0736-*****56"),
        ("01062345678-12", "010-******78"),
        ("4001234567", "400*****67"),
        ("+85291234567", "+85*******67"),
        ("什么", "****"),
        ("", ""),
    ],
)
def test_masked_numbers(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三丰", "张**"), ("张三", "张**"), ("欧阳修", "欧**"), (" 王女士 ", "王**"), ("John Smith", "J**"), ("", "")],
)
def test_masked_names_do_not_tell_their_length(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_identity_numbers_are_never_shown() -> None:
    assert mask_id("11010519491231002X") == mask_id("1") == "******"
    assert mask_id(" ") == ""


def test_last_four_digits_leave_the_extension_out() -> None:
    assert last4("13812345678") == "5678"
    assert last4("07367123456-801") == "3456"
