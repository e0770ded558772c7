"""Checking, comparing, publishing and activating rules at the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.utils import translation

from hotline import packs
from hotline.cli import command, policy
from hotline.ledger import queries as ledger
from hotline.ledger.record import SYSTEM, Stream
from hotline.policy import queries
from hotline.policy import services as publishing
from tests.cli.test_running import OF_THE_TESTS
from tests.packs.workshop import Workshop
from tests.world import World

Run = Callable[..., int]
Output = pytest.CaptureFixture[str]
OURS = ("--authority", "990100")
SHIPPED = packs.CITIES
COMPLAINT = 'kind = "complaint"\nlimit = "15 working_days"'


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """Copies of the shipped city's files, which the command reads and the test may change."""
    found = Workshop(tmp_path)
    monkeypatch.setattr(packs, "CITIES", tmp_path)
    return found


@pytest.fixture
def run(world: World, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("list")` in this process, on an English terminal and the world's database; returns the exit code."""
    monkeypatch.setattr(policy, "ready", nullcontext)
    return _caller(monkeypatch)


def _caller(monkeypatch: pytest.MonkeyPatch, language: str = "en_GB.UTF-8") -> Run:
    monkeypatch.setenv("LC_ALL", language)

    def call(*arguments: str) -> int:
        with translation.override("en" if language.startswith("en") else "zh-hans"), pytest.raises(SystemExit) as left:
            command.main(["policy", *arguments])
        assert isinstance(left.value.code, int)
        return left.value.code

    return call


def shorten(workshop: Workshop, days: int = 9) -> None:
    """Give complaints another limit in the files."""
    text = workshop.text("_base/clocks.toml")
    assert text.count(COMPLAINT) == 1
    workshop.write("_base/clocks.toml", text.replace(COMPLAINT, f'kind = "complaint"\nlimit = "{days} working_days"'))


def published(world: World, workshop: Workshop, days: int = 9) -> int:
    """A draft with another limit; returns its id."""
    shorten(workshop, days)
    return publishing.publish(pack=workshop.load(), authority_id=world.authority_id, at=world.at, activate=False)


def test_a_sound_city_is_said_to_be_sound(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    assert _caller(monkeypatch)("check", "yunjiang") == 0
    assert "Yunjiang City (990100) is sound" in capsys.readouterr().out


def test_every_fault_has_its_file_line_and_remedy(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    first = workshop.cell("_base/matters.csv", "0101001", "lead_role", "housng")
    second = workshop.cell("_base/matters.csv", "0101002", "assist_roles", "nobody")
    assert _caller(monkeypatch)("check", "yunjiang") == 1
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert len(lines) == len(set(lines))
    assert {line.partition(": ")[0] for line in lines} == {f"_base/matters.csv:{n}" for n in (first, second)}
    assert "housng" in lines[0]
    assert "Check the code" in lines[0]
    assert f"Faults: {len(lines)}" in told.err
    assert _caller(monkeypatch, "zh_CN.UTF-8")("check", "yunjiang") == 1
    assert "请核对编码" in capsys.readouterr().out


def test_an_unknown_city_is_a_fault_with_the_known_ones(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    assert _caller(monkeypatch)("check", "nowhere") == 1
    assert "yunjiang" in capsys.readouterr().out


def test_diff_says_what_the_files_would_change(run: Run, workshop: Workshop, capsys: Output) -> None:
    assert run("diff", "yunjiang") == 0
    assert "Nothing differs" in capsys.readouterr().out
    shorten(workshop)
    assert run("diff", "yunjiang") == 0
    out = capsys.readouterr().out
    assert "version 1 → the files of Yunjiang City" in out
    assert "Changes due times (1)" in out
    assert "  Limit for the answer (Complaint): 15 working days → 9 working days" in out


def test_diff_for_programs(run: Run, workshop: Workshop, capsys: Output) -> None:
    shorten(workshop)
    assert run("diff", "yunjiang", "--json") == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert change == {
        "touches": "due",
        "kind": "changed",
        "section": "rules",
        "row": ["reply", "complaint", "", "", "", ""],
        "key": "limit",
        "subject": "",
        "what": "Limit for the answer (Complaint)",
        "before": "15 working days",
        "after": "9 working days",
    }


def test_diff_between_versions_and_between_calendars(
    run: Run, world: World, workshop: Workshop, capsys: Output
) -> None:
    published(world, workshop)
    assert run("diff", "--versions", "2", "1", *OURS) == 0
    assert "9 working days → 15 working days" in capsys.readouterr().out
    assert run("diff", "yunjiang", "--against", "2") == 0
    assert "Nothing differs" in capsys.readouterr().out
    calendar = workshop.text("_base/calendar.toml").replace('from = "09:00"', 'from = "08:30"')
    workshop.write("_base/calendar.toml", calendar)
    assert run("publish", "yunjiang") == 0
    told = capsys.readouterr().err
    assert "The rules are the same: version 2" in told
    assert "Version 2 of the calendar is in force" in told
    assert run("diff", "--calendars", "1", "2", *OURS) == 0
    assert "Office hours: 09:00–12:00, 13:30–17:30 → 08:30–12:00, 13:30–17:30" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("diff",), "two versions with --versions"),
        (("diff", "yunjiang", "--versions", "1", "1"), "two versions with --versions"),
        (("diff", "--versions", "1", "2"), "Name the authority by its code: 990000 990100"),
        (("diff", "--versions", "1", "7", *OURS), "no version 7 of the rules"),
        (("diff", "--calendars", "1", "7", *OURS), "no version 7 of the calendar"),
        (("diff", "yunjiang", "--against", "7"), "no version 7 of the rules"),
        (("activate", "999999", "1", "--yes"), "990100"),
        (("activate", "990100", "7", "--yes"), "no version 7 of the rules"),
        (("activate", "990100", "1", "--yes"), "active already"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    run: Run, capsys: Output, arguments: tuple[str, ...], words: str
) -> None:
    assert run(*arguments) == 1
    told = capsys.readouterr().err
    assert words in told
    assert "Something is wrong in the program" not in told


def test_publishing_makes_a_draft_and_says_the_next_step(
    run: Run, world: World, workshop: Workshop, capsys: Output
) -> None:
    shorten(workshop)
    assert run("publish", "yunjiang") == 0
    told = capsys.readouterr().err
    assert "Published the rules as a draft: version 2" in told
    assert "hotline policy activate 990100 2" in told
    assert queries.current(world.authority_id, world.at).version == 1
    assert run("publish", "yunjiang") == 0
    assert "The rules are the same: version 2" in capsys.readouterr().err


def test_a_city_that_is_not_on_the_platform_is_not_published(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr(packs, "CITIES", SHIPPED)
    assert run("publish", "changde") == 1
    assert "not on this platform" in capsys.readouterr().err


def test_activating_shows_what_changes_and_for_how_many(
    run: Run, world: World, workshop: Workshop, capsys: Output
) -> None:
    world.take(kind="complaint", matter_code="1601001")
    world.walk()
    published(world, workshop, days=2)
    assert run("activate", "990100", "2", "--yes") == 0
    told = capsys.readouterr()
    assert "15 working days → 2 working days" in told.out
    assert "Orders not dispatched yet: 1. For 0 another unit would be suggested, for 1 a limit would change" in told.out
    assert "Version 2 is active" in told.err
    assert queries.current(world.authority_id, world.at).version == 2
    event = ledger.timeline(Stream("policy", world.authority_id), kinds=["policy.activated"])[-1]
    assert event.actor.kind == "system"


def test_without_a_terminal_nothing_is_activated_unasked(
    run: Run, world: World, workshop: Workshop, capsys: Output
) -> None:
    published(world, workshop)
    assert run("activate", "990100", "2") == 1
    assert "--yes" in capsys.readouterr().err
    assert queries.current(world.authority_id, world.at).version == 1


@pytest.mark.parametrize(("answer", "code", "version"), [("y", 0, 2), ("", 1, 1), ("no", 1, 1)])
def test_a_person_is_asked(
    run: Run,
    world: World,
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
    version: int,
) -> None:
    published(world, workshop)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)  # type: ignore[func-returns-value]
    assert run("activate", "990100", "2") == code
    assert "Activate version 2?" in asked[0]
    assert queries.current(world.authority_id, world.at).version == version


def test_a_waiting_version_that_is_taken_back_is_named_before(
    run: Run, world: World, workshop: Workshop, capsys: Output
) -> None:
    workshop.swap("yunjiang/city.toml", "valid_from = 2026-01-01", "valid_from = 2026-12-01")
    ahead = published(world, workshop)
    publishing.activate(version_id=ahead, at=world.at, actor=SYSTEM)
    capsys.readouterr()
    assert run("list") == 0
    listed = capsys.readouterr().out
    assert "version 2  waiting  from 2026-12-01" in listed
    assert "version 1  in force  from 2026-01-01" in listed
    assert "calendar, version 1  in force  2026-11-20" in listed
    assert run("activate", "990100", "1", "--yes") == 0
    told = capsys.readouterr().out
    assert "Version 2, which was to hold from 2026-12-01 on, becomes a draft again" in told
    assert run("list", "--authority", "990100") == 0
    assert "version 2  draft" in capsys.readouterr().out


def test_the_command_of_a_shell_checks_without_a_database(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    done = subprocess.run(
        [sys.executable, "-m", "hotline", "policy", "check", "yunjiang"],
        env={**kept, "LC_ALL": "en_US.UTF-8", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
             "HOTLINE_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "is sound" in done.stdout
