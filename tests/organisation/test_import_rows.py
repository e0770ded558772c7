"""Every fault of a spreadsheet is found, with its sheet and row; what programs do to codes is undone."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.files import sheets
from hotline.organisation.importing import cells, workbooks
from hotline.organisation.importing.checks import climb
from hotline.organisation.importing.faults import WORDS
from hotline.organisation.importing.kinds import SHAPES, Kind
from hotline.organisation.importing.rows import read
from hotline.organisation.queries import AuthorityView
from hotline.organisation.queries import imports as views
from hotline.organisation.roles import Level
from tests.organisation import importing
from tests.organisation.importing import GRID, book, faults, headings, looked_at, saved, table

DIGITS = 15


def found(content: bytes, name: str = "a.xlsx") -> list[tuple[int, str]]:
    """Row and code of what is wrong with a file by itself."""
    return [(fault.line, fault.code) for fault in read(sheets.read(name, content), DIGITS).faults]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("430702", "430702"),
        (" 430702　", "430702"),
        ("４３０７０２", "430702"),
        ("430702.0", "430702"),
        ("4.30702E+05", "430702"),
        ("4.30702001001E+11", "430702001001"),
        ("'430702", "430702"),
        ("U990102-hotline", "U990102-hotline"),
        ("43\u200b0702", "430702"),
        ("1E5", "1E5"),
    ],
)
def test_a_code_is_what_was_meant(written: str, code: str) -> None:
    if written == "1E5":
        with pytest.raises(cells.DigitsLost):
            cells.code(written)
    else:
        assert cells.code(written) == code


@given(st.integers(min_value=100_000, max_value=999_999_999_999))
def test_a_number_of_a_workbook_is_the_code_that_was_typed(number: int) -> None:
    digits = str(number).rstrip("0")
    scientific = f"{digits[0]}.{digits[1:]}E+{len(str(number)) - 1}"
    whole = len(digits) == len(str(number))
    if whole:
        assert cells.code(scientific) == str(number)
    elif len(digits) > 1:
        with pytest.raises(cells.DigitsLost):
            cells.code(scientific)
    assert cells.code(f"{number}.0") == str(number)


def test_words_keep_their_signs_and_lose_their_spaces() -> None:
    assert cells.text("　云江市 （示例）\n ２号 ") == "云江市 （示例） 2号"
    assert cells.phone("０１０－８７６５４３２１；13800000000") == "010-87654321、13800000000"
    assert cells.phone("见通讯录") is None
    assert cells.level("乡镇、街道") == cells.level("乡镇街道") == cells.level("Town") == Level.TOWN
    assert cells.level("部") is None


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefghx"), max_size=8))
def test_circles_are_found_however_they_are_entered(parents: dict[str, str]) -> None:
    lost = climb({code: {"parent": parent} for code, parent in parents.items()})
    for code in parents:
        above, steps = code, 0
        while above in parents and steps <= len(parents):
            above, steps = parents[above], steps + 1
            if above == code:
                break
        assert (lost.get(code) == "circle") == (above == code and steps > 0)


def test_a_workbook_of_one_s_own_is_read(at: datetime) -> None:
    """A title above, columns in another order, English headings with marks, a number for a code, blank rows."""
    held = openpyxl.Workbook()
    sheet = held.active
    assert sheet is not None
    sheet.title = "Sheet1"
    sheet.append(["河西区划一览表"])
    sheet.append(["层级 *", "区划名称", "上级区划代码(必填)", "区划代码", "备注"])
    sheet.append([])
    sheet.append(["街道", " 河西街道 ", 990102, 990102002.0, "x"])
    reading = read(sheets.read("a.xlsx", saved(held)), DIGITS)
    [row] = reading.rows[Kind.AREAS]
    assert (row.line, row.code) == (4, "990102002")
    assert row.values == {"level": "town", "name": "河西街道", "parent": "990102"}
    assert [(fault.line, fault.code) for fault in reading.faults] == [(0, "column_unknown")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_in_every_usual_encoding(encoding: str) -> None:
    content = table([headings(Kind.AREAS), *importing.AREAS], encoding)
    reading = read(sheets.read("区划.csv", content), DIGITS)
    assert [row.values["name"] for row in reading.rows[Kind.AREAS]] == ["河西街道", "柳树社区"]
    assert reading.faults == []


def test_what_a_cell_has_wrong_is_said_by_row() -> None:
    areas = [
        ("99O102002", "河西街道", "街道", "990102"),
        ("4.3E+11", "柳树社区", "社区", "990102"),
        ("990102003", "", "街道", "990102"),
        ("990102004", "长" * 101, "街道", "990102"),
        ("990102005", "河\x7f西", "处", "990102"),
        ("990102006", "河西", "街道", "990102"),
        ("990102006", "河东", "街道", "990102"),
    ]
    held = book(areas, (), (("12345", "短", "990102001001", "bridge"),), (("王", "李娜", "电话", GRID),))
    assert found(held) == [
        (2, "area_code"),
        (3, "digits_lost"),
        (4, "needed"),
        (5, "too_long"),
        (6, "unprintable"),
        (6, "level_unknown"),
        (2, "grid_code"),
        (2, "username"),
        (2, "phone"),
        (7, "duplicate"),
        (8, "duplicate"),
    ]


def test_formulas_and_merged_cells_are_no_values() -> None:
    held = openpyxl.load_workbook(io.BytesIO(book(units=(), grids=(), workers=())))
    sheet = held["行政区划"]
    sheet["B2"] = "=A2"
    sheet.append(["990102003", "东", "街道", "990102"])
    sheet.append(["", "", "", ""])
    sheet.merge_cells("D4:D5")
    assert found(saved(held)) == [(2, "formula"), (4, "merged")]


def test_sheets_that_cannot_be_told_are_named() -> None:
    held = openpyxl.Workbook()
    sheet = held.active
    assert sheet is not None
    sheet.title = "单位"
    sheet.append(["单位代码", "单位名称"])
    held.create_sheet("别的").append(["甲", "乙"])
    assert found(saved(held)) == [(0, "columns_missing"), (0, "sheet_unknown")]


def test_faults_between_rows_are_found(yunjiang: AuthorityView, at: datetime) -> None:
    areas = (
        ("990102002", "河西街道", "街道", "990199"),
        ("990102002001", "柳树社区", "社区", "990102002"),
        ("990102003", "甲", "街道", "990102003001"),
        ("990102003001", "乙", "社区", "990102003"),
        ("990102004", "丙", "街道", "990102001001"),
        ("990900", "外", "区县", "990100"),
    )
    units = (
        ("willow", "柳树居委会", "community", "社区", "990102002001", "north-town"),
        ("a", "甲", "没有的职责", "社区", "990102001001", "north-town"),
        ("b", "乙", "town", "区县", "990102", "north"),
        ("c", "丙", "urban", "市", "990100", "north"),
        ("d", "丁", "water", "服务企业", "990100", "centre"),
        ("e", "戊", "community", "社区", "990102001001", "f"),
        ("f", "己", "community", "社区", "990102001001", "e"),
        ("bridge-1", "庚", "community", "社区", "990102001001", "north-town"),
        ("g", "辛", "town", "town", "990102001", ""),
    )
    run = looked_at(book(areas, units, ((GRID, "网格", "990102001001", "nobody"),), (("li.na", "李娜", "", GRID),)), at)
    assert sorted(faults(run.id)) == sorted(
        [
            ("行政区划", 2, "parent_unknown"),
            ("行政区划", 3, "parent_faulty"),
            ("行政区划", 4, "circle"),
            ("行政区划", 5, "circle"),
            ("行政区划", 6, "level_not_below"),
            ("单位", 2, "area_unknown"),
            ("单位", 3, "role_unknown"),
            ("单位", 4, "role_level"),
            ("单位", 5, "level_not_below"),
            ("单位", 6, "serves_needed"),
            ("单位", 7, "circle"),
            ("单位", 8, "circle"),
            ("单位", 9, "code_taken"),
            ("单位", 10, "parent_needed"),
            ("网格", 2, "unit_unknown"),
            ("网格员", 2, "grid_unknown"),
        ]
    )


def test_nothing_is_ended_that_others_stand_on(yunjiang: AuthorityView, at: datetime) -> None:
    more = ("status",)
    units = (("bridge", "桥头", "community", "社区", "990102001001", "north-town", "停用"),)
    assert faults(looked_at(book((), units, (), (), more), at).id) == [("单位", 2, "has_children")]
    areas = (
        ("990102001001", "桥头社区", "社区", "990102001", "停用"),
        ("990100", "云江市", "市", "", "停用"),
        ("990102009", "没有", "街道", "990102", "停用"),
    )
    assert sorted(faults(looked_at(book(areas, (), (), (), more), at).id)) == [
        ("行政区划", 2, "area_in_use"),
        ("行政区划", 2, "area_in_use"),
        ("行政区划", 3, "root_ended"),
        ("行政区划", 4, "end_unknown"),
    ]


def test_the_empty_template_says_how_and_changes_nothing(yunjiang: AuthorityView, at: datetime) -> None:
    for english in (False, True):
        content = workbooks.template(say=str, english=english, grid_digits=DIGITS)
        reading = read(sheets.read("t.xlsx", content), DIGITS)
        assert set(reading.sheets) == set(Kind)
        assert {fault.code for fault in reading.faults} == {"sheet_empty"}
    run = looked_at(content, at, complete=True)
    assert run.writes == 0, "a sheet that nobody filled in must not end everything"
    held = openpyxl.load_workbook(io.BytesIO(content))
    assert held["Units"]["A1"].comment is not None
    assert held["Units"].data_validations.count == 2


def test_bad_rows_come_back_with_what_to_mend_and_can_be_sent_again(yunjiang: AuthorityView, at: datetime) -> None:
    units = (*importing.UNITS, ("lost", "-失踪", "town", "town", "990102002", "nobody"))
    run = looked_at(book(units=units), at)
    content = views.rows_to_mend(run.id, words=lambda fault: WORDS[fault.code] % fault.params, say=str)
    reading = read(sheets.read("m.xlsx", content), DIGITS)
    [row] = reading.rows[Kind.UNITS]
    assert (row.code, row.values["name"], row.values["parent"]) == ("lost", "-失踪", "nobody")
    assert [fault.code for fault in reading.faults] == ["column_unknown"]
    cell = openpyxl.load_workbook(io.BytesIO(content))["单位"].cell(2, 7).value
    assert "nobody" in str(cell)
    assert "上级单位代码" in str(cell)


def test_every_column_has_both_headings_and_every_fault_its_words() -> None:
    for shape in SHAPES.values():
        names = [title for column in shape.columns for title in (column.zh, column.en)]
        assert len(set(names)) == len(names)
    assert all("请" in words or "。" in words for words in WORDS.values())
