"""A resident's identity, sealed and opened. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from hotline.refusal import Reason
from hotline.vault import cipher
from hotline.vault.cipher import OpenKey

_NAME, _PHONE, _CONTACT = "resident.name", "resident.phone", "resident.contact"


@dataclass(frozen=True)
class Identity:
    """Who a resident is. When the identity is `withheld`, everything else is empty and the reason says what to do."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    withheld: Reason | None = None


@dataclass(frozen=True)
class Sealed:
    """An identity as the database keeps it; None where there is nothing."""

    name: bytes | None
    phone: bytes | None
    contact: bytes | None


def sealed(key: OpenKey, identity: Identity) -> Sealed:
    """Seal each part under the resident's key."""
    return Sealed(
        _sealed(key, identity.name, _NAME),
        _sealed(key, identity.phone, _PHONE),
        _sealed(key, identity.contact, _CONTACT),
    )


def opened(key: OpenKey, stored: Sealed) -> Identity:
    """The identity that was sealed. Raises `cipher.Unreadable`."""
    return Identity(
        _opened(key, stored.name, _NAME), _opened(key, stored.phone, _PHONE), _opened(key, stored.contact, _CONTACT)
    )


def _sealed(key: OpenKey, text: str, context: str) -> bytes | None:
    return cipher.seal(key, text, context=context) if text else None


def _opened(key: OpenKey, blob: bytes | None, context: str) -> str:
    return cipher.unseal(key, blob, context=context) if blob else ""
