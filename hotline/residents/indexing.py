"""How residents are found without their number being readable: keyed hashes of its one normal form."""

from __future__ import annotations

from hotline.vault import services as vault


def phone_index(number: str) -> bytes:
    """32 bytes for a normalised number."""
    return vault.blind_index(number, purpose="resident.phone")


def last4_index(digits: str) -> bytes:
    """32 bytes for the last four digits of a number."""
    return vault.blind_index(digits, purpose="resident.last4")
