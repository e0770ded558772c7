"""The secret query code that a resident holds beside the number."""

from __future__ import annotations

import secrets

from hotline.vault import services as vault

CODE_DIGITS = 8


def new_code() -> str:
    """A fresh code: digits only, so that it can be read out on the phone."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def code_index(number: str, code: str) -> bytes:
    """The blind index under which a number and its secret code are recognised."""
    return vault.blind_index(f"{number.upper()}/{code}", purpose="query-code")
