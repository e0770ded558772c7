"""A further city for an installation, what stands in it, and a city's changed files, at the terminal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone, translation

from hotline import packs
from hotline.cli import city, command
from hotline.organisation import queries as organisation
from hotline.organisation.models import Authority, Unit, UnitArea
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from tests.world import World, forget_caches, small_pack

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
Packs = dict[str, packs.City]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Packs:
    """The small cities, which the test may change, in the place of the files."""
    found = {name: small_pack(name) for name in packs.cities()}
    read = packs.load

    def load(name: str, root: Path | None = None) -> packs.City:
        return found[name] if name in found else read(name, root)

    monkeypatch.setattr(packs, "load", load)
    return found


@pytest.fixture
def run(db: None, at: datetime, files: Packs, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("list")` in this process, on an English terminal and the test's database; returns the exit code."""
    forget_caches()
    monkeypatch.setattr(city, "ready", nullcontext)
    monkeypatch.setattr(timezone, "now", lambda: at)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def call(*arguments: str) -> int:
        with translation.override("en"), pytest.raises(SystemExit) as left:
            command.main(["city", *arguments])
        assert isinstance(left.value.code, int)
        return left.value.code

    return call


def opened(code: str, at: datetime) -> World:
    """The city as a test uses it."""
    authority = organisation.authority(code)
    assert authority is not None
    return World(authority.id, code, at)


def test_two_cities_and_their_province_stand_beside_each_other(run: Run, at: datetime, capsys: Output) -> None:
    assert run("list") == 0
    assert "run hotline city add" in capsys.readouterr().err
    assert run("add", "yunjiang") == 0
    told = capsys.readouterr().err
    assert "Loaded Demonstration Province (990000)" in told
    assert "Loaded Yunjiang City (990100)" in told
    assert "hotline staff add USERNAME --name NAME --role admin --authority 990100" in told
    assert run("add", "changde", "--under", "990000") == 0
    assert "990000" not in capsys.readouterr().err
    yunjiang, changde = opened("990100", at), opened("430700", at)
    assert [opened_city.policy.clocks.counts_from for opened_city in (yunjiang, changde)] == [
        "next_working_day",
        "receipt",
    ]
    taken = yunjiang.take(kind="help", matter_code="0201001", area_code=yunjiang.towns()[0])
    yunjiang.walk()
    assert taken.number.startswith("YJ")
    assert publishing.next_number(authority_id=changde.authority_id, at=at).startswith("CD430700")
    rows = dict(Unit.objects.values_list("authority_id").distinct().values_list("authority_id", "authority__code"))
    assert sorted(rows.values()) == ["430700", "990000", "990100"]
    capsys.readouterr()
    assert run("list") == 0
    province, *cities = capsys.readouterr().out.splitlines()
    assert province == "Demonstration Province (990000)  Province  version 1  units: 2  open orders: 0"
    assert [line.partition("  units")[0] for line in cities] == [
        "  Changde City (430700)  City  under 990000  version 1",
        "  Yunjiang City (990100)  City  under 990000  version 1",
    ]
    assert [line.rpartition(": ")[2] for line in cities] == ["0", "1"]


def test_what_is_here_is_not_touched_again(run: Run, at: datetime, files: Packs, capsys: Output) -> None:
    assert run("add", "changde") == 0
    files["changde"] = replace(files["changde"], handling=replace(files["changde"].handling, reopen_days=99))
    before = Authority.objects.get(code="430700").revision
    capsys.readouterr()
    assert run("add", "changde") == 0
    assert "hotline city refresh changde" in capsys.readouterr().err
    assert Authority.objects.get(code="430700").revision == before
    assert len(policies.versions(opened("430700", at).authority_id, at)) == 1


def test_changed_files_come_as_units_at_once_and_rules_as_a_draft(
    run: Run, at: datetime, files: Packs, capsys: Output
) -> None:
    assert run("refresh", "changde") == 1
    assert "hotline city add changde" in capsys.readouterr().err
    assert run("add", "changde") == 0
    world, pack = opened("430700", at), files["changde"]
    imported = Unit.objects.create(
        authority_id=world.authority_id, code="IMPORTED", name="临时单位", level="supplier", kind="supplier",
        role_code="water", area_id="430700", parent_id=world.centre.id, path=f"{world.centre.path}9/",
    )  # fmt: skip
    UnitArea.objects.create(unit=imported, area_id="430702")
    first, *others = pack.units
    changed = replace(first, name="常德市热线中心")
    above = pack.above
    assert above is not None
    files["changde"] = replace(
        pack,
        units=(changed, *others),
        handling=replace(pack.handling, reopen_days=99),
        above=replace(above, handling=replace(above.handling, hang_days=90)),
    )
    capsys.readouterr()
    assert run("refresh", "changde") == 0
    told = capsys.readouterr().err
    assert "1 units that the files do not have stay as they are" in told
    for command_words in ("hotline policy activate 990000 2", "hotline policy activate 430700 2"):
        assert command_words in told
    assert world.centre.name == "常德市热线中心"
    assert world.policy.handling.reopen_days == pack.handling.reopen_days, "a draft judges nobody"
    imported.refresh_from_db()
    assert (imported.active, imported.path) == (True, f"{world.centre.path}{imported.id}/")
    assert UnitArea.objects.filter(unit=imported).exists()
    assert run("refresh", "changde") == 0
    assert "The rules are the same: version 2" in capsys.readouterr().err


def test_a_city_whose_files_name_no_province_is_put_under_one(
    run: Run, at: datetime, files: Packs, capsys: Output
) -> None:
    files["changde"] = replace(files["changde"], above=None)
    assert run("add", "changde", "--under", "990000") == 1
    assert "There is no authority 990000 here" in capsys.readouterr().err
    assert run("add", "yunjiang", "--under", "430000") == 1
    assert "leave --under out" in capsys.readouterr().err
    assert organisation.authorities() == ()
    assert run("add", "yunjiang") == 0
    assert run("add", "changde", "--under", "990000") == 0
    assert run("refresh", "changde") == 0
    by_code = {each.code: each for each in organisation.authorities()}
    assert by_code["430700"].parent_id == by_code["990000"].id


def test_faults_are_all_told_and_nothing_is_loaded(run: Run, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    assert run("add", "changde") == 0
    monkeypatch.undo()
    monkeypatch.setattr(city, "ready", nullcontext)
    with pytest.raises(SystemExit) as left:
        command.main(["city", "add", "nowhere"])
    assert left.value.code == 1
    assert "yunjiang" in capsys.readouterr().err
