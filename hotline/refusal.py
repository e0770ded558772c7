"""The one way this house says no.

A service that cannot do what it is asked raises `Refused` with *every* reason it found, each with a stable code,
words for the person (Simplified Chinese source text, translated by the face) and, where there is one, the field
that the person can mend. Nothing below the faces translates, so this module knows no web framework.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import NoReturn


def N_(text: str) -> str:
    """Mark `text` for translation and return it unchanged; the face translates it later."""
    return text


@dataclasses.dataclass(frozen=True)
class Reason:
    """One reason: `code` for programs, `text` (a msgid with `%(name)s` params) for people."""

    code: str
    text: str
    field: str | None = None
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def words(self) -> str:
        """The reason in the source language, params filled in."""
        return self.text % self.params if self.params else self.text


class Refused(Exception):
    """What was asked is not done, and nothing was changed; `status` is the HTTP status a face answers with."""

    def __init__(self, *reasons: Reason, status: int = 422) -> None:
        if not reasons:
            raise ValueError("a refusal needs a reason")
        self.reasons = reasons
        self.status = status
        super().__init__("; ".join(f"{reason.code}: {reason.words()}" for reason in reasons))


def refuse(code: str, text: str, *, field: str | None = None, status: int = 422, **params: object) -> NoReturn:
    """Raise `Refused` for a single reason."""
    raise Refused(Reason(code, text, field, params), status=status)


class Reasons:
    """Collects reasons, so that a person hears all of them at once."""

    def __init__(self) -> None:
        self._found: list[Reason] = []

    def add(self, code: str, text: str, field: str | None = None, **params: object) -> None:
        """Note one more reason."""
        self._found.append(Reason(code, text, field, params))

    def extend(self, more: tuple[Reason, ...]) -> None:
        """Note the reasons that another check found."""
        self._found.extend(more)

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self, status: int = 422) -> None:
        """Raise `Refused` when at least one reason was noted."""
        if self._found:
            raise Refused(*self._found, status=status)
