"""Reading tables of three kinds."""

import csv
import io
import json
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.channels.history.sources import Row, detect_encoding, open_table
from hotline.refusal import Refused

WRITABLE = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


def read(path: Path) -> list[Row]:
    """All rows of a file."""
    return list(open_table(path).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_encoding_of_the_trade(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('编号,内容\n1,"路灯，\n坏了"\n2,井盖丢了\n', encoding)
    table = open_table(path)
    assert table.columns == ("编号", "内容")
    rows = list(table.rows)
    assert [row.values for row in rows] == [{"编号": "1", "内容": "路灯，\n坏了"}, {"编号": "2", "内容": "井盖丢了"}]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(delimiter.join(["id", "text"]) + "\n" + delimiter.join(["1", "灯"]) + "\n", "utf-8")
    assert [row.values for row in read(path)] == [{"id": "1", "text": "灯"}]


def test_a_row_with_too_many_cells_is_a_fault_that_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,灯,不,亮\n\n2,井\n", "utf-8")
    bad, good = read(path)
    assert (bad.line, bool(bad.fault), bad.values[""]) == (2, True, "不 亮")
    assert (good.line, good.fault) == (4, None)


def test_a_cell_of_any_length(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1," + "灯" * 200_000 + "\n", "utf-8")
    assert len(read(path)[0].values["text"]) == 200_000


def test_jsonl_with_a_broken_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "灯", "votes": null}\n{"id": 2,\n[1]\n\n{"id": 3.0, "text": "井"}\n', "utf-8")
    table = open_table(path)
    rows = list(table.rows)
    assert table.columns == ("id", "text", "votes")
    assert [(row.line, row.fault is None) for row in rows] == [(1, True), (2, False), (3, False), (5, True)]
    assert rows[0].values == {"id": "1", "text": "灯", "votes": ""}
    assert rows[1].values == {"": '{"id": 2,'}
    assert rows[3].values["id"] == "3"


def test_xlsx_with_dates_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "时间", "内容"])
    sheet.append([188006, datetime(2019, 2, 28, 11, 25, 5), "灯"])
    sheet.append([None, None, None])
    sheet.append(["007", None, "井"])
    book.save(path)
    rows = read(path)
    assert [row.values for row in rows] == [
        {"编号": "188006", "时间": "2019-02-28 11:25:05", "内容": "灯"},
        {"编号": "007", "时间": "", "内容": "井"},
    ]
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xls", b"\xd0\xcf", "file_kind"),
        ("a.xlsx", b"PK no", "file_kind"),
        ("a.csv", b"", "file_empty"),
        ("a.jsonl", b"\n\n", "file_empty"),
        ("a.csv", b"\xff\xff\xff\xff", "file_encoding"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_a_remedy(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read(path)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        open_table(tmp_path / "nothing.csv")
    assert refused.value.status == 404


@given(st.lists(st.tuples(WRITABLE, WRITABLE), min_size=1, max_size=5))
def test_any_csv_that_a_program_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["id", "text"])
    writer.writerows((f"n{number}", text) for number, (_, text) in enumerate(rows))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(written.getvalue(), "utf-8", newline="")
        read_back = read(path)
    assert [(row.values["id"], row.values["text"], row.fault) for row in read_back] == [
        (f"n{number}", text, None) for number, (_, text) in enumerate(rows)
    ]


@given(
    st.lists(st.dictionaries(WRITABLE, WRITABLE | st.integers() | st.none() | st.floats(allow_nan=False)), min_size=1)
)
def test_any_jsonl_is_read_line_by_line(records: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_text("\n".join(json.dumps(record) for record in [{"id": 1}, *records]), "utf-8")
        assert [row.fault for row in read(path)] == [None] * (len(records) + 1)


@given(st.binary(max_size=60))
def test_any_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    for name in ("a.csv", "a.jsonl", "a.xlsx"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            with suppress(Refused):
                read(path)


def test_gb18030_is_only_taken_when_utf8_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编号".encode())
    assert detect_encoding(path) == "utf-8"
