"""Incidents for robots and partners: what to tell callers, and which incident an appeal may belong to."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from hotline.channels.api.keys import KeyNeeded, caller_of
from hotline.channels.api.schemas import AreaOut, IncidentOut, IncidentsOut, NoticeOut, RefusalOut
from hotline.channels.naming import matters, places
from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from hotline.ui.incident_words import Names
from hotline.ui.moment import in_chinese, now
from hotline.workorder import queries as orders
from hotline.workorder.incident import IncidentView, NoticeView, likely

router = Router(tags=["incidents"])
_REFUSALS = {code: RefusalOut for code in (401, 403, 422, 429)}


@router.get(
    "",
    response={200: IncidentsOut, **_REFUSALS},
    auth=KeyNeeded(),
    operation_id="list_incidents",
    summary="What has happened in the city",
)
def list_incidents(
    request: HttpRequest,
    matter_code: Annotated[str, Query(max_length=12, description="Of the appeal that is being taken.")] = "",
    area_code: Annotated[str, Query(max_length=12, description="Where it is about.")] = "",
) -> IncidentsOut:
    """Any key may read them. With a matter, `likely` names the incident that the appeal probably belongs to; hand its
    id in with the appeal (`incident`) when the caller says so."""
    at, authority_id = now(), caller_of(request).authority_id
    found = orders.active(authority_id, at)
    areas, known = organisation.areas(authority_id), policies.current(authority_id, at).matters
    near = likely(found, matter_code, area_code, areas, known) if matter_code else None
    names = places(authority_id), matters(policies.current(authority_id, at))
    return IncidentsOut(incidents=[_out(each, *names) for each in found], likely=near.id if near is not None else None)


def _out(view: IncidentView, place: Names, matter: Names) -> IncidentOut:
    same = ("id", "state", "joinable", "matter_code", "started_at", "expected_at", "restored_at", "joined")
    return IncidentOut(
        **{name: getattr(view, name) for name in same},
        matter=matter(view.matter_code),
        areas=[AreaOut(code=code, name=place(code)) for code in view.area_codes],
        announcement=_notice(view.announcement),
        news=_notice(view.news),
    )


def _notice(notice: NoticeView | None) -> NoticeOut | None:
    if notice is None:
        return None
    english = bool(notice.words_en) and not in_chinese()
    words, language = (notice.words_en, "en") if english else (notice.words, "zh-hans")
    return NoticeOut.model_validate(
        {"kind": notice.kind, "words": words, "language": language, "at": notice.noticed_at}
    )
