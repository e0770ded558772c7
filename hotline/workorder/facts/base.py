"""What facts are made of: the base of all, the fields that a face asks for, and the codes on offer."""

from __future__ import annotations

from dataclasses import MISSING as REQUIRED
from dataclasses import field, fields
from datetime import datetime
from typing import Any, ClassVar

from hotline.packs import Rulebook
from hotline.workorder.choices import Choices, Offer


def ask(label: str, widget: str = "choice", *, choices: Offer = (), default: Any = REQUIRED, hint: str = "") -> Any:
    """A field of facts with the words and the widget a face asks for it with; no default means it must be said.

    `choices` are the codes on offer, or a function of the city's rules that gives them."""
    return field(default=default, metadata={"label": label, "widget": widget, "choices": choices, "hint": hint})


def offered(choices: Offer, rules: Rulebook, english: bool = False) -> Choices:
    """The codes on offer under these rules, with what people call them."""
    return choices(rules, english) if callable(choices) else choices


class Facts:
    """Base of all facts; `action` names the law's action that the class belongs to."""

    action: ClassVar[str]

    def codes(self) -> dict[str, Any]:
        """The facts as the ledger keeps them: moments as ISO text, tuples as lists, unsaid ones left out."""
        told: dict[str, Any] = {}
        for each in fields(self):  # type: ignore[arg-type]
            value = getattr(self, each.name)
            if value is None or value == () or value == "":
                continue
            if isinstance(value, datetime):
                value = value.isoformat()
            told[each.name] = list(value) if isinstance(value, tuple) else value
        return told
