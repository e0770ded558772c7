"""What is wrong with a city's files, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _as_written(text: str) -> str:
    return text


@dataclass(frozen=True)
class PackFault:
    """One fault: `file` is relative to the folder of cities, `line` counts from 1 (0: the whole file).

    `what` and `remedy` are msgids with `%(name)s` params, so that a face can translate them.
    """

    file: str
    line: int
    what: str
    remedy: str
    params: Mapping[str, object] = field(default_factory=dict)

    def words(self, translate: Callable[[str], str] = _as_written) -> str:
        """The fault on one line, `file:line: what remedy`, through a translator such as gettext."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {translate(self.what) % self.params} {translate(self.remedy) % self.params}"


class PackError(Exception):
    """A city's files cannot be used; `faults` holds everything that was found, in order of file and line."""

    def __init__(self, faults: tuple[PackFault, ...]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))
        super().__init__("\n".join(fault.words() for fault in self.faults))


@dataclass(frozen=True)
class Place:
    """Where something stands in a city's files."""

    file: str
    line: int


class Faults:
    """Collects faults, so that a city hears all of them at once."""

    def __init__(self) -> None:
        self.found: list[PackFault] = []

    def add(self, place: Place, what: str, remedy: str, **params: object) -> None:
        """Note one more fault."""
        self.found.append(PackFault(place.file, place.line, what, remedy, params))

    def raise_if_any(self) -> None:
        """Raise `PackError` when at least one fault was noted."""
        if self.found:
            # A file that two layers share is read for both of them.
            once = {(fault.file, fault.line, fault.words()): fault for fault in self.found}
            raise PackError(tuple(once.values()))
