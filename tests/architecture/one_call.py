"""A face makes one writing call: the most that a function of a face can make on one path through it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tests.architecture.house import Module, dotted_name, functions, room_of
from tests.architecture.rules import TIMELESS

# Doors that work through batches (claim, deliver, mark; read a row, take it down), not through one request.
BATCHES = frozenset({"history", "file"})


def several_writing_calls(module: Module) -> list[str]:
    """A view translates, makes one writing call, and shows."""
    if module.room not in {"desk", "channels"} or module.part in BATCHES | {"management", "migrations", "models"}:
        return []
    names = _writers(module)
    found = []
    for function in functions(module):
        most = _most(function.body, names)
        if most > 1:
            found.append(f"{module.at(function)} {function.name}(): up to {most} writing calls")
    return found


def _writers(module: Module) -> dict[str, str]:
    """Local name → the services module or service of another room that it stands for."""
    found = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if room_of(whole) not in {"", module.room, "ui"} and "services" in whole.split("."):
                    found[alias.asname or alias.name] = whole
    return found


def _count(node: ast.AST, names: dict[str, str]) -> int:
    """Writing calls in an expression or a simple statement."""
    total = 0
    for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
        first, _, rest = dotted_name(call.func).partition(".")
        whole = names.get(first, "") + (f".{rest}" if rest else "")
        if first in names and whole not in TIMELESS and whole.split(".")[-1] != "services":
            total += 1
    return total


def _most(body: Sequence[ast.stmt], names: dict[str, str]) -> int:
    """The most writing calls on any way through these statements; loops count once."""
    total = 0
    for place, statement in enumerate(body):
        if isinstance(statement, ast.If):
            rest = _most(body[place + 1 :], names)
            ways = [
                _most(way, names) + (0 if way and _leaves(way) else rest) for way in (statement.body, statement.orelse)
            ]
            return total + _count(statement.test, names) + max(ways)
        total += _within(statement, names)
        if _leaves([statement]):
            break
    return total


def _within(statement: ast.stmt, names: dict[str, str]) -> int:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return 0
    if isinstance(statement, ast.Try):
        refused = [_most(handler.body, names) for handler in statement.handlers]  # what was tried was undone
        tried = _most([*statement.body, *statement.orelse], names)
        return max([tried, *refused]) + _most(statement.finalbody, names)
    if isinstance(statement, ast.Match):
        return max(_most(case.body, names) for case in statement.cases)
    if isinstance(statement, ast.For | ast.While | ast.With):
        return _most(statement.body, names)
    return _count(statement, names)


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)
