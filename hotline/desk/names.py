"""Names of the things that rooms below hold as codes, in the page's language."""

from __future__ import annotations

from datetime import datetime

from hotline.organisation.tree import AreaIndex
from hotline.packs import Matter
from hotline.policy.policy import Policy
from hotline.ui import moment


def named(thing: object) -> str:
    """The name of anything with `name` and `name_en`; Chinese where there is no English."""
    english = getattr(thing, "name_en", "")
    return str(getattr(thing, "name", "") if moment.in_chinese() or not english else english)


def levels(matter: Matter) -> tuple[str, str, str]:
    """A matter's names from its class down to itself."""
    if moment.in_chinese():
        return matter.level1, matter.level2, matter.level3
    return matter.level1_en, matter.level2_en, matter.level3_en


def matter(policy: Policy, code: str) -> str:
    """The name of a matter; its code where this policy no longer knows it, "" for no code."""
    found = policy.matters.get(code) if code else None
    return named(found) if found else code


def matter_path(policy: Policy, code: str) -> str:
    """住房与物业 › 物业服务 › 物业费收取争议."""
    found = policy.matters.get(code) if code else None
    return " › ".join(levels(found)) if found else code


def area(index: AreaIndex, code: str, at: datetime | None = None) -> str:
    """A place from the county down: 青石区东风街道; in English the smaller first. With `at` under the names of then."""
    chain = [each for each in index.ancestors(code, at) if index.get(each.parent_code) is not None]
    if not chain:
        whole = index.get(code, at)
        return named(whole) if whole else ""
    if moment.in_chinese():
        return "".join(each.name for each in reversed(chain))
    return ", ".join(named(each) for each in chain)
