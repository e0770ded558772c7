"""The master key: kept in the settings, outside the database; wraps the keys at the top and blinds the indexes."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hotline.vault.cipher import AES_256_GCM, ALGORITHMS, SECRET_BYTES, OpenKey

MASTER = 0  # the key id in the header of what the master key seals; no row has it


def algorithm() -> str:
    """What new blobs are sealed with: HOTLINE_CIPHER, "aes-256-gcm" unless told. Raises ImproperlyConfigured."""
    name = str(getattr(settings, "HOTLINE_CIPHER", AES_256_GCM))
    if name not in ALGORITHMS:
        raise ImproperlyConfigured(f"HOTLINE_CIPHER is {name!r}; use one of {', '.join(ALGORITHMS)}")
    return name


def key() -> OpenKey:
    """The master key, opened. Raises ImproperlyConfigured when it is not 32 bytes."""
    return OpenKey(MASTER, _secret(), algorithm())


def master_id() -> str:
    """8 hex digits that tell one master key from another, and nothing about it."""
    return hashlib.sha256(b"master-id:" + _secret()).hexdigest()[:8]


def blind(value: str, purpose: str) -> bytes:
    """32 bytes that are equal for equal values of one purpose, and cannot be guessed without the master key."""
    subkey = hmac.digest(_secret(), f"blind-index:{purpose}".encode(), "sha256")
    return hmac.digest(subkey, value.encode("utf-8", "replace"), "sha256")


def _secret() -> bytes:
    secret = bytes(settings.HOTLINE_MASTER_KEY)
    if len(secret) != SECRET_BYTES:
        raise ImproperlyConfigured(f"HOTLINE_MASTER_KEY must be {SECRET_BYTES} bytes, not {len(secret)}")
    return secret
