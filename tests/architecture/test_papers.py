"""The papers are there, lead somewhere, and say nothing that belongs to one machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from hotline.config.environment import Environment
from hotline.organisation.roles import Role
from hotline.workorder.lifecycle import ACTION_LABELS
from tests.architecture import drawn
from tests.architecture.house import ROOT

PAPERS = (
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs/adr/README.md",
    "docs/adr/template.md",
    "docs/dependencies.md",
    "docs/glossary.md",
    "docs/lifecycle.md",
    "docs/operating.md",
    "docs/policy.md",
    "docs/privacy.md",
    "docs/rooms.md",
)
SECTIONS = ("## The question", "## The decision", "## What else was weighed", "## What follows")
# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = tuple(
    re.compile("".join(pieces))
    for pieces in (
        ("(?<![\\w.])/", "work/"),
        ("/t", "mp/team"),
        ("/home/", r"\w+/"),
        ("/Users/", r"\w+/"),
        ("registry", r"\.npm"),
        ("npm", "mirror"),
        ("pypi", r"\.(org|tuna|python)"),
        ("python", "hosted"),
        ("--index", "-url https?:"),
        (r"\b(TO", "DO|FIX", r"ME)\b"),
    )
)
NOT_TEXT = frozenset({".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".ttf", ".otf", ".xlsx", ".gz", ".mo"})
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# Filled by whoever makes the screenshots of a release.
PENDING_PICTURES: frozenset[str] = frozenset()


def tracked() -> list[Path]:
    """The files of the repository, new ones included, ignored ones not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def machine_bound(text: str) -> list[str]:
    """Lines that hold a registry's address, a path of somebody's machine, or work left for later."""
    return [line for line in text.splitlines() if any(pattern.search(line) for pattern in FORBIDDEN)]


def dead_links(paper: Path, text: str) -> list[str]:
    """Links to files that are not there."""
    return [
        target
        for target in LINK.findall(text)
        if "://" not in target and not target.startswith("mailto:") and not (paper.parent / target).exists()
    ]


@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_is_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_is_short_and_says_the_two_commands(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.count("\n") <= 120
    assert "make demo" in text
    assert "make test" in text


def test_links_lead_somewhere() -> None:
    dead = []
    for path in tracked():
        if path.suffix == ".md":
            found = dead_links(path, path.read_text(encoding="utf-8"))
            dead += [f"{path.relative_to(ROOT)} → {target}" for target in found if target not in PENDING_PICTURES]
    assert not dead, "\n".join(dead)


def test_nothing_is_bound_to_a_machine() -> None:
    found = []
    for path in tracked():
        if path.suffix not in NOT_TEXT:
            lines = machine_bound(path.read_text(encoding="utf-8", errors="replace"))
            found += [f"{path.relative_to(ROOT)}: {line.strip()[:100]}" for line in lines]
    assert not found, "\n".join(found)


def test_machine_bound_lines_are_caught() -> None:
    assert machine_bound("see /" + "work/x") and machine_bound("https://registry." + "npmjs.org/x")  # noqa: PT018
    assert not machine_bound("a net/" + "work/order, /api/v1/docs, the clerk's todo list")


def test_dead_links_are_caught(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("x")
    text = "[a](b.md) [b](c.md) [c](https://example.org) [d](b.md#part)"
    assert dead_links(tmp_path / "a.md", text) == ["c.md"]


def test_decisions_are_numbered_listed_and_whole() -> None:
    folder = ROOT / "docs/adr"
    pages = sorted(path for path in folder.glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in pages] == list(range(1, len(pages) + 1))
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert path.name in listed, f"{path.name} is not in the list of decisions"
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        missing = [section for section in SECTIONS if section not in text]
        assert not missing, f"{path.name} lacks {missing}"


def test_every_dependency_has_its_reason() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *document["dependencies"],
        *(line for extra in document["optional-dependencies"].values() for line in extra),
    ]
    names = {re.split(r"[\[<>=~! ;]", line)[0].lower() for line in wanted}
    table = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    told = {name.lower() for name in re.findall(r"^\| ([\w.-]+) \|", table, re.MULTILINE)} - {"library"}
    assert not sorted(names - told), "say in docs/dependencies.md what these are for"
    assert not sorted(told - names), "no longer a dependency"


def test_the_glossary_knows_the_words_of_the_law() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    missing = [label for label in ACTION_LABELS.values() if label not in glossary]
    missing += [role.value for role in Role if f"`{role.value}`" not in glossary]
    assert not missing, f"docs/glossary.md lacks {missing}"


def test_every_setting_is_explained() -> None:
    table = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert told == {field.alias for field in Environment.model_fields.values()}


def test_the_changelog_names_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(drawn.DRAWINGS))
def test_the_drawing_equals_the_code(name: str) -> None:
    there = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).exists() else ""
    assert there == drawn.DRAWINGS[name](), f"{name} is old: python -m tests.architecture.drawn"


def test_an_old_drawing_is_caught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drawn.main(["--check"], root=tmp_path) == 1
    assert "docs/rooms.md" in capsys.readouterr().out
    assert drawn.main([], root=tmp_path) == 0
    assert drawn.main(["--check"], root=tmp_path) == 0
    (tmp_path / "docs/rooms.md").write_text("old", encoding="utf-8")
    assert drawn.main(["--check"], root=tmp_path) == 1
