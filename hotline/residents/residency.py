"""What residents are and what staff may look at them for: words and limits. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from hotline.refusal import N_


class Kind(StrEnum):
    """Who calls."""

    PERSON = "person"
    HOUSEHOLD = "household"
    ENTERPRISE = "enterprise"


# Why a full identity is looked at: (code, label). The code goes into the ledger.
REVEAL_REASONS: tuple[tuple[str, str], ...] = (
    ("contact", N_("联系来电人核实情况")),
    ("visit", N_("上门或现场办理")),
    ("callback", N_("回访")),
    ("emergency", N_("紧急情况，危及人身安全")),
    ("transfer", N_("转接 110、119 等")),
    ("complaint", N_("处理来电人对办理的异议")),
)
REVEAL_CODES = frozenset(code for code, _ in REVEAL_REASONS)

# More looks than this by one person within the window are withheld: nobody handles that many calls.
REVEAL_LIMIT = 30
REVEAL_WINDOW = timedelta(hours=1)
