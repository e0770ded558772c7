"""Texts for people: what the code and the templates say, and what the English catalogs know.

`python -m tests.architecture.words ROOM` prints the entries that a room's English catalog still lacks.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.house import PACKAGE, Module, calls, modules, templates

CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s|{(\w+)}")
MARKERS = {"_": 1, "N_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
# Where the house refuses: the argument that is the text, by place or by name.
REFUSALS = {"refuse": 1, "Reason": 1}
_TEMPLATE_CALL = re.compile(
    r"(?<!\w)(?:_|n?p?gettext)\(((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*)\)", re.DOTALL
)
_TRANSLATED = re.compile(
    r"{%-?\s*comment.*?endcomment\s*-?%}|{#.*?#}|<!--.*?-->"
    r"|{%-?\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*-?%}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
# Names of languages are written in their own language.
OWN_NAMES = re.compile(r"简体中文|中文")


@dataclass(frozen=True)
class Said:
    """A text that people will read, and where it stands."""

    text: str
    where: str
    room: str = ""
    plural: str = ""


def all_said() -> list[Said]:
    """Everything that is said, in code and templates."""
    found = [said for module in modules() for said in said_in_code(module)]
    for name, (room, text) in templates().items():
        found += said_in_template(name, text, room)
    return found


def said_in_code(module: Module) -> Iterator[Said]:
    """Chinese texts that a module marks for translation or refuses with."""
    for call, name in calls(module.tree):
        last = name.split(".")[-1]
        first = 0
        count = MARKERS.get(last, 0)
        if last in REFUSALS or (last == "add" and _is_reason(call)):
            first, count = 1, 1
        yield from _chinese(call.args[first : first + count], module.at(call), module.room)


def _is_reason(call: ast.Call) -> bool:
    """`reasons.add("code", "text")`: two leading constants, where a set's add() has one."""
    return len(call.args) > 1 and all(isinstance(argument, ast.Constant) for argument in call.args[:2])


def unmarkable(module: Module) -> list[str]:
    """Marked texts that no catalog can hold: f-strings, sums, variables given to N_()."""
    found = []
    for call, name in calls(module.tree):
        wrong = call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
        if name.split(".")[-1] in MARKERS and wrong:
            found.append(f"{module.at(call)} {name}() of a text put together at run time")
        if name == "N_" and not (call.args and isinstance(call.args[0], ast.Constant)):
            found.append(f"{module.at(call)} N_() marks something that is not a plain text")
    return found


def said_in_template(name: str, text: str, room: str = "") -> Iterator[Said]:
    """Chinese texts that a template marks for translation."""
    for inside in _TEMPLATE_CALL.findall(templatize(text, origin=name)):
        call = ast.parse(f"f({inside.strip()})", mode="eval").body
        yield from _chinese(call.args if isinstance(call, ast.Call) else [], name, room)


def _chinese(arguments: list[ast.expr], where: str, room: str) -> Iterator[Said]:
    """The plain texts among the arguments; the second of two is the plural of the first."""
    plain = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
    texts = [text for text in plain if isinstance(text, str) and CHINESE.search(text)]
    for text in texts[:2]:
        yield Said(text, where, room, texts[1] if len(texts) > 1 and text == texts[0] else "")


def unmarked(name: str, text: str) -> list[str]:
    """Chinese that a template shows without a way to translate it."""
    bare = _TRANSLATED.sub(lambda match: "\n" * match.group().count("\n"), text)
    found = []
    for number, line in enumerate(bare.splitlines(), 1):
        if CHINESE.search(OWN_NAMES.sub("", line)):
            found.append(f"{name}:{number} {line.strip()[:60]}")
    return found


def catalogs(package: Path = PACKAGE) -> dict[str, Any]:
    """Room → its English catalog."""
    found = {}
    for path in sorted(package.glob("*/locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            found[path.relative_to(package).parts[0]] = read_po(file, locale="en", ignore_obsolete=False)
    return found


def faults(room: str, catalog: Any, used: set[str]) -> list[str]:
    """What is wrong in one catalog: untranslated, fuzzy, stale, parameters lost."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        said = str(texts[0])[:40]
        if not all(strings):
            found.append(f"{room}: no English for {said!r}")
        elif message.fuzzy:
            found.append(f"{room}: fuzzy {said!r}")
        elif _parameters(texts) != _parameters(strings):
            found.append(f"{room}: other parameters in the English of {said!r}")
        if not any(text in used for text in texts):
            found.append(f"{room}: nothing says {said!r} any more")
    return found + [f"{room}: obsolete entry {str(key)[:40]!r}" for key in catalog.obsolete]


def _parameters(texts: tuple[str, ...]) -> set[str]:
    return {"".join(found) for text in texts for found in PLACEHOLDER.findall(text)}


def known(found: dict[str, Any]) -> set[str]:
    """Every text that some catalog has English for."""
    texts: set[str] = set()
    for catalog in found.values():
        for message in catalog:
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and all(strings):
                texts.update(message.id if isinstance(message.id, tuple) else (message.id,))
    return texts


def lacking(room: str) -> Iterator[str]:
    """Entries for a room's catalog that no catalog has, as they stand in a .po file."""
    english = known(catalogs())
    wanted = {said.text: said for said in reversed(all_said()) if said.room == room and said.text not in english}
    plurals = {said.plural for said in wanted.values()}
    for text, said in sorted(wanted.items(), key=lambda pair: pair[1].where):
        if text in plurals:
            continue
        yield f"#: {said.where}"
        yield f"msgid {_quoted(text)}"
        if said.plural:
            yield f'msgid_plural {_quoted(said.plural)}\nmsgstr[0] ""\nmsgstr[1] ""\n'
        else:
            yield 'msgstr ""\n'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    print("\n".join(line for room in sys.argv[1:] for line in lacking(room)))
