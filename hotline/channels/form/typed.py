"""What a resident has typed so far, which step asks for it, and the appeal it makes. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from hotline.intake.appeal import AppealForm, tidy_text
from hotline.refusal import N_, Reason

CHANNEL = "web"
STEPS = (N_("说事情"), N_("在哪里"), N_("怎么找您"))
LAST_STEP = len(STEPS)
# Field of a reason → the step that asks for it; what is not here is nobody's to mend and is shown on the last step.
STEP_OF: Mapping[str, int] = {
    "text": 1,
    "title": 1,
    "photos": 1,
    "files": 1,
    "place": 2,
    "area_code": 2,
    "more": 2,
    "phone": 3,
    "name": 3,
    "privacy": 3,
}
PRIVACY: tuple[tuple[str, str], ...] = (
    ("secret", N_("保密，只有热线能联系我")),
    ("open", N_("可以让承办单位直接联系我")),
    ("anonymous", N_("匿名，不留联系方式")),
)
WORDS = ("text", "place", "more", "area_code", "phone", "name", "privacy", "incident")
# Far beyond what is accepted, so that what is too long comes back whole to be shortened.
KEPT_LONGEST = 500_000


@dataclass(frozen=True)
class Photo:
    """A staged file: its token, and the name that the resident knows it by."""

    token: str
    name: str = field(repr=False)


@dataclass(frozen=True)
class Typed:
    """The whole form. `number` and `code` are there once it was handed in; `joined`: it is in the incident."""

    authority_code: str
    text: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    more: str = field(default="", repr=False)
    area_code: str = ""
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    privacy: str = "secret"
    photos: tuple[Photo, ...] = field(default=(), repr=False)
    incident: str = ""  # the id of the incident that it is about, by the resident's own word
    number: str = ""
    code: str = field(default="", repr=False)
    joined: bool = False

    def with_words(self, posted: Mapping[str, str]) -> Typed:
        """The same with every field that was posted; the rest stays as typed before."""
        said = {name: tidy_text(posted[name])[:KEPT_LONGEST] for name in WORDS if name in posted}
        if said.get("privacy") not in dict(PRIVACY):
            said.pop("privacy", None)
        told: dict[str, Any] = said
        return replace(self, **told)

    def choosing(self, incident: str, words: str) -> Typed:
        """The same, about this incident; `words` where nothing was written yet."""
        return replace(self, incident=incident, text=self.text or words)

    def to_json(self) -> str:
        """As one text to be sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)


def from_json(text: str) -> Typed:
    """What `to_json` wrote; unknown names (of an older version) are dropped."""
    told = json.loads(text)
    known = {each.name for each in fields(Typed)}
    photos = tuple(Photo(str(photo["token"]), str(photo["name"])) for photo in told.get("photos", ()))
    return Typed(**{name: value for name, value in told.items() if name in known} | {"photos": photos})


def to_appeal(typed: Typed, *, language: str, idempotency_key: str) -> AppealForm:
    """The appeal that the form makes."""
    place = "，".join(part for part in (typed.place, typed.more) if part)
    return AppealForm(
        authority_code=typed.authority_code,
        channel=CHANNEL,
        text=typed.text,
        place=place or None,
        area_code=typed.area_code or None,
        phone=typed.phone or None,
        name=typed.name,
        anonymous=typed.privacy == "anonymous",
        secret=typed.privacy != "open",
        file_tokens=tuple(photo.token for photo in typed.photos),
        language=language,
        idempotency_key=idempotency_key,
    )


def step_of(reason: Reason) -> int:
    """The step on which `reason` can be mended."""
    return STEP_OF.get(reason.field or "", LAST_STEP)


def up_to(reasons: Iterable[Reason], step: int) -> list[Reason]:
    """The reasons that belong to `step` or an earlier one."""
    return [reason for reason in reasons if step_of(reason) <= step]
