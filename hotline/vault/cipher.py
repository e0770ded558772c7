"""Sealing and unsealing: authenticated encryption whose result says which key and which algorithm made it.

A sealed blob is `algorithm (1 byte) | key id (8) | nonce (12) | ciphertext and tag`. Header and context are
authenticated, so a blob moved to another key, row or column does not open.
"""

from __future__ import annotations

import hmac
import secrets
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_256_GCM = "aes-256-gcm"
SM4_GCM = "sm4-gcm"
ALGORITHMS = (AES_256_GCM, SM4_GCM)

SECRET_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEADER = struct.Struct(">BQ")
_MARKS = {AES_256_GCM: 1, SM4_GCM: 2}
_NAMES = {mark: name for name, mark in _MARKS.items()}


class Unreadable(Exception):
    """The blob is not what this key sealed in this context: another key, another place, damaged or forged."""


@dataclass(frozen=True)
class OpenKey:
    """A key ready for use. `secret` is 32 bytes; `algorithm` is what new blobs are sealed with."""

    id: int
    secret: bytes = field(repr=False)
    algorithm: str = AES_256_GCM


def new_secret() -> bytes:
    """32 random bytes for a new key."""
    return secrets.token_bytes(SECRET_BYTES)


def seal(key: OpenKey, text: str, *, context: str) -> bytes:
    """Encrypt a text. `context` names its place (such as "order.note") and must be given again to unseal.

    Half characters (lone surrogates, which no writing system has) become "?".
    """
    return seal_bytes(key, _encoded(text), context=context)


def unseal(key: OpenKey, blob: bytes | memoryview, *, context: str) -> str:
    """The text that `seal` was given. Raises Unreadable."""
    return unseal_bytes(key, blob, context=context).decode("utf-8")


def seal_bytes(key: OpenKey, content: bytes, *, context: str) -> bytes:
    """Encrypt bytes (up to 1 GiB at once), as `seal` does a text."""
    header = _HEADER.pack(_MARKS[key.algorithm], key.id)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    associated = header + context.encode()
    if key.algorithm == SM4_GCM:
        return header + nonce + _sm4_seal(key, nonce, content, associated)
    return header + nonce + AESGCM(_subkey(key, AES_256_GCM)).encrypt(nonce, content, associated)


def unseal_bytes(key: OpenKey, blob: bytes | memoryview, *, context: str) -> bytes:
    """The bytes that `seal_bytes` was given. Raises Unreadable."""
    blob = bytes(blob)
    algorithm, key_id = _header(blob)
    if key_id != key.id:
        raise Unreadable(f"sealed under key {key_id}, opened with key {key.id}")
    body = blob[_HEADER.size :]
    nonce, sealed = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
    if len(sealed) < _TAG_BYTES:
        raise Unreadable("the blob is cut short")
    associated = blob[: _HEADER.size] + context.encode()
    try:
        if algorithm == SM4_GCM:
            return _sm4_unseal(key, nonce, sealed, associated)
        return AESGCM(_subkey(key, AES_256_GCM)).decrypt(nonce, sealed, associated)
    except InvalidTag as fault:
        raise Unreadable(f"key {key_id} does not open this blob here") from fault


def key_id(blob: bytes | memoryview) -> int:
    """Which key sealed a blob. Raises Unreadable when it has no header."""
    return _header(bytes(blob))[1]


def commitment(key: OpenKey, text: str) -> str:
    """64 hex digits that prove later which text was meant, and tell nothing once the key is gone."""
    return hmac.digest(_subkey(key, "commitment"), _encoded(text), "sha256").hex()


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _subkey(key: OpenKey, purpose: str) -> bytes:
    # One secret never serves two algorithms or purposes.
    return hmac.digest(key.secret, purpose.encode(), "sha256")


def _header(blob: bytes) -> tuple[str, int]:
    if len(blob) < _HEADER.size:
        raise Unreadable("the blob is cut short")
    mark, sealed_under = _HEADER.unpack_from(blob)
    if mark not in _NAMES:
        raise Unreadable(f"unknown algorithm {mark}")
    return _NAMES[mark], sealed_under


def _sm4_seal(key: OpenKey, nonce: bytes, content: bytes, associated: bytes) -> bytes:
    encryptor = Cipher(_sm4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(associated)
    return encryptor.update(content) + encryptor.finalize() + encryptor.tag


def _sm4_unseal(key: OpenKey, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    decryptor = Cipher(_sm4(key), modes.GCM(nonce, sealed[-_TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(associated)
    return decryptor.update(sealed[:-_TAG_BYTES]) + decryptor.finalize()


def _sm4(key: OpenKey) -> algorithms.SM4:
    return algorithms.SM4(_subkey(key, SM4_GCM)[:16])
