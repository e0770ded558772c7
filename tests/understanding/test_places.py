"""Places are found by the authority's own names, and an ambiguous name only with one above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.understanding.engines.choosing import area_names
from hotline.understanding.folding import fold
from hotline.understanding.places import AreaName, Gazetteer
from tests.understanding.city import areas

SMALL = Gazetteer(
    [
        AreaName("1", "云江市", "city", None),
        AreaName("11", "青石区", "county", "1"),
        AreaName("12", "望江区", "county", "1"),
        AreaName("111", "临河街道", "town", "11"),
        AreaName("121", "柳溪镇", "town", "12"),
        AreaName("1111", "双桥社区", "community", "111"),
        AreaName("1211", "双桥社区", "community", "121"),
        AreaName("1212", "新建村", "community", "121"),
    ]
)


def where(text: str, given: str | None = None) -> tuple[str | None, str] | None:
    found = SMALL.place(fold(text), given=given)
    return found and (found.area_code, found.precision)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青石区停水了", ("11", "county")),
        ("青石的路灯坏了", ("11", "county")),
        ("望江区柳溪镇没水", ("121", "town")),
        ("青石区双桥社区漏水", ("1111", "community")),
        ("柳溪双桥社区漏水", ("1211", "community")),
        ("雙橋社區漏水，我在望江區", ("1211", "community")),
        ("双桥社区漏水", ("1", "city")),  # two of them: only the city is sure
        ("新建村委会不公开", ("1212", "community")),
        ("新建的房子漏水", None),  # an ordinary word without anything above it
        ("望江区新建那边漏水", ("1212", "community")),
        ("房子漏水", None),
        ("滨湖路120号3栋2单元没水", (None, "address")),
        ("青石区滨湖路120号没水", ("11", "address")),
    ],
)
def test_places(text: str, expected: tuple[str | None, str] | None) -> None:
    assert where(text) == expected


def test_the_forms_area_settles_an_ambiguous_name() -> None:
    assert where("双桥社区漏水", given="12") == ("1211", "community")
    assert where("漏水", given="12") == ("12", "county")
    assert where("漏水", given="99") == (None, "address")


def test_address_pieces_leave_area_names_and_common_words_out() -> None:
    text = "我家住在青石区临河街道滨湖路120号金桂花园3栋2单元，马路上都是水"
    found = SMALL.place(text)
    assert found is not None
    assert [text[span.start : span.end] for span in found.address] == ["滨湖路120号", "金桂花园", "3栋2单元"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("石门县磨市镇，村里没水", "磨市镇"),
        ("桃源漳江街道没水", "漳江街道"),
        ("武陵区双桥社区路灯不亮", "双桥社区"),
        ("澧縣的路爛了", "澧县"),
        ("鼎城那边停电", "鼎城区"),
        ("津市市民反映路烂", "津市市"),
    ],
)
def test_real_division_names(text: str, name: str) -> None:
    found = Gazetteer(area_names(areas())).place(fold(text))
    assert found is not None
    area = areas().get(found.area_code)
    assert area is not None
    assert area.name == name


@given(st.text(alphabet="云江市青石区望临河街道柳溪镇双桥社新建村路号栋0123456789小花园，。 ", max_size=80))
def test_never_fails_and_spans_lie_inside(text: str) -> None:
    found = SMALL.place(text)
    for span in (*found.spans, *found.address) if found else ():
        assert 0 <= span.start < span.end <= len(text)


def test_no_areas_is_no_failure() -> None:
    assert Gazetteer([]).place("青石区停水") is None
