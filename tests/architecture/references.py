"""What a linter cannot see: rooms named in strings and templates. Pure functions over modules and templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from tests.architecture.house import Module, calls, climbs, floors, room_of

_MODEL = re.compile(r"^([a-z_]+)\.([A-Z][A-Za-z]+)$")
_DOTTED = re.compile(r"^hotline(\.[a-z_]+)+(\.[A-Za-z_]+)?$")
_PAGE = re.compile(r"^[\w/-]+\.(html|txt|xml|svg)$")
_ADDRESS = re.compile(r"^([a-z_]+):[a-z][\w-]*$")
_EXTENDS = re.compile(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
_LINKS = re.compile(r"{%-?\s*url\s+[\"']([a-z_]+):")
_LOADS = re.compile(r"{%-?\s*load\s+([^%]*?)-?%}")
LINKERS = frozenset({"reverse", "reverse_lazy", "redirect", "resolve_url", "path_to"})

Named = Iterator[tuple[str, str, str]]  # (where, what is said, the room that it names)


def by_string(module: Module, pages: Mapping[str, tuple[str, str]], namespaces: Mapping[str, str]) -> Named:
    """Rooms that a module names in strings: models, dotted paths, templates, addresses, migrations."""
    documented = {id(node) for node in _docstrings(module.tree)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            room = _room_in(node.value, pages)
            if room:
                yield module.at(node), node.value, room
    for call, name in calls(module.tree):
        first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if isinstance(first, str) and name.split(".")[-1] == "get_model" and first in floors():
            yield module.at(call), f"get_model({first!r})", first
        if isinstance(first, str) and name.split(".")[-1] in LINKERS and _ADDRESS.match(first):
            yield module.at(call), first, namespaces.get(first.split(":")[0], "")
    if module.part == "migrations":
        yield from _dependencies(module)


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _room_in(text: str, pages: Mapping[str, tuple[str, str]]) -> str:
    model = _MODEL.match(text)
    if model and model[1] in floors():
        return model[1]
    if _DOTTED.match(text):
        return room_of(text)
    return pages[text][0] if _PAGE.match(text) and text in pages else ""


def _dependencies(module: Module) -> Named:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "dependencies" for target in node.targets):
            for pair in ast.walk(node.value):
                if isinstance(pair, ast.Tuple) and pair.elts and isinstance(pair.elts[0], ast.Constant):
                    label = str(pair.elts[0].value)
                    if label in floors():
                        yield module.at(pair), f"depends on {label}", label


def missing_pages(module: Module, pages: Mapping[str, tuple[str, str]], known_rooms: frozenset[str]) -> list[str]:
    """Templates that a module names and that are not there."""
    return [
        f"{module.at(node)} {node.value}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _PAGE.match(node.value)
        and node.value.endswith(".html")
        and node.value.split("/")[0] in known_rooms
        and node.value not in pages
    ]


def in_template(
    name: str, text: str, pages: Mapping[str, tuple[str, str]], namespaces: Mapping[str, str], tags: Mapping[str, str]
) -> Named:
    """Rooms that a template names: what it includes or extends, the addresses it links to, the tags it loads."""
    for other in _EXTENDS.findall(text):
        yield name, other, pages.get(other, ("", ""))[0]
    for namespace in _LINKS.findall(text):
        yield name, f"url {namespace}:", namespaces.get(namespace, "")
    for loaded in _LOADS.findall(text):
        for library in loaded.split(" from ")[-1].split():
            yield name, f"load {library}", tags.get(library, "")


def upward(room: str, named: Named) -> list[str]:
    """Of what a room names, what does not lie below it."""
    return [f"{where} ({room}) names {said!r} of {other}" for where, said, other in named if climbs(room, other)]
