"""What the machine door takes and gives, as the OpenAPI document shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

Kind = Literal["consult", "help", "complaint", "report", "suggestion"]


class AppealIn(Schema):
    """An appeal. Only `text` is needed; what else is missing is answered in `missing` as questions to ask."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(description="What happened, in the person's words, at most 20,000 characters.")]
    title: Annotated[str | None, Field(max_length=100)] = None
    kind: Kind | None = None
    matter_code: Annotated[str | None, Field(max_length=12, description="A code of the authority's catalogue.")] = None
    place: Annotated[str | None, Field(max_length=300)] = None
    area_code: Annotated[str | None, Field(max_length=12)] = None
    name: Annotated[str, Field(max_length=50)] = ""
    phone: Annotated[str | None, Field(max_length=40)] = None
    anonymous: Annotated[bool, Field(description="Nobody is named; name and phone are not kept.")] = False
    secret: Annotated[bool, Field(description="Units do not learn who it is.")] = False
    own_at: Annotated[
        AwareDatetime | None, Field(description="When the person said it, with offset; not in the future.")
    ] = None
    channel: Annotated[str | None, Field(max_length=32, description="Default: the channel of the key.")] = None
    line: Annotated[str | None, Field(max_length=32)] = None
    language: Literal["zh-hans", "en"] = "zh-hans"
    file_tokens: Annotated[list[UUID], Field(max_length=9, description="Tokens from POST files, valid an hour.")] = (
        Field(default_factory=list)
    )
    incident: Annotated[
        int | None,
        Field(ge=1, lt=2**63, description="The id of an open incident (GET incidents) that it is about: it joins."),
    ] = None
    source_ref: Annotated[
        str | None, Field(max_length=160, description="The appeal's number in the calling system.")
    ] = None


class QuestionOut(Schema):
    """Something to ask the person."""

    code: str
    text: str
    field: str


class AppealTaken(Schema):
    """The order that the appeal became. `query_code` is the person's secret: hand it to them and to nobody else."""

    number: str
    query_code: str
    already: Annotated[bool, Field(description="True: an earlier request with this key made it.")]
    joined: Annotated[bool, Field(description="True: it is in the incident that was named; else it stands alone.")]
    missing: list[QuestionOut]


class Step(Schema):
    """One step that the person may see."""

    at: datetime
    code: str
    words: str


class AppealOut(Schema):
    """Where an appeal stands. Dates are ISO 8601."""

    number: str
    state: str
    state_words: str
    outcome: str
    station: Annotated[int, Field(ge=1, le=5, description="1 received, 2 sent out, 3 in hand, 4 to confirm, 5 ended.")]
    registered_at: datetime
    unit: str | None
    reply: str | None
    steps: list[Step]


class NoticeOut(Schema):
    """Words for everybody, in the language of Accept-Language where somebody wrote it."""

    kind: Literal["announcement", "progress", "restoration"]
    words: str
    language: Literal["zh-hans", "en"]
    at: datetime


class AreaOut(Schema):
    """An affected area; it covers everything below it."""

    code: str
    name: str


class IncidentOut(Schema):
    """One cause that affects many people: where, what, and when it should be over. Nothing in it is about a person."""

    id: int
    state: Annotated[Literal["open", "restored", "closed"], Field(description="Only an open one can be joined.")]
    joinable: bool
    matter_code: str
    matter: str
    areas: list[AreaOut]
    started_at: datetime
    expected_at: Annotated[datetime | None, Field(description="Null: nobody knows.")]
    restored_at: datetime | None
    announcement: Annotated[NoticeOut | None, Field(description="What to tell callers.")]
    news: Annotated[NoticeOut | None, Field(description="What was said last, where it is more than the announcement.")]
    joined: Annotated[int, Field(ge=1, description="Orders in it.")]


class IncidentsOut(Schema):
    """What goes on, and what was restored within 24 hours, newest first."""

    incidents: list[IncidentOut]
    likely: Annotated[
        int | None,
        Field(description="The one that an appeal about matter_code at area_code probably belongs to; ask the caller."),
    ]


class FileTaken(Schema):
    """A staged file; its token goes into `file_tokens` within an hour."""

    token: UUID
    media_type: str
    size: int


class ReasonOut(Schema):
    """One reason of a refusal, in the language of Accept-Language."""

    code: str
    message: str
    field: str | None


class RefusalOut(Schema):
    """Nothing was done; all reasons at once."""

    reasons: list[ReasonOut]
