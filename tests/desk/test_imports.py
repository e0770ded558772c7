"""The pages of imports: who may, what is shown, each step asked for once and taken by the worker."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hotline.files import sheets
from hotline.organisation import queries
from hotline.organisation import services as imports
from hotline.organisation import services as staffing
from hotline.organisation.models import Unit
from tests.desk.conftest import Desk
from tests.organisation.importing import GRID, UNITS, book

AREAS = (("990102801", "河西街道", "街道", "990102"), ("990102801001", "柳树社区", "社区", "990102801"))
HOME = "/desk/imports/"


def units() -> tuple[tuple[str, ...], ...]:
    """The test's units, hung below the city's centre."""
    places = ((*unit[:4], unit[4].replace("990102002", "990102801"), unit[5]) for unit in UNITS)
    return tuple((code, name, "town" if code == "west" else role, *rest) for code, name, role, *rest in places)


def content(desk: Desk) -> bytes:
    """A town, its community, their units, a grid and who walks it."""
    centre = queries.unit_index(desk.authority_id).children(None)[0].code
    hung = [(*unit[:5], centre if unit[5] == "north" else unit[5]) for unit in units()]
    return book(AREAS, hung, ((GRID, "第一网格", "990102801001", "willow"),), (("li.na", "李娜", "", GRID),))


def send(client: Client, held: bytes, name: str = "机构.xlsx", **more: str) -> str:
    """Upload a file; the address of its run."""
    answer = client.post(HOME, {"file": SimpleUploadedFile(name, held), **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def text(client: Client, address: str) -> str:
    """The page's words."""
    page = client.get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_an_import_from_upload_to_undo(desk: Desk) -> None:
    client = desk.client("admin")
    address = send(client, content(desk))
    page = client.get(address).content.decode()
    assert "正在核对" in page
    assert 'hx-trigger="every 2s"' in page
    imports.work_on_imports(at=desk.at)
    page = client.get(address).content.decode()
    assert "every 2s" not in page
    assert "写入这 6 行" in page
    assert "河西街道" in page
    client.post(address, {"step": "apply"})
    assert "正在写入" in text(client, address)
    assert client.post(address, {"step": "apply"}).status_code == 409
    imports.work_on_imports(at=desk.at)
    assert "已写入" in text(client, address)
    assert "changepassword" in text(client, address)
    assert Unit.objects.filter(code="willow").exists()
    client.post(address, {"step": "undo"})
    imports.work_on_imports(at=desk.at)
    assert "已撤销" in text(client, HOME)
    assert not Unit.objects.filter(code="willow").exists()


def test_bad_rows_are_shown_and_can_be_downloaded(desk: Desk) -> None:
    client = desk.client("admin", "en")
    held = book((*AREAS, ("990102802", "河东街道", "处", "990102")), (), (), ())
    address = send(client, held)
    imports.work_on_imports(at=desk.at)
    page = text(client, address)
    assert "行政区划 row 4" in page
    assert "There is no level “处”. Choose one of these: Province；City；" in page
    assert "Write only the 2 rows that are right" in page
    answer = client.get(f"{address}?mend=1")
    assert answer.content.startswith(b"PK")
    client.post(address, {"step": "apply", "partly": "1"})
    imports.work_on_imports(at=desk.at)
    assert queries.areas(desk.authority_id).get("990102801") is not None


def test_what_cannot_be_undone_is_named_and_the_rest_offered(desk: Desk) -> None:
    client = desk.client("admin")
    address = send(client, content(desk))
    imports.work_on_imports(at=desk.at)
    client.post(address, {"step": "apply"})
    imports.work_on_imports(at=desk.at)
    Unit.objects.filter(code="willow").update(phone="1")
    client.post(address, {"step": "undo"})
    imports.work_on_imports(at=desk.at)
    page = text(client, address)
    assert "单位 willow 导入后又改过" in page
    assert "撤销其余的行" in page
    client.post(address, {"step": "undo", "partly": "1"})
    imports.work_on_imports(at=desk.at)
    assert "已撤销" in text(client, address)
    assert Unit.objects.filter(code="willow").exists()


@pytest.mark.parametrize(
    ("name", "held", "status", "words"),
    [
        ("a.pdf", b"%PDF-1.7", 422, "请另存为 Excel 工作簿"),
        ("a.xlsx", b"", 422, "这个文件是空的"),
        ("a.csv", b"a" * (sheets.LIMIT + 1), 413, "超过 20 MB"),
    ],
)
def test_a_file_that_will_not_do_is_refused_beside_its_field(
    desk: Desk, name: str, held: bytes, status: int, words: str
) -> None:
    answer = desk.client("admin").post(HOME, {"file": SimpleUploadedFile(name, held)})
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_no_file_at_all_is_said(desk: Desk) -> None:
    page = desk.client("admin").post(HOME, {})
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()


def test_the_template_is_in_the_reader_s_language(desk: Desk) -> None:
    answer = desk.client("admin", "en").get(f"{HOME}?template=1")
    [*_, people, notes] = sheets.read("t.xlsx", answer.content)
    assert (people.name, notes.name) == ("Grid workers", "Notes")


def test_only_the_centre_s_administrators_import(desk: Desk) -> None:
    assert desk.client("supervisor").get(HOME).status_code == 403
    below = next(unit for unit in queries.unit_index(desk.authority_id) if unit.level == "county")
    desk.staff["below"] = staffing.create_staff(
        username="below", name="王芳", password=None, unit_id=below.id, role="admin", at=desk.at
    )
    assert desk.client("below").get(HOME).status_code == 403
    assert desk.client("admin").get(f"{HOME}999999/").status_code == 404


def test_the_pages_keep_to_their_statements(
    desk: Desk, count_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    client = desk.client("admin")
    address = send(client, content(desk))
    imports.work_on_imports(at=desk.at)
    for place in (HOME, address):
        client.get(place)
        with count_queries(12):
            client.get(place)
