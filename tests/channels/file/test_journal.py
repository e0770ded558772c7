"""The delivery file: whole lines count, torn ones do not, and words can be taken out."""

import json
from datetime import date
from pathlib import Path

from hotline.channels.file import journal

DAY = date(2026, 11, 20)


def lines(path: Path) -> list[bytes]:
    """The lines of a file."""
    return path.read_bytes().splitlines()


def test_one_line_a_message_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = journal.path_of(tmp_path / "outbox", DAY)
    journal.append(path, {"ref": "a", "body": "第一条\n两行"})
    journal.append(path, {"ref": "b", "body": "二"})
    assert path.name == "2026-11-20.jsonl"
    assert [json.loads(line)["ref"] for line in lines(path)] == ["a", "b"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_torn_line_is_no_delivery_and_spoils_no_other(tmp_path: Path) -> None:
    path = journal.path_of(tmp_path, DAY)
    path.write_bytes(b'{"ref": "torn", "body": "ha')
    journal.append(path, {"ref": "whole"})
    assert journal.delivered(tmp_path, {"torn", "whole", "never"}) == {"whole"}


def test_a_line_without_its_end_is_no_delivery(tmp_path: Path) -> None:
    journal.path_of(tmp_path, DAY).write_bytes(b'{"ref": "cut"}')
    assert journal.delivered(tmp_path, {"cut"}) == set()


def test_forgetting_keeps_the_reference(tmp_path: Path) -> None:
    path = journal.path_of(tmp_path, DAY)
    journal.append(path, {"ref": "a", "resident": 1, "to": "138****5678", "body": "您的诉求"})
    journal.append(path, {"ref": "b", "resident": 2, "to": "139****0000", "body": "别人的"})
    assert journal.blank(tmp_path, {1}) == 1
    assert journal.blank(tmp_path, {1}) == 0
    first, second = map(json.loads, lines(path))
    assert set(first) == {"ref", "resident"}
    assert second["body"] == "别人的"
    assert journal.delivered(tmp_path, {"a", "b"}) == {"a", "b"}
