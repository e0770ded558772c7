"""What the pages and the command of imports share: the city's rules for them, and faults in words."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from hotline.organisation.importing import workbooks
from hotline.organisation.importing.faults import Fault
from hotline.organisation.importing.kinds import ENGLISH_HEADINGS
from hotline.organisation.importing.present import RoleRule, Rules
from hotline.policy.policy import Policy


def rules_of(policy: Policy) -> Rules:
    """What an import must know of the city's rules."""
    roles = {code: RoleRule(role.name, role.kind, role.levels) for code, role in policy.roles.items()}
    return Rules(policy.grid_digits, roles)


def fault_words(fault: Fault) -> str:
    """What is wrong and what to do, in the page's language."""
    params = {name: _words(name, value) for name, value in fault.params.items()}
    words = gettext(fault.words)
    return words % params if params else words


def heading(column: str) -> str:
    """A column as the template of the page's language calls it."""
    return ENGLISH_HEADINGS.get(column, column) if in_english() else column


def template(policy: Policy) -> bytes:
    """The empty workbook, in the page's language."""
    return workbooks.template(say=gettext, english=in_english(), grid_digits=policy.grid_digits)


def in_english() -> bool:
    """Whether the page is English."""
    return (get_language() or "").startswith("en")


def _words(name: str, value: str) -> str:
    """A param of a fault: levels are words of ours, columns are headings, everything else is as it was typed."""
    if name in ("level", "levels", "parent"):
        return "；".join(gettext(each) for each in value.split("；"))
    return "、".join(map(heading, value.split("、"))) if name == "columns" else value
