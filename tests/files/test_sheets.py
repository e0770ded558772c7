"""Spreadsheets are read as people see them, and refused in words where they would do harm."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from hotline.files import sheets
from hotline.refusal import Refused


def workbook(*rows: list[object]) -> bytes:
    """A workbook of one sheet."""
    held = openpyxl.Workbook()
    sheet = held.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    held.save(file)
    return file.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def by_hand(rows: str, strings: str = "", *, before: str = "") -> bytes:
    """A workbook as office programs write it: the rows of its sheet and its shared strings as XML."""
    parts = {
        "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="{KINDS}sheet.main+xml"/>
            <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}worksheet+xml"/>
            <Override PartName="/xl/sharedStrings.xml" ContentType="{KINDS}sharedStrings+xml"/></Types>""",
        "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
            <Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
        "xl/workbook.xml": f"""<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">
            <sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>""",
        "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
            <Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="r2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def lines(name: str, content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """Row numbers and cells of all sheets."""
    return [(line.number, line.cells) for sheet in sheets.read(name, content) for line in sheet.lines]


def test_numbers_are_the_digits_that_were_typed() -> None:
    content = workbook(
        [430702, 430702.0, 1.5, True, None, "430702001001"], [], ["　"], [430702001001001, 4307020010010011]
    )
    assert lines("a.xlsx", content) == [
        (1, ("430702", "430702", "1.5", "TRUE", "", "430702001001")),
        (4, ("430702001001001", "4.30702001001001E+15")),
    ]


def test_several_sheets_and_their_merged_cells_and_formulas() -> None:
    held = openpyxl.Workbook()
    first = held.active
    assert first is not None
    first.append(["a", "=1+1"])
    first.merge_cells("A3:B4")
    held.create_sheet("二").append(["b"])
    file = io.BytesIO()
    held.save(file)
    found = []
    for sheet in sheets.read("x.xlsx", file.getvalue()):
        found.append((sheet.name, [(line.cells, set(line.formulas)) for line in sheet.lines], sheet.merged))
    assert found == [("Sheet", [(("a", ""), {1})], (sheets.Merged(3, 4),)), ("二", [(("b",), set())], ())]


def test_text_in_runs_is_read_and_how_it_sounds_is_not() -> None:
    runs = "<r><t>云</t></r><r><t>江</t></r><rPh sb='0' eb='1'><t>yun</t></rPh>"
    cells = f"<c t='s'><v>0</v></c><c t='inlineStr'><is>{runs}</is></c><c r='E1' t='b'><v>1</v></c><c><v>4.3E5</v></c>"
    found = lines("x.xlsx", by_hand(f"<row>{cells}</row>", f"<si>{runs}</si>"))
    assert found == [(1, ("云江", "云江", "", "", "TRUE", "430000"))]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "file_kind"),
        ("a.pdf", b"%PDF-1.7", "file_kind"),
        ("a.xlsx", b"PK\x03\x04 broken", "file_broken"),
        ("a.csv", b"\xff\xff\xff\x80", "file_encoding"),
        ("a.csv", workbook(["a"]), "file_kind"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        sheets.check(name, content)


def test_a_file_that_is_too_large_or_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as refused:
        sheets.check("a.csv", b"a" * (sheets.LIMIT + 1))
    assert refused.value.status == 413
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    with pytest.raises(Refused, match="新的工作簿"):
        sheets.check("a.xlsx", bomb.getvalue())


def test_macros_are_refused() -> None:
    file = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(Refused, match="file_macros"):
        sheets.check("a.xlsx", file.getvalue())


@pytest.mark.parametrize("cell", ["<c t='s'><v>9</v></c>", "<c t='s'><v>x</v></c>", "<c><v>1.2.3</v></c>", "<c>"])
def test_a_damaged_sheet_is_refused_when_it_is_read(cell: str) -> None:
    with pytest.raises(Refused, match="file_broken"):
        lines("a.xlsx", by_hand(f"<row>{cell}</row>", "<si><t>x</t></si>"))


def test_entities_do_not_swell() -> None:
    steps = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 30}">' for n in range(6))
    before = f'<!DOCTYPE worksheet [<!ENTITY a "{"a" * 9000}">{steps}]>'
    with pytest.raises(Refused, match="file_broken"):
        lines("a.xlsx", by_hand("<row><c t='str'><v>&g;</v></c></row>", before=before))
