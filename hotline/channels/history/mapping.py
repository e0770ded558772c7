"""A row and a profile make an appeal."""

from __future__ import annotations

from datetime import datetime

from hotline.channels.history.moments import read_moment
from hotline.channels.history.profile import Profile
from hotline.channels.history.sources import Row
from hotline.intake.appeal import AppealForm
from hotline.refusal import N_, refuse

TITLE_LONGEST = 100
_YES = frozenset({"是", "1", "true", "yes", "y", "保密", "匿名"})


def to_form(row: Row, profile: Profile, authority_code: str) -> AppealForm:
    """The appeal that `row` holds. Raises Refused with what is wrong with the row."""
    if row.fault:
        refuse("row_unreadable", row.fault)
    told = {name: row.values.get(column, "").strip() for name, column in profile.fields.items()}
    reference = told.get("source_ref", "")
    if not reference:
        refuse("source_ref_missing", N_("这一行没有编号（列“%(column)s”）。"), column=profile.fields["source_ref"])
    title, text = _title_and_text(told.get("title", ""), told.get("text", ""))
    phone = told.get("phone") or None
    return AppealForm(
        authority_code=authority_code,
        channel=str(profile.constants["channel"]),
        line=_code(told, profile, "line"),
        text=text,
        title=title or None,
        name=told.get("name", ""),
        phone=phone,
        anonymous=_yes(told, profile, "anonymous") or phone is None,
        secret=_yes(told, profile, "secret"),
        kind=_code(told, profile, "kind"),
        place=told.get("place") or None,
        area_code=_code(told, profile, "area_code"),
        matter_code=_code(told, profile, "matter_code"),
        own_at=_moment(told.get("own_at", ""), profile),
        language=str(profile.constants.get("language", "zh-hans")),
        source_ref=reference,
        sender=profile.sender,
    )


def _title_and_text(title: str, text: str) -> tuple[str, str]:
    # Nothing is lost: a title that is too long moves whole into the text, a missing text is what the title says.
    if len(title) > TITLE_LONGEST:
        return title[: TITLE_LONGEST - 1] + "…", f"{title}\n{text}".strip()
    return title, text or title


def _code(told: dict[str, str], profile: Profile, name: str) -> str | None:
    written = told.get(name) or str(profile.constants.get(name, ""))
    return profile.values.get(name, {}).get(written, written) or None


def _yes(told: dict[str, str], profile: Profile, name: str) -> bool:
    return bool(profile.constants.get(name, False)) or told.get(name, "").lower() in _YES


def _moment(written: str, profile: Profile) -> datetime | None:
    if not written:
        return None
    moment = read_moment(written, profile.formats, profile.zone)
    if moment is None:
        refuse(
            "own_at",
            N_("看不懂时间“%(written)s”，请写成 2026-11-20 10:00:00 的样子。"),
            field="own_at",
            written=written[:40],
        )
    return moment
