"""The rules of the furniture, each a pure function: one module in, the places that break the rule out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.house import FACES, FURNITURE, ROOF, Module, calls, dotted_name, functions, imports, room_of

FILE_LINES, FUNCTION_LINES = 300, 40
FRAMEWORKS = ("django", "psycopg", "procrastinate", "ninja")
CLOCKS = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "timezone.now",
        "timezone.localdate",
        "timezone.localtime",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "functions.Now",
        "functions.datetime.Now",
    }
)
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")
WRITES = frozenset({"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete"})
HIDING = frozenset({"save", "delete", "save_base", "clean"})
VAGUE = frozenset({"util", "utils", "common", "helper", "helpers", "misc", "manager", "managers", "tools", "stuff"})
# Services that write nothing at a moment of their own, so that a moment would be a lie.
TIMELESS = {
    "hotline.vault.services.blind_index": "a pure function of the value and the master key",
    "hotline.vault.services.commitment": "a pure function of the text and the key",
    "hotline.ledger.services.done": "deletes what was done; the event already has its moment",
    "hotline.ledger.services.verify": "reads, and looks at the same chain whenever it is asked",
    "hotline.files.services.read": "gives the bytes as they are",
}
# Modules that touch the framework for one narrow reason.
EXCUSED = {"hotline.vault.master": "reads the master key from the settings, and nothing else"}


def is_pure(module: Module) -> bool:
    """Is this a module that may only think? (Every <noun>.py below the faces, and the stones.)"""
    if not module.room or module.room in FACES | ROOF or module.name in EXCUSED:
        return False
    return module.room in {"packs", "refusal"} or (bool(module.part) and module.part not in FURNITURE)


def impure(module: Module) -> list[str]:
    """Pure modules import no framework and no furniture of any room."""
    if not is_pure(module):
        return []
    found = []
    for node, name in imports(module):
        furniture = room_of(name) and len(name.split(".")) > 2 and name.split(".")[2] in FURNITURE
        if name.split(".")[0] in FRAMEWORKS or furniture:
            found.append(f"{module.at(node)} imports {name}")
    return found


def reads_the_clock(module: Module) -> list[str]:
    """Nobody below the faces asks what time it is: no now(), no auto_now, not even as a default."""
    if module.room in FACES | ROOF or not module.room:
        return []
    found = [
        f"{module.at(node)} imports {name}"
        for node, name in imports(module)
        if ".".join(name.split(".")[-2:]) in CLOCKS
    ]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ".".join(dotted_name(node).split(".")[-2:]) in CLOCKS:
            found.append(f"{module.at(node)} uses {dotted_name(node)}")
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            found.append(f"{module.at(node.value)} sets {node.arg}")
    return found


def hides_work(module: Module) -> list[str]:
    """No signals, and a model's save() or delete() does nothing but refuse."""
    found = [f"{module.at(node)} imports {name}" for node, name in imports(module) if name.startswith(SIGNALS)]
    for kind in (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)):
        for method in kind.body:
            hiding = isinstance(method, ast.FunctionDef) and method.name in HIDING and not _only_refuses(method)
            if module.part == "models" and hiding:
                found.append(f"{module.at(method)} {kind.name} does its own work when saved or deleted")
    return found


def _only_refuses(method: ast.FunctionDef) -> bool:
    rest = method.body[1:] if ast.get_docstring(method) is not None else method.body
    return len(rest) == 1 and isinstance(rest[0], ast.Raise)


def loose_services(module: Module) -> list[str]:
    """Public services are keyword-only and take `at: datetime`."""
    if module.part != "services" or module.room in FACES | ROOF:
        return []
    found = []
    for node in public_functions(module):
        given = node.args
        if f"hotline.{module.room}.services.{node.name}" in TIMELESS:
            continue
        if module.offered is not None and node.name not in module.offered:
            continue
        if given.posonlyargs or given.args:
            found.append(f"{module.at(node)} {node.name}() takes positional arguments")
        if not any(arg.arg == "at" and _is_moment(arg.annotation) for arg in given.kwonlyargs):
            found.append(f"{module.at(node)} {node.name}() does not take at: datetime")
    return found


def _is_moment(annotation: ast.expr | None) -> bool:
    return annotation is not None and dotted_name(annotation).split(".")[-1] == "datetime"


def writes_elsewhere(module: Module) -> list[str]:
    """A room writes only its own tables."""
    foreign = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}".split(".")
                if room_of(".".join(whole)) not in {"", module.room} and "models" in whole:
                    foreign[alias.asname or alias.name] = ".".join(whole)
    found = []
    for call, _ in calls(module.tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES:
            origin = _root_of(call.func)
            if origin in foreign:
                found.append(f"{module.at(call)} writes {foreign[origin]}")
    return found


def thawed(module: Module) -> list[str]:
    """What services and queries hand out is frozen: nobody changes an answer and believes it was written."""
    if module.part not in {"services", "queries"} or module.room in FACES | ROOF:
        return []
    found = []
    for kind in (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)):
        for mark in kind.decorator_list:
            call = mark if isinstance(mark, ast.Call) else None
            if dotted_name(call.func if call else mark).split(".")[-1] == "dataclass":
                frozen = call is not None and any(word.arg == "frozen" for word in call.keywords)
                found += [] if frozen or kind.name.startswith("_") else [f"{module.at(kind)} {kind.name} is not frozen"]
    return found


def _root_of(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def too_big(module: Module) -> list[str]:
    """A file has at most 300 lines, a function at most 40. Migrations and the law's table are exempt."""
    if module.part == "migrations" or module.name == "hotline.workorder.lifecycle":
        return []
    lines = module.text.count("\n") + 1
    found = [f"{module.path}: {lines - 1} lines"] if lines - 1 > FILE_LINES else []
    for function in functions(module):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            found.append(f"{module.at(function)} {function.name}(): {length} lines")
    return found


def vaguely_named(module: Module) -> list[str]:
    """Names are words of the trade: no utils, common, helpers, Manager."""
    found = [f"{module.path}: {name}" for name in module.name.split(".") if name in VAGUE]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Helper", "Utils", "Util")):
            demanded = any(dotted_name(base).endswith("UserManager") for base in node.bases)  # by django.contrib.auth
            found += [] if demanded else [f"{module.at(node)} class {node.name}"]
    return found


def undocumented(module: Module) -> list[str]:
    """Modules, and public functions below the faces, say what they are for."""
    if module.room in ROOF | FACES or module.part in {"migrations", ""} or ast.get_docstring(module.tree) is None:
        missing = ast.get_docstring(module.tree) is None and module.part != "migrations" and bool(module.text.strip())
        return [f"{module.path}: no docstring"] if missing else []
    return [
        f"{module.at(node)} {node.name} has no docstring"
        for node in public_functions(module)
        if ast.get_docstring(node) is None
    ]


def public_functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions at the top of a module that others may call."""
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def room_without_purpose(module: Module) -> list[str]:
    """A room's `__init__` is one docstring and nothing else."""
    # packs and the roof's files are one module each, and may have grown into a folder.
    if not module.is_package or module.part or module.room in {"", "packs", *ROOF}:
        return []
    if ast.get_docstring(module.tree) is None:
        return [f"{module.path}: does not say what the room is for"]
    return [f"{module.at(node)} code in a room's __init__" for node in module.tree.body[1:]]


def face_touches_models(module: Module) -> list[str]:
    """Faces read through queries: they import no room's models, not even by way of the app registry."""
    if module.room not in FACES:
        return []
    found = [
        f"{module.at(node)} imports {name}"
        for node, name in imports(module)
        if room_of(name) not in {"", module.room} and "models" in name.split(".")
    ]
    return found + [f"{module.at(call)} get_model" for call, name in calls(module.tree) if name.endswith("get_model")]


def insight_oversteps(module: Module) -> list[str]:
    """Insight uses other rooms' queries, pure nouns, and `ledger.services.append`; nothing else."""
    if module.room != "insight":
        return []
    found = []
    for node, name in imports(module):
        names = name.split(".")
        if room_of(name) in {"", "insight"} or len(names) < 3 or names[2] not in FURNITURE - {"queries"}:
            continue
        if name not in {"hotline.ledger.services", "hotline.ledger.services.append"}:
            found.append(f"{module.at(node)} imports {name}")
    for call, name in calls(module.tree):
        if name.startswith("ledger.services.") and name != "ledger.services.append":
            found.append(f"{module.at(call)} calls {name}")
    return found
