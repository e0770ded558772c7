"""A text with the words that a machine relied on: cut into plain and marked pieces. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """The words `[start, end)` of the text are evidence for finding number `number`."""

    start: int
    end: int
    number: int


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `number` is 0 for plain words."""

    text: str
    number: int = 0


def cut(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The text in pieces, in order, nothing lost. Marks outside the text are clipped; of overlapping ones the first
    to start wins."""
    pieces: list[Piece] = []
    at = 0
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        start, end = max(mark.start, at), min(mark.end, len(text))
        if start >= end or mark.start < at:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], mark.number))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces
