"""Draws the papers that repeat the code: the law, the rooms, the keys of a city's policy.

`python -m tests.architecture.drawn` writes them, `--check` only compares and says which are old.
"""

from __future__ import annotations

import ast
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.architecture.house import FACES, ROOF, ROOT, floors, imports, modules, room_of, rooms

NOTICE = "<!-- Drawn from the code by `python -m tests.architecture.drawn`; do not edit. -->"


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the drawings below `root`, or with --check compare them; returns 1 when one is old."""
    checking = "--check" in (sys.argv[1:] if arguments is None else arguments)
    old = 0
    for name, draw in DRAWINGS.items():
        path, text = root / name, draw()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        old += 1
        print(f"{'old' if checking else 'drawn'}: {name}")
        if not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if checking and old else 0


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def first_line(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def page(title: str, intro: str, *parts: Iterable[str]) -> str:
    """A whole paper."""
    lines = [f"# {title}", "", NOTICE, "", intro]
    for part in parts:
        lines += ["", *part]
    text = "\n".join(lines) + "\n"
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


# --- the law ---------------------------------------------------------------------------------------------------------


def lifecycle() -> str:
    """docs/lifecycle.md, from the table of the law."""
    from hotline.workorder import guards
    from hotline.workorder import lifecycle as law

    states = table(
        ("state", "中文", "waits in"),
        ((f"`{state.value}`", law.STATE_LABELS[state], law.WAITS_IN.get(state, "—")) for state in law.State),
    )
    actions = table(
        ("action", "中文", "event", "from", "to", "who", "needs", "effects", "may set"),
        (
            (
                f"`{rule.action.value}`",
                law.ACTION_LABELS[rule.action],
                f"order.{law.PAST[rule.action]}",
                ", ".join(state.value for state in rule.origin) or "(new)",
                rule.to.value if rule.to else "(stays)",
                ", ".join(rule.who),
                ", ".join([*_when(rule), *(guard.__name__ for guard in rule.needs)]) or "—",
                _effects(rule),
                ", ".join(rule.may_set) or "—",
            )
            for rule in law.LAW
        ),
    )
    used = dict.fromkeys(guard for rule in law.LAW for guard in rule.needs)
    conditions = table(
        ("guard", "holds when", "asked"),
        [
            *((f"`{guard.__name__}`", first_line(guard), "always") for guard in guards.ALWAYS),
            *((f"`{guard.__name__}`", first_line(guard), "where the law says") for guard in used),
        ],
    )
    return page(
        "The law of the work order 工单流程",
        "Every state, every action, from where, by whom, under which conditions, to what effect. "
        "The source is `hotline/workorder/lifecycle.py`; a change of this page is what a person reviews.",
        _diagram(law),
        ["## States 状态", ""],
        states,
        ["## Actions 动作", ""],
        actions,
        ["## Guards 条件", ""],
        conditions,
    )


def _when(rule: Any) -> list[str]:
    """The condition under which this row is the law and not the next one."""
    return [f"when {rule.when.__name__}"] if rule.when is not None else []


def _effects(rule: Any) -> str:
    said = [f"{effect.verb} {effect.what}" + (f" ({effect.by})" if effect.by else "") for effect in rule.does]
    sets = [f"{name} := {_value(value)}" for name, value in rule.sets.items()]
    return ", ".join(said + sets) or "—"


def _value(value: Any) -> str:
    """A constant of the law, or the name of what it looks up."""
    return str(getattr(value, "name", "—" if value in (None, "") else value))


def _diagram(law: Any) -> Iterator[str]:
    """A Mermaid state diagram; actions that leave the state are in the table only."""
    yield from ("```mermaid", "stateDiagram-v2")
    for state in law.State:
        yield f"    {state.value}: {state.value} {law.STATE_LABELS[state]}"
    joined: dict[tuple[str, str], list[str]] = {}
    for rule in law.LAW:
        for origin in [state.value for state in rule.origin] or ["[*]"]:
            if rule.to is not None:
                joined.setdefault((origin, rule.to.value), []).append(rule.action.value)
    for (origin, target), names in joined.items():
        yield f"    {origin} --> {target}: {', '.join(names)}"
    yield from (f"    {state.value} --> [*]" for state in law.State if state not in law.WAITS_IN)
    yield "```"


# --- the rooms -------------------------------------------------------------------------------------------------------


def rooms_paper() -> str:
    """docs/rooms.md, from docstrings, imports and models."""
    uses, purpose, tables = _uses(), _purposes(), _tables()
    rows = (
        (
            f"`{room}`",
            purpose.get(room, ""),
            ", ".join(sorted(uses[room], key=lambda name: (-floors()[name], name))) or "—",
            ", ".join(f"`{name}`" for name in tables.get(room, ())) or "—",
        )
        for room in rooms()
    )
    shape = (
        f"{len(rooms())} rooms; {len(FACES)} of them are faces or what faces share, {len(ROOF)} are the roof. "
        f"{sum(len(used) for used in uses.values())} of {_possible()} possible ways down are used."
    )
    return page(
        "The rooms",
        "Top floor first. A room imports only from rooms below it; *imports* lists those that it does import. "
        "Where to put something new: [ARCHITECTURE.md](../ARCHITECTURE.md).",
        [shape],
        table(("room", "what for", "imports", "tables"), rows),
    )


def _uses() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {room: set() for room in rooms()}
    for module in modules():
        if module.room in found:
            named = {room_of(name) for _, name in imports(module)}
            found[module.room] |= named - {"", module.room}
    return found


def _possible() -> int:
    heights = floors()
    return sum(heights[low] < heights[high] for high in heights for low in heights)


def _purposes() -> dict[str, str]:
    return {
        module.room: " ".join((ast.get_docstring(module.tree) or "").split("\n\n")[0].split())
        for module in modules()
        if module.room and not module.part
    }


def _tables() -> dict[str, list[str]]:
    from django.apps import apps

    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        found.setdefault(model._meta.app_label, []).append(model._meta.db_table)
    return {label: sorted(names) for label, names in found.items()}


# --- the policy ------------------------------------------------------------------------------------------------------


def policy() -> str:
    """docs/policy.md, from what `hotline.packs` reads, and from the shipped cities."""
    from tests.architecture import policy_paper

    return policy_paper.policy()


DRAWINGS: dict[str, Callable[[], str]] = {
    "docs/lifecycle.md": lifecycle,
    "docs/rooms.md": rooms_paper,
    "docs/policy.md": policy,
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.config.settings")
    import django

    django.setup()
    sys.exit(main())
