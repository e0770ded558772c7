"""What people wrote can be forgotten everywhere, and what follows by itself is really followed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from django.apps import apps

from hotline.workorder.lifecycle import PAST
from tests.architecture.house import PACKAGE, Module, calls, floors, modules

# Fields that hold something a person wrote or is: sealed bytes, search words.
SEALED = re.compile(r"(^|_)(sealed|body|text|tokens)($|_)")
# Bytes that are no text: keys, indexes, hashes.
NOT_A_TEXT = re.compile(r"(wrapped|index|hash|digest|_key$)")
NO_TEXTS = {
    "intake.Request.name": "a keyed hash",
    "channels.Guess.subject": "a keyed hash",
    "ledger.Event.body": "codes, ids, times, amounts and commitments only; the ledger refuses texts itself",
    "ledger.Anchor.body": "hashes and counts",
}
# Rooms whose texts belong to no resident.
NOBODYS = {
    "channels": "an unfinished form; it goes an hour after the last touch",
    "organisation": "lists of units and of staff on their way in; the file goes when it was read",
    "knowledge": "entries are the city's own words",
}
FORGETTERS = ("forget", "erase")  # how the verbs begin
KIND = re.compile(r"^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$")


def holders() -> dict[str, list[str]]:
    """Room → the fields in which it holds texts or identities."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in floors():
            continue
        for field in model._meta.local_fields:
            kind = field.get_internal_type()
            written = kind in {"BinaryField", "SearchVectorField"} or SEALED.search(field.name)
            name = f"{room}.{model.__name__}.{field.name}"
            if written and not NOT_A_TEXT.search(field.name) and name not in NO_TEXTS:
                found.setdefault(room, []).append(f"{model.__name__}.{field.name}")
    return found


def offered(room: str) -> set[str]:
    """The public names of a room's services."""
    found = set()
    for module in modules():
        if module.room == room and module.part == "services":
            for node in module.tree.body:
                if isinstance(node, ast.FunctionDef):
                    found.add(node.name)
                if isinstance(node, ast.ImportFrom):
                    found |= {alias.asname or alias.name for alias in node.names}
    return found


def unforgetting(held: Iterable[str]) -> list[str]:
    """Rooms that hold texts and cannot forget them."""
    return [room for room in held if not any(name.startswith(FORGETTERS) for name in offered(room))]


def walk_module() -> Module:
    """The map of what follows what."""
    return next(module for module in modules() if module.name == "hotline.walk")


def followed() -> Iterator[str]:
    """The event kinds that `walk.AFTER` reacts to."""
    for node in ast.walk(walk_module().tree):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        table = getattr(node, "value", None)
        if getattr(target, "id", "") == "AFTER" and isinstance(table, ast.Dict):
            yield from (str(key.value) for key in table.keys if isinstance(key, ast.Constant))


def test_every_room_that_holds_texts_can_forget_them() -> None:
    held = holders()
    assert {"residents", "workorder", "contact"} <= set(held), f"only found {held}"
    held["files"] = ["the bytes on disk"]
    poor = [f"{room} holds {held[room]}" for room in unforgetting(held) if room not in NOBODYS]
    assert not poor, "no forget() in services:\n" + "\n".join(poor)


def test_a_room_that_cannot_forget_is_caught() -> None:
    assert unforgetting(["refusal"]) == ["refusal"]


def test_erasing_a_resident_reaches_every_room_that_holds_texts() -> None:
    text = walk_module().text
    assert "resident.erased" in set(followed())
    silent = [
        room
        for room in (*holders(), "files")
        if room not in {"residents", *NOBODYS} and not re.search(rf"\b{room}(\.services|_services)?\.forget\w*", text)
    ]
    assert not silent, f"walk does not fan resident.erased out to: {silent}"


def unsaid(kinds: Iterable[str], texts: str) -> list[str]:
    """Event kinds that no room appends: neither the law's acts nor a kind written out in the code."""
    acts = {f"order.{past}" for past in PAST.values()}
    return [kind for kind in kinds if kind not in acts and f'"{kind}"' not in texts]


def test_whatever_is_followed_is_said_by_somebody() -> None:
    kinds = list(followed())
    assert kinds, "AFTER is empty, or not a plain table any more"
    assert not unsaid(kinds, " ".join(module.text for module in modules() if module.name != "hotline.walk"))
    assert not [kind for kind in kinds if not KIND.match(kind)]
    assert unsaid(["order.dispatched", "order.sign", "resident.erased"], 'kind="resident.erased"') == ["order.sign"]


def test_the_map_holds_names_only() -> None:
    """Business logic hiding in the map is where this house would rot first: it calls services, and knows no models."""
    wrong = [name for call, name in calls(walk_module().tree) if name.endswith(("objects.filter", "get_model"))]
    wrong += re.findall(r"hotline\.\w+\.models", walk_module().text)
    assert not wrong


def test_no_python_in_a_city() -> None:
    assert (PACKAGE / "cities").is_dir()
    assert not list((PACKAGE / "cities").rglob("*.py")), "a city is data"


def test_code_names_no_city() -> None:
    cities = {path.name for path in (PACKAGE / "cities").iterdir() if path.is_dir() and not path.name.startswith("_")}
    named = [
        f"{module.at(node)} {node.value!r}"
        for module in modules()
        if module.room not in {"demo", "cli", "config"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and node.value in cities
    ]
    assert cities
    assert not named, "cities differ by policy, never by an if:\n" + "\n".join(named)
