"""The house as text: its modules, who imports whom, on which floor a room stands. Read once, imported never."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hotline"
FACES = frozenset({"desk", "channels", "ui"})
ROOF = frozenset({"cli", "demo", "walk", "config"})
# Furniture that may know the framework; every other module of a room below the faces is pure thinking.
FURNITURE = frozenset({"models", "services", "queries", "migrations", "management", "templatetags", "apps", "tasks"})


@dataclass(frozen=True)
class Module:
    """One Python file: `name` is dotted ("hotline.ledger.services"), `text` its source.

    `offered`: where services have outgrown one file, the names that their folder offers to other rooms.
    """

    name: str
    text: str
    path: str = ""
    offered: frozenset[str] | None = None

    @property
    def room(self) -> str:
        """The room it belongs to; "" for the package itself."""
        return [*self.name.split("."), ""][1]

    @property
    def part(self) -> str:
        """The first name below the room: "services" for hotline.ledger.services.chains; "" for the room itself."""
        return [*self.name.split("."), "", ""][2]

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return _parsed(self.text)

    @property
    def is_package(self) -> bool:
        """Is it an `__init__`?"""
        return self.path.endswith("__init__.py")

    def at(self, node: ast.AST) -> str:
        """Where in the repository a node stands: "path:line"."""
        return f"{self.path or self.name}:{getattr(node, 'lineno', 1)}"


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the house."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(ROOT)
        if "node_modules" in inside.parts or "__pycache__" in inside.parts:
            continue
        names = inside.with_suffix("").parts
        name = ".".join(names[:-1] if names[-1] == "__init__" else names)
        found.append(Module(name, path.read_text(encoding="utf-8"), inside.as_posix(), _offered(path)))
    return tuple(found)


def _offered(path: Path) -> frozenset[str] | None:
    folder = path.parent / "__init__.py"
    if path.parent.name != "services" or path == folder:
        return None
    tree = _parsed(folder.read_text(encoding="utf-8"))
    return frozenset(alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names)


@cache
def floors() -> dict[str, int]:
    """Height of every room, 0 the lowest; rooms side by side share one. Read from the import-linter contract."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = document["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {
        room.strip("() "): height for height, layer in enumerate(reversed(layers)) for room in re.split(r"[|:]", layer)
    }


def rooms() -> list[str]:
    """The rooms, top first."""
    return sorted(floors(), key=lambda room: (-floors()[room], room))


def below_the_faces() -> Iterator[Module]:
    """Modules that may not read the clock, the request or the settings' mood."""
    return (module for module in modules() if module.room and module.room not in FACES | ROOF)


def climbs(room: str, other: str) -> bool:
    """Would `room` reach up, or sideways, if it named `other`?"""
    heights = floors()
    return room != other and room in heights and other in heights and heights[other] >= heights[room]


def imports(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """What a module imports, dotted and absolute; for `from a import b` both a and a.b are given as "a.b"."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from ((node, f"{base}.{alias.name}") for alias in node.names)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def room_of(dotted: str) -> str:
    """The room a dotted name lies in; "" when it is not of the house."""
    names = dotted.split(".")
    return names[1] if len(names) > 1 and names[0] == "hotline" and names[1] in floors() else ""


def calls(node: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call below a node, with the dotted name that is called ("" when it is not a name)."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call):
            yield found, dotted_name(found.func)


def dotted_name(node: ast.AST) -> str:
    """a.b.c as text; "" for anything but names and attributes."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted_name(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods, nested ones too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def templates() -> dict[str, tuple[str, str]]:
    """Template name → (room that owns it, its text)."""
    found = {}
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.is_file() and "node_modules" not in path.parts:
            inside = path.relative_to(PACKAGE).parts
            name = "/".join(inside[inside.index("templates") + 1 :])
            found[name] = (inside[0], path.read_text(encoding="utf-8"))
    return found
