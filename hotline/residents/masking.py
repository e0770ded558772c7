"""What staff see instead of a person: masked names and numbers, and one form for every way to write a number. Pure."""

from __future__ import annotations

import re

from hotline.residents.redaction import Redacted, Span, plain, redact

__all__ = ["Redacted", "Span", "last4", "mask_id", "mask_name", "mask_phone", "normalise_phone", "plain", "redact"]

_DASHES = re.compile("[‐‑‒–—―−－]")
_WRITTEN = re.compile(
    r"(?P<number>\+?[\d\s().\-]+?)(?:\s*(?:-|转|#|分机|ext\.?|x)\s*(?P<extension>\d{1,5}))?", re.IGNORECASE
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d))([2-9]\d{7})|(0[3-9]\d{2})([2-9]\d{6,7})")
_SERVICE = re.compile(r"[48]00\d{7}")
_FOREIGN = re.compile(r"\+[1-9]\d{6,14}")


def normalise_phone(raw: str) -> str | None:
    """The one form in which a number is stored and looked up; None if it cannot be a phone number.

    "138 1234 5678", "+86-13812345678" and full-width digits give "13812345678"; "(0736)7123456转801" gives
    "07367123456-801"; 400 and 800 numbers their 10 digits; foreign numbers "+85291234567". A landline needs its area
    code, because the same number exists in every city.
    """
    written = _DASHES.sub("-", plain(raw)).strip()
    if len(written) > 40:
        return None
    # With an extension if that makes a number, else the whole is the number: the last dash may belong to either.
    whole = _number(written) if re.fullmatch(r"\+?[\d\s().\-]+", written) else None
    if whole:
        return whole
    parts = _WRITTEN.fullmatch(written)
    if parts is None or parts["extension"] is None:
        return None
    number = _number(parts["number"])
    return f"{number}-{parts['extension']}" if number and _LANDLINE.fullmatch(number) else None


def _number(written: str) -> str | None:
    digits = re.sub(r"[^\d]", "", written)
    foreign = written.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00") if not written.startswith("+") else digits
    if digits.startswith("86") and (foreign or len(digits) == 13):
        national = digits[2:]
        return _national(national) or _national("0" + national)
    if foreign:
        return f"+{digits}" if _FOREIGN.fullmatch(f"+{digits}") else None
    return _national(digits)


def _national(digits: str) -> str | None:
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    # Out-of-town mobiles were long dialled with a 0 in front.
    return digits[1:] if digits.startswith("0") and _MOBILE.fullmatch(digits[1:]) else None


def last4(phone: str) -> str:
    """The last four digits of a normalised number, its extension apart."""
    return phone.partition("-")[0][-4:]


def mask_name(name: str) -> str:
    """The first character and always two stars, so that the length tells nothing; "" for no name."""
    name = name.strip()
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """A number as staff see it: 138****5678; a landline keeps its area code and two last digits; "" for none."""
    if not phone:
        return ""
    number = normalise_phone(phone) or ""
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    main = number.partition("-")[0]
    landline = _LANDLINE.fullmatch(main)
    if landline:
        area, local = [group for group in landline.groups() if group]
        return f"{area}-{'*' * (len(local) - 2)}{local[-2:]}"
    if main:
        return f"{main[:3]}{'*' * (len(main) - 5)}{main[-2:]}"
    return "****"


def mask_id(number: str) -> str:
    """An identity number is never shown, not even in part: stars, or "" for none."""
    return "******" if number.strip() else ""
