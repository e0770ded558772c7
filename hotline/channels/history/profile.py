"""Profiles: which column of a source means what. Data files, so that a city adds its own without programming."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.refusal import N_, refuse

PROFILES_DIR = Path(__file__).resolve().parent / "profiles"
FIELDS = frozenset(
    {"source_ref", "title", "text", "name", "phone", "kind", "place", "area_code", "matter_code", "own_at", "secret"}
)
SENDER_PREFIX = "import-"
CONSTANTS = frozenset({"channel", "line", "kind", "anonymous", "secret", "language"})


class ProfileFault(ValueError):
    """A profile file that cannot be used; the message names the file and what to change."""


@dataclass(frozen=True)
class Profile:
    """`fields`: form field → column. `values`: form field → (word in the source → our code)."""

    name: str
    title: str
    fields: Mapping[str, str]
    ignored: frozenset[str]
    constants: Mapping[str, str | bool]
    values: Mapping[str, Mapping[str, str]]
    formats: tuple[str, ...]
    zone: ZoneInfo

    @property
    def sender(self) -> str:
        """As whom intake and the ledger know rows of this profile."""
        return f"{SENDER_PREFIX}{self.name}"

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the profile knows, used or not."""
        return frozenset(self.fields.values()) | self.ignored


def read_profile(path: Path) -> Profile:
    """The profile in `path` (TOML). Raises ProfileFault."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        profile = Profile(
            name=path.stem,
            title=told["title"],
            fields=dict(told["fields"]),
            ignored=frozenset(told.get("ignored", ())),
            constants=dict(told.get("constants", {})),
            values={name: dict(words) for name, words in told.get("values", {}).items()},
            formats=tuple(told.get("time", {}).get("formats", ())),
            zone=ZoneInfo(told.get("time", {}).get("zone", "Asia/Shanghai")),
        )
    except (KeyError, TypeError, ValueError, OSError) as fault:
        raise ProfileFault(f"{path.name}: {fault}") from fault
    unknown = (set(profile.fields) | set(profile.values)) - FIELDS | set(profile.constants) - CONSTANTS
    if unknown:
        raise ProfileFault(f"{path.name}: unknown names {sorted(unknown)}; known are {sorted(FIELDS | CONSTANTS)}")
    if not {"source_ref", "text"} <= set(profile.fields):
        raise ProfileFault(f"{path.name}: [fields] needs source_ref and text")
    if "channel" not in profile.constants:
        raise ProfileFault(f"{path.name}: [constants] needs channel")
    return profile


@cache
def shipped() -> tuple[Profile, ...]:
    """The profiles that come with the house, by name."""
    return tuple(read_profile(path) for path in sorted(PROFILES_DIR.glob("*.toml")))


def choose(name: str | None, columns: Collection[str], profiles: Sequence[Profile]) -> Profile:
    """The profile called `name`, or the one that fits `columns` by itself.

    A profile fits when all its columns are there; of several the one knowing most columns wins. Raises Refused with
    the list when none or more than one is left, or a named one does not fit.
    """
    fitting = [each for each in profiles if each.columns <= set(columns)]
    if name is not None:
        return _named(name, columns, profiles)
    most = max((len(each.columns) for each in fitting), default=0)
    best = [each for each in fitting if len(each.columns) == most]
    if len(best) == 1:
        return best[0]
    refuse(
        "profile_unclear",
        N_("看不出该用哪个对照表，请用 --profile 指定一个：%(names)s。文件里的列：%(columns)s。"),
        field="profile",
        names="、".join(f"{each.name}（{each.title}）" for each in best or profiles),
        columns="、".join(columns),
    )


def _named(name: str, columns: Collection[str], profiles: Sequence[Profile]) -> Profile:
    found = next((each for each in profiles if each.name == name), None)
    if found is None:
        refuse(
            "profile_unknown",
            N_("没有叫“%(name)s”的对照表，现有：%(names)s。"),
            field="profile",
            name=name,
            names="、".join(each.name for each in profiles),
        )
    absent = set(found.fields.values()) - set(columns)
    if absent:
        refuse(
            "profile_columns",
            N_("文件里没有对照表“%(name)s”要的列：%(absent)s。请换对照表或补上列。"),
            field="profile",
            name=name,
            absent="、".join(sorted(absent)),
        )
    return found
