"""Finds the numbers and addresses that lead to a person in free text, and takes them out. Pure.

Two readings of the text are searched, each as long as the text itself, so that offsets stay true: one with full-width
and other digits made plain, and one where spoken digits (幺三八…) are digits too. What looks like an amount of money, a
date, an order number or a house number is left alone; where a number can only be guessed, the words before it decide.
Number plates stay: without them nobody can act on a badly parked car; pass `plates=True` where the reader is not staff.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

MARKS = {
    "phone": "[号码已遮]",
    "identity": "[证件号已遮]",
    "card": "[卡号已遮]",
    "email": "[邮箱已遮]",
    "account": "[账号已遮]",
    "plate": "[车牌已遮]",
}


@dataclass(frozen=True)
class Span:
    """Where something was found: offsets into the original text; `kind` is a key of MARKS."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Redacted:
    """A text without what leads to a person, and what was taken out where."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class _Rule:
    """A pattern; what it finds is its group 1 if it has one. `holds(text, start, end)` may say no."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[str, int, int], bool]

    def find(self, text: str) -> Iterator[Span]:
        group = min(self.pattern.groups, 1)
        for match in self.pattern.finditer(text):
            if self.holds(text, match.start(group), match.end(group)):
                yield Span(match.start(group), match.end(group), self.kind)


def redact(text: str, *, plates: bool = False) -> Redacted:
    """The text with every phone, identity, card and account number and e-mail address replaced by a mark."""
    read = plain(text)
    rules = (*_RULES, _PLATE) if plates else _RULES
    found = [span for rule in rules for span in rule.find(read)]
    # Most texts hold no seven digits in a row, spoken or written: they are spared the costly patterns.
    if _LONG_NUMBER.search(read):
        found += [span for rule in _PHONES for span in rule.find(read)]
        found += _spoken_phones(read, read.translate(_SPOKEN))
    spans = _merged(found)
    parts: list[str] = []
    end = 0
    for span in spans:
        parts += (text[end : span.start], MARKS[span.kind])
        end = span.end
    return Redacted("".join((*parts, text[end:])), spans)


def plain(text: str) -> str:
    """Full-width forms and digits of any script as ASCII, one character for one, so that offsets stay true."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(char: str) -> str:
    if char < "\x80":
        return char
    if "！" <= char <= "～":
        return chr(ord(char) - 0xFEE0)
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _spoken_phones(read: str, spoken: str) -> Iterator[Span]:
    for rule in _PHONES:
        yield from (span for span in rule.find(spoken) if _said(read, span) >= 1)
    # A name may end in a digit (张三幺三八…): without borders, but then at least three digits must be spoken.
    yield from (span for span in _SPOKEN_RUN.find(spoken) if _said(read, span) >= 3)


def _said(read: str, span: Span) -> int:
    return sum(char in _SPOKEN_DIGITS for char in read[span.start : span.end])


def _merged(found: Iterable[Span]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if spans and span.start < spans[-1].end:
            last = spans[-1]
            spans[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            spans.append(span)
    return tuple(spans)


def _always(text: str, start: int, end: int) -> bool:
    return True


def _no_amount(text: str, start: int, end: int) -> bool:
    return not (_AMOUNT_BEFORE.search(text, max(0, start - 3), start) or _AMOUNT_AFTER.match(text, end))


def _even_groups(text: str, start: int, end: int) -> bool:
    """Whether a spaced number is grouped as people group one, and not a row of house numbers."""
    found = text[start:end]
    groups = [len(group) for group in re.findall(r"\d+", found)]
    if len(set(re.findall(r"\D", found))) > 1:
        return False
    in_pairs = len(groups) == 6 and sorted(groups)[1:] == [2] * 5
    return _no_amount(text, start, end) and (set(groups) == {1} or in_pairs or (groups[0] >= 3 and min(groups) >= 2))


def _is_local(text: str, start: int, end: int) -> bool:
    return not _is_day(re.sub(r"\D", "", text[start:end])[:8]) and _no_amount(text, start, end)


def _is_identity(text: str, start: int, end: int) -> bool:
    """Whether 18 characters hold a possible birthday and end in the right check digit (GB 11643)."""
    number = re.sub(r"[\s\-]", "", text[start:end]).upper()
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number[:17]))
    return _is_day(number[6:14]) and "10X98765432"[total % 11] == number[17]


def _is_card(text: str, start: int, end: int) -> bool:
    """Whether the digits pass the Luhn check and are not a division code, a day and a serial number."""
    digits = re.sub(r"\D", "", text[start:end])
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    right = sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
    return right and not (len(digits) == 18 and _is_day(digits[6:14])) and _no_amount(text, start, end)


def _is_account(text: str, start: int, end: int) -> bool:
    """A word after 微信 is an account if it is introduced as one or has a digit or dash in it."""
    found = text[start:end]
    return any(char in "0123456789_-" for char in found) or text[start - 1] in ":=号是为"


def _is_day(digits: str) -> bool:
    if not re.fullmatch(r"(?:19|20)\d{6}", digits):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


_SPOKEN_DIGITS = "幺一二三四五六七八九零〇○"
_SPOKEN = str.maketrans(_SPOKEN_DIGITS, "1123456789000")

_LONG_NUMBER = re.compile(rf"[0-9{_SPOKEN_DIGITS}](?:[\s.,\-_·—–~()]{{0,3}}[0-9{_SPOKEN_DIGITS}]){{6}}")

_AMOUNT_BEFORE = re.compile("[\u00a5\uffe5$]\\s?\\Z")
_AMOUNT_AFTER = re.compile(r"(?:\.\d{1,2})?\s?(?:元|万|亿|块钱|美元|人民币|平方|立方|吨|公里|千米|rmb)", re.IGNORECASE)

_COUNTRY = r"(?:(?:\+|00)?86[\s\-]{0,2})?"
_GAP = r"[\s.\-_·—–~()]{0,3}"
_EXTENSION = r"(?:\s?(?:-|转|#|分机|ext\.?|x)\s?\d{1,5}(?!\d))?"

_PHONES = (
    # Several numbers run together are still numbers: 1381234567813987654321.
    _Rule("phone", re.compile(rf"(?<!\d){_COUNTRY}0?(?:1[3-9]\d{{9}}){{1,4}}(?!\d)", re.ASCII), _no_amount),
    _Rule("phone", re.compile(rf"(?<!\d){_COUNTRY}1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"), _no_amount),
    _Rule("phone", re.compile(r"(?<!\d)(?<!\d[\-.])1[\s.\-_·—]?[3-9](?:[\s.\-_·—]?\d){9}(?!\d)"), _even_groups),
    _Rule(
        "phone",
        re.compile(
            rf"(?<!\d)(?:(?:\+|00)?86[\s\-]{{0,2}})?\(?0(?:(?:10|2\d)\)?[\s\-—]{{0,2}}[2-9]\d{{3}}"
            rf"|[3-9]\d{{2}}\)?[\s\-—]{{0,2}}[2-9]\d{{2,3}})[\s\-]?\d{{4}}(?!\d){_EXTENSION}",
            re.IGNORECASE,
        ),
        _no_amount,
    ),
    _Rule("phone", re.compile(r"(?<!\d)[48]00[\s\-]?\d{3}[\s\-]?\d{4}(?!\d)"), _no_amount),
    _Rule("phone", re.compile(r"\+\d{1,3}(?:[\s\-]?\d){7,12}(?!\d)"), _no_amount),
    _Rule(
        "phone",
        re.compile(
            rf"(?:电话|座机|固话|手机|联系方式|号码|拨打|致电|tel|phone|call)[^\d\n]{{0,6}}"
            rf"([2-8]\d{{2,3}}[\s\-]?\d{{4}}(?!\d){_EXTENSION})",
            re.IGNORECASE,
        ),
        _is_local,
    ),
)
_SPOKEN_RUN = _Rule("phone", re.compile(r"1[\s,\-]?[3-9](?:[\s,\-]?\d){9}"), _no_amount)

_RULES = (
    _Rule(
        "email",
        re.compile(
            r"(?<![\w.%+\-])[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}", re.ASCII
        ),
        _always,
    ),
    _Rule(
        "identity",
        re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}[\s\-]?\d{8}[\s\-]?\d{3}[\dXx](?![\dA-Za-z])"),
        _is_identity,
    ),
    _Rule(
        "identity",
        re.compile(
            r"(?:身份证|证件|证号|护照|通行证|id card|passport)[^\dA-Za-z\n]{0,8}"
            r"([A-Z]{0,2}\d{7,17}[\dX])(?![\dA-Za-z])",
            re.IGNORECASE,
        ),
        _always,
    ),
    _Rule(
        "card",
        re.compile(r"(?<!\d)(?:62\d\d(?:[\s\-]?\d){12,15}|(?:4\d|5[1-5])\d\d(?:[\s\-]?\d){12}|3[47]\d{13})(?!\d)"),
        _is_card,
    ),
    _Rule(
        "card",
        re.compile(r"(?:卡号|银行卡|账号|帐号|账户|帐户)[^\dA-Za-z\n]{0,6}(\d(?:[\s\-]?\d){11,22})(?!\d)"),
        _no_amount,
    ),
    _Rule(
        "account",
        re.compile(
            r"(?:微信|薇信|威信|v信|扣扣|(?<![a-z])(?:vx|wx|wechat|qq))(?:账号|帐号|号码|号|\s?id)?"
            r"[\s:也是为加=]{0,3}(?:is )?([a-z][a-z0-9_\-]{5,19}|\d{6,11})(?![a-z0-9_]|-\d)",
            re.IGNORECASE,
        ),
        _is_account,
    ),
)
_PLATE = _Rule(
    "plate",
    re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][\s·.\-]?"
        r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]"
    ),
    _always,
)
