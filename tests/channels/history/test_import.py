"""Importing files, on a real database."""

import csv
import json
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.channels.history import services
from hotline.channels.history.services import import_file
from hotline.intake import queries as intake
from hotline.refusal import Refused
from hotline.workorder import queries as orders
from tests.channels.conftest import City

SAMPLE = Path(__file__).with_name("messages.jsonl")
SHARED = os.environ.get("HOTLINE_SHARED_DATA")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a reject file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample, so that its reject file lies apart."""
    path = tmp_path / SAMPLE.name
    path.write_bytes(SAMPLE.read_bytes())
    return path


def test_messages_become_open_orders_with_their_own_time(city: City, sample: Path) -> None:
    told: list[tuple[int, int | None]] = []
    summary = import_file(path=sample, at=city.at, progress=lambda done, about: told.append((done, about)))
    assert summary.as_json() | {"seconds": 0} == {"read": 6, "created": 4, "already": 0, "rejected": 2, "seconds": 0}
    assert told[-1] == (6, 6)
    order_id = intake.sent(city.authority_id, "import-messages", _number(city, "1"))
    assert order_id is not None
    order = orders.public(order_id, city.at)
    assert (order.state, order.registered_at) == ("registered", city.at)
    assert order.own_at == datetime(2019, 2, 28, 11, 25, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert order.texts["title"] == "南门路灯不亮"


def _number(city: City, reference: str) -> str:
    from hotline.intake.models import Request
    from hotline.intake.services.requests import hashed_name, source_name

    name = hashed_name(source_name("import-messages", reference))
    return Request.objects.get(authority_id=city.authority_id, name=name).number


def test_again_makes_nothing_new(city: City, sample: Path) -> None:
    import_file(path=sample, at=city.at)
    again = import_file(path=sample, at=city.at)
    assert (again.created, again.already, again.rejected) == (0, 4, 2)


def test_bad_rows_are_kept_whole_with_line_and_reason(city: City, sample: Path) -> None:
    summary = import_file(path=sample, at=city.at)
    assert summary.reject_file == sample.with_name("messages.jsonl.rejected.csv")
    bad_time, broken = rows(summary.reject_file)
    assert (bad_time["line"], bad_time["id"], bad_time["time"]) == ("4", "4", "去年夏天")
    assert "去年夏天" in bad_time["reason"]
    assert (broken["line"], broken["其余"]) == ("6", '{"id": 6, "title": "断了')
    assert summary.reject_file.stat().st_mode & 0o077 == 0


def test_a_mended_reject_file_can_be_imported(city: City, sample: Path) -> None:
    summary = import_file(path=sample, at=city.at)
    assert summary.reject_file is not None
    mended = sample.with_name("mended.csv")
    mended.write_text(summary.reject_file.read_text("utf-8-sig").replace("去年夏天", "2019/7/1 8:00:00"), "utf-8")
    again = import_file(path=mended, at=city.at)
    assert (again.created, again.rejected) == (1, 1)


def test_no_reject_file_where_nothing_is_rejected(city: City, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(SAMPLE.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    stale = tmp_path / "a.jsonl.rejected.csv"
    stale.write_text("old", "utf-8")
    assert import_file(path=path, at=city.at).reject_file is None
    assert not stale.exists()


def test_a_row_that_intake_refuses_costs_no_other(city: City, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    head = "工单编号,来电时间,诉求人,联系电话,诉求类型,诉求标题,诉求内容,事发地点,是否保密\n"
    path.write_text(
        head
        + "1,2024-05-06 07:08:09,李某,13800005678,投诉,漏水,楼上漏水,解放路,是\n"
        + "2,2024-05-06 07:08:09,李某,123,唠叨,漏水,楼上漏水,解放路,否\n"
        + "3,2099-01-01,,,咨询,,公交几点收班,,否\n"
        + "4,,,,咨询,,公交几点发车,,否\n",
        "gb18030",
    )
    summary = import_file(path=path, at=city.at)
    assert (summary.read, summary.created, summary.rejected) == (4, 2, 2)
    assert summary.reject_file is not None
    two, three = rows(summary.reject_file)
    assert "电话" in two["reason"]
    assert "诉求类型" in two["reason"], "all reasons at once"
    assert three["line"] == "4"


def test_a_broken_off_import_goes_on_where_it_stopped(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    path = tmp_path / "a.jsonl"
    columns = {"user": "A", "title": "", "time": "2019/1/1 0:00:00", "up": 0, "down": 0}
    lines = [json.dumps({"id": number, "text": f"第 {number} 盏路灯坏了", **columns}) for number in range(5)]
    path.write_text("\n".join(lines), "utf-8")

    def stop(done: int, about: int | None) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(path=path, at=city.at, progress=stop)
    again = import_file(path=path, at=city.at)
    assert (again.already, again.created) == (4, 1)


def test_what_is_not_clear_is_refused_before_anything_is_written(city: City, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Refused):
        import_file(path=path, at=city.at)
    with pytest.raises(Refused):
        import_file(path=SAMPLE, at=city.at, authority_code="000000")


@pytest.mark.slow
@pytest.mark.skipif(not SHARED, reason="HOTLINE_SHARED_DATA is not set: the real messages were not imported")
def test_all_real_messages_become_open_orders(city: City, tmp_path: Path) -> None:
    source = Path(SHARED or "") / "appeals" / "taidi2020c" / "annex3_messages.jsonl"
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes())
    summary = import_file(path=path, at=city.at)
    assert (summary.read, summary.created, summary.rejected, summary.reject_file) == (4326, 4326, 0, None)
    again = import_file(path=path, at=city.at)
    assert (again.read, again.created, again.already) == (4326, 0, 4326)
