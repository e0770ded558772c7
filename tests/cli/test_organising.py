"""`hotline organisation`: look, write, take back, and the template, on a database of its own."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline.cli import command, organising
from hotline.config.telling import Trouble
from hotline.organisation import queries
from hotline.refusal import Refused
from tests.organisation.importing import UNITS, book
from tests.world import World

ADDED = (("990100801", "临时街道", "街道", "990102"),)


@pytest.fixture(autouse=True)
def at_hand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database stands for a running installation."""

    @contextmanager
    def ready() -> Iterator[None]:
        yield

    monkeypatch.setattr(organising, "ready", ready)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)


def run(*words: str) -> int:
    """What the command leaves with."""
    options: argparse.Namespace = command._parser().parse_args(["organisation", *words])
    return int(options.run(options))


def number(told: str) -> str:
    """The number of the run, from the last line."""
    return told.split()[-1]


def test_a_file_is_looked_at_written_and_taken_back(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "区划.xlsx"
    file.write_bytes(book(ADDED, (), (), ()))
    assert run("preview", str(file), "--authority", world.code) == 0
    told = capsys.readouterr().out
    assert "行政区划: 新增 1，修改 0，停用 0，不变 0，要改 0" in told
    assert queries.areas(world.authority_id).get("990100801") is None
    assert run("apply", number(told)) == 0
    assert queries.areas(world.authority_id).get("990100801") is not None
    assert run("undo", number(told)) == 0
    assert queries.areas(world.authority_id).get("990100801") is None
    with pytest.raises(Refused, match="import_state"):
        run("undo", number(told))


def test_faults_are_told_by_row_and_saved_to_be_mended(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mend = tmp_path / "单位.xlsx", tmp_path / "mend.xlsx"
    file.write_bytes(book((), UNITS, (), ()))
    assert run("preview", str(file), "--mend", str(mend)) == 1
    told = capsys.readouterr()
    assert "单位 第 3 行 上级单位代码: 没有上级 north" in told.err
    assert mend.read_bytes().startswith(b"PK")
    with pytest.raises(Refused, match="import_faulty"):
        run("apply", number(told.out))


def test_the_template_is_saved_and_names_the_city_s_grids(world: World, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    assert run("template", str(file)) == 0
    assert file.read_bytes().startswith(b"PK")


def test_what_is_not_clear_is_asked_for(world: World, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="没有这个文件"):
        run("preview", str(tmp_path / "none.xlsx"))
    with pytest.raises(Trouble, match="--authority"):
        run("template", str(tmp_path / "t.xlsx"), "--authority", "110000")
