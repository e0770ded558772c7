"""What a door hands in, tidied and checked: every fault is found at once, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hotline.refusal import N_, Reason
from hotline.residents.masking import normalise_phone

TEXT_LONGEST = 20_000
FILES_MOST = 9
KINDS = ("consult", "help", "complaint", "report", "suggestion")
URGENCIES = ("normal", "urgent", "critical")
LANGUAGES = ("zh-hans", "en")
# A caller's clock may run a little ahead of ours; more than this is a mistake that would spoil every duration.
CLOCK_TOLERANCE = timedelta(minutes=10)
EARLIEST_YEAR = 1949
_LONGEST: Mapping[str, tuple[int, str]] = {
    "name": (50, N_("姓名或称呼")),
    "title": (100, N_("标题")),
    "place": (300, N_("地点")),
    "source_ref": (200, N_("来源编号")),
    "idempotency_key": (200, N_("防重复编号")),
}
# Everything below space except tab and newline, DEL, and halves of surrogate pairs: no script writes with them,
# and a database or a printer stumbles over them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")


@dataclass(frozen=True)
class AppealForm:
    """One appeal as a door received it. Codes are the authority's; `own_at` is when the person first said it elsewhere.

    `urgency` is what staff who spoke to the person chose; without it the matter says how urgent it is.
    `sender` is the code of the partner or profile when another system sent it. With an `idempotency_key`, a
    `source_ref` or a sender the request is remembered.
    """

    authority_code: str
    channel: str
    text: str = field(repr=False)
    line: str | None = None
    name: str = field(default="", repr=False)
    phone: str | None = field(default=None, repr=False)
    anonymous: bool = False
    secret: bool = False
    kind: str | None = None
    title: str | None = field(default=None, repr=False)
    place: str | None = field(default=None, repr=False)
    area_code: str | None = None
    own_at: datetime | None = None
    matter_code: str | None = None
    file_tokens: tuple[str, ...] = ()
    idempotency_key: str | None = None
    language: str = "zh-hans"
    source_ref: str | None = None
    sender: str = ""
    urgency: str | None = None


@dataclass(frozen=True)
class Known:
    """What the authority knows today: open channels, lines, matters of the catalogue, areas of its tree."""

    channels_open: Container[str]
    lines: Container[str]
    matters: Container[str]
    has_area: Callable[[str], bool]


def tidy_text(text: str | None) -> str:
    """`text` with one kind of line end, without characters that cannot be written, and trimmed. Emoji stay."""
    return _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text or "")).strip()


def tidy(form: AppealForm) -> AppealForm:
    """The same appeal with tidy texts, the phone normalised where it can be, and nobody named when anonymous."""
    phone = tidy_text(form.phone)
    return replace(
        form,
        text=tidy_text(form.text),
        name="" if form.anonymous else tidy_text(form.name),
        phone=None if form.anonymous or not phone else normalise_phone(phone) or phone,
        title=tidy_text(form.title) or None,
        place=tidy_text(form.place) or None,
        line=tidy_text(form.line) or None,
        kind=tidy_text(form.kind) or None,
        urgency=tidy_text(form.urgency) or None,
        area_code=tidy_text(form.area_code) or None,
        matter_code=tidy_text(form.matter_code) or None,
        source_ref=tidy_text(form.source_ref) or None,
        idempotency_key=tidy_text(form.idempotency_key) or None,
        file_tokens=tuple(dict.fromkeys(form.file_tokens)),
        language=form.language if form.language in LANGUAGES else LANGUAGES[0],
    )


def check(form: AppealForm, known: Known, at: datetime) -> tuple[Reason, ...]:
    """Every reason why the tidied `form` cannot be taken down at `at`; none means that it can."""
    reasons: list[Reason] = []
    _check_texts(form, reasons)
    _check_codes(form, known, reasons)
    _check_time(form, at, reasons)
    if form.phone and normalise_phone(form.phone) is None:
        _add(reasons, "phone", N_("请核对电话号码：手机是 11 位，座机请带区号，例如 0736-7012345。"), "phone")
    if len(form.file_tokens) > FILES_MOST:
        _add(reasons, "files_too_many", N_("最多附 %(most)s 个文件，请去掉几个。"), "files", most=FILES_MOST)
    return tuple(reasons)


def _check_texts(form: AppealForm, reasons: list[Reason]) -> None:
    if not form.text:
        _add(reasons, "text_missing", N_("请写一两句发生了什么。"), "text")
    elif len(form.text) > TEXT_LONGEST:
        _add(
            reasons,
            "text_too_long",
            N_("最多写 %(most)s 个字，现在是 %(now)s 个字。请留下要紧的，其余可以作为文件附上。"),
            "text",
            most=TEXT_LONGEST,
            now=len(form.text),
        )
    for name, (most, label) in _LONGEST.items():
        now = len(getattr(form, name) or "")
        if now > most:
            _add(
                reasons,
                "too_long",
                N_("“%(label)s”最多 %(most)s 个字，现在是 %(now)s 个字，请写短些。"),
                name,
                label=label,
                most=most,
                now=now,
            )


def _check_codes(form: AppealForm, known: Known, reasons: list[Reason]) -> None:
    if form.channel not in known.channels_open:
        _add(
            reasons,
            "channel_unknown",
            N_("渠道“%(code)s”没有开通，请换一个渠道代码。"),
            "channel",
            code=form.channel[:40],
        )
    if form.line and form.line not in known.lines:
        _add(reasons, "line_unknown", N_("没有登记“%(code)s”这条热线，请从热线清单里选。"), "line", code=form.line[:40])
    if form.kind and form.kind not in KINDS:
        _add(reasons, "kind_unknown", N_("诉求类型请填其中一个：%(kinds)s。"), "kind", kinds=" ".join(KINDS))
    if form.urgency and form.urgency not in URGENCIES:
        _add(
            reasons,
            "urgency_unknown",
            N_("紧急程度请填其中一个：%(urgencies)s。"),
            "urgency",
            urgencies=" ".join(URGENCIES),
        )
    if form.matter_code and form.matter_code not in known.matters:
        _add(
            reasons,
            "matter_unknown",
            N_("事项目录里没有“%(code)s”，请从目录里选，或者空着。"),
            "matter_code",
            code=form.matter_code[:40],
        )
    if form.area_code and not known.has_area(form.area_code):
        _add(
            reasons,
            "area_unknown",
            N_("区划里没有“%(code)s”，请从列表里选，或者空着。"),
            "area_code",
            code=form.area_code[:40],
        )


def _check_time(form: AppealForm, at: datetime, reasons: list[Reason]) -> None:
    if form.own_at is None:
        return
    if form.own_at.tzinfo is None:
        _add(reasons, "own_at_zone", N_("时间请带上时区，例如 2026-11-20T10:00:00+08:00。"), "own_at")
    elif form.own_at > at + CLOCK_TOLERANCE:
        _add(reasons, "own_at_future", N_("反映的时间还没有到，请核对日期。"), "own_at")
    elif form.own_at.year < EARLIEST_YEAR:
        _add(reasons, "own_at_early", N_("反映的时间太早，请核对年份。"), "own_at")


def _add(reasons: list[Reason], code: str, text: str, field: str, /, **params: object) -> None:
    reasons.append(Reason(code, text, field, params))
