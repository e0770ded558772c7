"""The pages of the rules: who reads them, what they say, and how a version is activated."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from hotline import packs, walk
from hotline.desk.policy_pages import PARTS
from hotline.ledger import queries as ledger
from hotline.ledger.record import SYSTEM, Stream
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.packs import Limit
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.workorder import queries as orders
from tests.desk.conftest import PASSWORD, Desk

Count = Callable[[int], AbstractContextManager[None]]
READERS = ("dispatcher", "supervisor", "leader", "admin")
MOST = 15  # statements of a page when the caches are warm


def draft(desk: Desk, pack: packs.City, **changes: Any) -> int:
    """A draft under which heat is the business of the housing office; returns its id."""
    code = desk.matter("供热")
    matter = replace(pack.matters[code], lead_role="housing", answerable_level="county")
    changed = replace(pack, **{"matters": {**pack.matters, code: matter}, **changes})
    return publishing.publish(pack=changed, authority_id=desk.authority_id, at=desk.at, activate=False)


def current(desk: Desk) -> int:
    policies.forget_cache()
    return policies.current(desk.authority_id, desk.at).id


@pytest.fixture
def waiting(desk: Desk) -> int:
    """An order about heat that is not dispatched yet."""
    return desk.appeal(kind="help", matter_code=desk.matter("供热"), area_code=desk.county)


@pytest.mark.parametrize("role", READERS)
def test_versions_are_read_by_all_readers_and_activated_by_one(desk: Desk, pack: packs.City, role: str) -> None:
    version = draft(desk, pack)
    page = desk.client(role).get("/desk/policy/").content.decode()
    assert "第 2 版" in page
    assert "草稿" in page
    assert "执行中" in page
    assert pack.source in page
    assert "命令行" in page
    assert ("看影响并启用" in page) == (role == "admin")
    shown = desk.client(role).get(f"/desk/policy/{version}/preview/").content.decode()
    assert (f'action="/desk/policy/{version}/activate/"' in shown) == (role == "admin")


@pytest.mark.parametrize("role", ["agent", "caller_back"])
def test_others_do_not_read_the_rules(desk: Desk, role: str) -> None:
    client, version = desk.client(role), current(desk)
    for address in ("", f"{version}/", f"{version}/preview/", f"{version}/to/{version}/"):
        assert client.get(f"/desk/policy/{address}").status_code == 403
    assert client.post(f"/desk/policy/{version}/activate/").status_code == 403


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_version_opens_in_few_statements(desk: Desk, count_queries: Count, part: str) -> None:
    client, address = desk.client("supervisor"), f"/desk/policy/{current(desk)}/?part={part}"
    client.get(address)
    with count_queries(MOST):
        page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'aria-current="page"' in text
    assert " style=" not in text
    english = desk.client("leader", "en").get(address).content.decode()
    heads = re.findall(r"<(?:h1|h2|th|label|dt|button|summary|caption)[^>]*>([^<]*)", english)
    assert not [head for head in heads if re.search(r"[\u4e00-\u9fff]", head) and head not in ("中文", "王leader")], (
        part
    )


def test_a_version_says_its_rules_in_words(desk: Desk) -> None:
    client, version = desk.client("supervisor"), current(desk)
    limits = client.get(f"/desk/policy/{version}/").content.decode()
    assert "答复期限" in limits
    assert "15 个工作日" in limits
    handling = client.get(f"/desk/policy/{version}/?part=handling").content.decode()
    assert "退单期限" in handling
    assert "最多延期" in handling
    callback = client.get(f"/desk/policy/{version}/?part=callback").content.decode()
    assert "非常满意" in callback
    exits = client.get(f"/desk/policy/{version}/?part=exits").content.decode()
    assert "正在为您转接 110" in exits
    assert "12315" in client.get(f"/desk/policy/{version}/?part=lines").content.decode()


def test_matters_are_found_by_name_keyword_code_and_lead(desk: Desk) -> None:
    client, version = desk.client("dispatcher"), current(desk)
    for words in ("停水", "0202001", "供水企业 停水"):
        page = client.get(f"/desk/policy/{version}/", {"part": "matters", "words": words}).content.decode()
        assert "停水与水压低" in page, words
        assert "不能下派给镇街、社区主办" in page
    nothing = client.get(f"/desk/policy/{version}/", {"part": "matters", "words": "没有这样的词"}).content.decode()
    assert "没有找到" in nothing
    second = client.get(f"/desk/policy/{version}/?part=matters&page=2").content.decode()
    assert "第 2 页" in second
    assert client.get(f"/desk/policy/{version}/?part=matters&page=9999&words=%00").status_code == 200


def test_two_versions_are_compared_with_what_differs_marked(desk: Desk, pack: packs.City) -> None:
    rules = pack.clocks.rules
    shorter = {**rules, "reply_complaint": replace(rules["reply_complaint"], limit=Limit(10, "working_days"))}
    version = draft(desk, pack, clocks=replace(pack.clocks, rules=shorter))
    client = desk.client("leader")
    chosen = client.get("/desk/policy/", {"before": current(desk), "after": version})
    assert chosen.headers["Location"] == f"/desk/policy/{current(desk)}/to/{version}/"
    page = client.get(chosen.headers["Location"]).content.decode()
    assert "答复期限（投诉）" in page
    assert "<del>15</del> 个工作日" in page
    assert "<ins>10</ins> 个工作日" in page
    assert page.index("影响期限") < page.index("影响由谁办")
    same = client.get(f"/desk/policy/{version}/to/{version}/").content.decode()
    assert "两版内容一样" in same


def test_the_preview_counts_and_names_what_would_change(
    desk: Desk, pack: packs.City, waiting: int, count_queries: Count
) -> None:
    version = draft(desk, pack)
    client = desk.client("supervisor")
    page = client.get(f"/desk/policy/{version}/preview/").content.decode()
    assert f'href="/desk/orders/{waiting}/"' in page
    assert "已经派出的工单仍按原来那一版办" in page
    units = organisation.unit_index(desk.authority_id)
    before = units.get(desk.suggested(waiting))
    assert before is not None
    assert f"<del>{before.name}</del>" in page
    assert re.search(r"<ins>青石区住房[^<]*</ins>", page)
    with count_queries(MOST + 4):
        client.get(f"/desk/policy/{version}/preview/")
    # Whoever keeps the accounts sees which orders, but has no way into them.
    admin = desk.client("admin").get(f"/desk/policy/{version}/preview/").content.decode()
    assert f"/desk/orders/{waiting}/" not in admin
    assert before.name in admin


def test_activating_takes_a_confirmation_and_the_version_that_was_seen(
    desk: Desk, pack: packs.City, waiting: int
) -> None:
    version, before = draft(desk, pack), current(desk)
    client, address = desk.client("admin"), f"/desk/policy/{version}/activate/"
    again = client.post(address, {"seen": before})
    assert again.status_code == 422
    assert "请先确认看过这些变化" in again.content.decode()
    assert current(desk) == before
    done = client.post(address, {"seen": before, "agreed": "1"}, follow=True)
    assert "已启用第 2 版" in done.content.decode()
    assert current(desk) == version
    event = ledger.timeline(Stream("policy", desk.authority_id), kinds=["policy.activated"])[-1]
    assert (event.actor.role, event.facts["before_id"]) == ("admin", before)
    assert "王admin" in client.get("/desk/policy/").content.decode()
    assert client.post(address, {"seen": version, "agreed": "1"}).status_code == 409


def test_after_activating_what_waits_gets_the_new_suggestion(desk: Desk, pack: packs.City, waiting: int) -> None:
    before, version = desk.suggested(waiting), draft(desk, pack)
    sent = desk.dispatched()
    held = current(desk)
    desk.client("admin").post(f"/desk/policy/{version}/activate/", {"seen": held, "agreed": "1"})
    walk.run_until_idle(at=desk.at)
    codes = orders.codes([waiting, sent])
    assert (codes[waiting].policy_version_id, codes[sent].policy_version_id) == (version, held)
    assert desk.suggested(waiting) != before
    lead = organisation.unit_index(desk.authority_id).get(desk.suggested(waiting))
    assert lead is not None
    assert lead.role_code == "housing"


def test_the_second_of_two_administrators_looks_again(desk: Desk, pack: packs.City) -> None:
    before, version = current(desk), draft(desk, pack)
    other = draft(desk, pack, source="另一份文件")
    publishing.activate(version_id=version, at=desk.at, actor=SYSTEM)
    late = desk.client("admin").post(f"/desk/policy/{other}/activate/", {"seen": before, "agreed": "1"})
    assert late.status_code == 409
    assert "重新看一遍" in late.content.decode()
    assert current(desk) == version


def test_an_administrator_of_a_county_does_not_decide_for_the_city(desk: Desk, pack: packs.City, waiting: int) -> None:
    version = draft(desk, pack)
    desk.staff["county"] = staffing.create_staff(
        username="county", name="李四", password=PASSWORD, unit_id=desk.unit("城市管理"), role="admin", at=desk.at
    )
    client = desk.client("county")
    page = client.get(f"/desk/policy/{version}/preview/").content.decode()
    assert "这里只给您件数" in page
    assert "/activate/" not in page
    number = re.search(r"YJ\d{8}-\d+", page)
    assert number is None
    refused = client.post(f"/desk/policy/{version}/activate/", {"agreed": "1"})
    assert refused.status_code == 403
    assert current(desk) != version


def test_a_version_that_waits_is_said_to_wait_and_can_be_taken_back(desk: Desk, pack: packs.City) -> None:
    ahead = draft(desk, pack, valid_from=date(2026, 12, 1))
    client = desk.client("admin")
    page = client.get(f"/desk/policy/{ahead}/preview/").content.decode()
    assert "从 2026年12月1日起" in page
    done = client.post(f"/desk/policy/{ahead}/activate/", {"seen": current(desk), "agreed": "1"}, follow=True)
    assert "从 2026年12月1日起执行" in done.content.decode()
    assert "待执行" in done.content.decode()
    assert "取消待执行的版本" in done.content.decode()
    held = current(desk)
    back = client.get(f"/desk/policy/{held}/preview/").content.decode()
    assert "第 2 版原定从 2026年12月1日起执行，会退回草稿。" in back
    client.post(f"/desk/policy/{held}/activate/", {"seen": held, "agreed": "1"})
    assert "草稿" in client.get("/desk/policy/").content.decode()


def test_a_calendar_shows_its_make_up_days_and_says_what_is_provisional(desk: Desk) -> None:
    client = desk.client("supervisor")
    newest = policies.calendars(desk.authority_id)[0].id
    page = client.get(f"/desk/policy/calendar/{newest}/").content.decode()
    assert "2月14日" in page  # a Saturday worked in exchange
    assert re.search(r'<td class="is-makeup">14<small>班</small>', page)
    assert re.search(r'<td class="is-holiday">17<small>休</small>', page)
    assert "还没有公布" not in page
    assert len(re.findall(r'<table class="month">', page)) == 12
    assert "2027 年的调休安排还没有公布" in client.get(f"/desk/policy/calendar/{newest}/?year=2027").content.decode()
    for year in ("abc", "1", "99999", "2199"):
        assert client.get(f"/desk/policy/calendar/{newest}/?year={year}").status_code == 200


def test_calendars_are_compared(desk: Desk, pack: packs.City) -> None:
    first = policies.calendars(desk.authority_id)[0].id
    year = replace(pack.calendar.years[2027], provisional=False, open=(date(2027, 2, 7),))
    calendar = replace(pack.calendar, years={**pack.calendar.years, 2027: year})
    later = desk.at + timedelta(minutes=1)
    publishing.publish(pack=replace(pack, calendar=calendar), authority_id=desk.authority_id, at=later)
    client = desk.client("leader")
    second = policies.calendars(desk.authority_id)[0].id
    page = client.get(f"/desk/policy/calendar/{first}/to/{second}/").content.decode()
    assert "2027-02-07" in page
    assert f"/desk/policy/calendar/{first}/to/{second}/" in client.get("/desk/policy/").content.decode()


def test_what_belongs_to_another_authority_is_not_there(desk: Desk, pack: packs.City) -> None:
    above = organisation.authority("990000")
    if above is None:
        pytest.skip("this city has no province here")
    foreign = policies.versions(above.id, timezone.now())[0].id
    client = desk.client("admin")
    for address in (f"{foreign}/", f"{foreign}/preview/", f"{current(desk)}/to/{foreign}/"):
        assert client.get(f"/desk/policy/{address}").status_code == 404
    assert client.post(f"/desk/policy/{foreign}/activate/", {"agreed": "1"}).status_code == 404
    calendar = policies.calendars(above.id)[0].id
    assert client.get(f"/desk/policy/calendar/{calendar}/").status_code == 404
