"""Everything that packs and policies say can be said in English, with the same params."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOMS = ("packs", "policy", "clocks", "knowledge")
HOTLINE = Path(__file__).parent.parent.parent / "hotline"
_PARAM = re.compile(r"%\((\w+)\)s|\{(\w+)")


def marked() -> list[str]:
    """Every text that is marked for translation in these rooms."""
    found = []
    for path in sorted(path for room in ROOMS for path in (HOTLINE / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                assert isinstance(node.args[0], ast.Constant)
                found.append(str(node.args[0].value))
    return found


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    with (HOTLINE / "policy" / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_every_text_has_its_english_and_none_is_left_over(english: dict[str, str]) -> None:
    texts = set(marked())
    assert texts - {text for text, words in english.items() if words} == set()
    assert english.keys() - texts == set()


def test_the_params_are_the_same(english: dict[str, str]) -> None:
    different = [text for text, words in english.items() if set(_PARAM.findall(text)) != set(_PARAM.findall(words))]
    assert different == []


def test_nothing_is_shouted(english: dict[str, str]) -> None:
    assert [text for pair in english.items() for text in pair if "!" in text or "！" in text] == []
