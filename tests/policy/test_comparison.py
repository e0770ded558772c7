"""Differences are found by what they mean, said in words, and the weightiest come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

import pytest
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st

from hotline.packs import CalendarTable, City, Limit, Rulebook, Template
from hotline.policy import document, labels
from hotline.policy.comparison import Change, Weight, compare, compare_calendars
from hotline.policy.public_days import settled
from hotline.policy.wording import Wording, marked

CHINESE = Wording(str, english=False)


def lines(before: Rulebook, after: Rulebook, words: Wording = CHINESE) -> list[str]:
    return [words.say(each, before, after).line() for each in compare(before, after)]


def with_rule(pack: City, name: str, **changes: Any) -> City:
    rule = replace(pack.clocks.rules[name], **changes)
    return replace(pack, clocks=replace(pack.clocks, rules={**pack.clocks.rules, name: rule}))


def test_a_rulebook_does_not_differ_from_itself_nor_from_its_document(pack: City) -> None:
    published = Rulebook(**document.rulebook(document.of_rules(pack)))
    assert compare(pack, pack) == ()
    assert compare(pack, published) == ()


def test_a_limit_is_said_as_people_say_it(pack: City) -> None:
    before = with_rule(pack, "reply_complaint", limit=Limit(15, "working_days"))
    after = with_rule(pack, "reply_complaint", limit=Limit(10, "working_days"))
    assert lines(before, after) == ["答复期限（投诉）：15 个工作日 → 10 个工作日"]
    with override("en"):
        (said,) = [Wording(gettext, english=True).say(each, before, after) for each in compare(before, after)]
    assert said.line(": ") == "Limit for the answer (Complaint): 15 working days → 10 working days"


def test_a_rule_under_another_name_is_the_same_rule(pack: City) -> None:
    rules = dict(pack.clocks.rules)
    rules["another_name"] = replace(rules.pop("reply_complaint"), name="another_name")
    assert compare(pack, replace(pack, clocks=replace(pack.clocks, rules=rules))) == ()


def test_rules_that_come_and_go(pack: City) -> None:
    rule = replace(
        pack.clocks.rules["reply"],
        name="x",
        matter="0202001",
        urgency="urgent",
        level="county",
        limit=Limit(1, "hours"),
    )
    more = replace(pack, clocks=replace(pack.clocks, rules={**pack.clocks.rules, "x": rule}))
    assert lines(pack, more) == ["答复期限（紧急、停水与水压低、县级主办）：没有专门规定 → 1 小时"]
    assert lines(more, pack) == ["答复期限（紧急、停水与水压低、县级主办）：1 小时 → 没有专门规定"]
    assert [each.kind for each in compare(pack, more) + compare(more, pack)] == ["added", "removed"]


def test_due_times_come_before_units_before_words_before_sources(pack: City) -> None:
    water = pack.matters["0202001"]
    after = with_rule(pack, "reply_complaint", limit=Limit(99, "working_days"))
    after = replace(
        after,
        source="另一份文件",
        matters={**pack.matters, water.code: replace(water, lead_role="urban", duty="另一种说法")},
        handling=replace(pack.handling, return_window=None),
        templates={**pack.templates, "closed": Template("closed", "办好了。", "Done.", True)},
    )
    changes = compare(pack, after)
    assert [each.weight for each in changes] == sorted(each.weight for each in changes)
    assert {each.weight for each in changes} == {Weight.DUE, Weight.UNIT, Weight.WORDS, Weight.SOURCE}
    said = lines(pack, after)
    assert said[0].startswith("答复期限（投诉）")
    assert said[1] == "退单期限：1 个工作日 → 什么时候都可以退单"
    assert said[2] == "停水与水压低 · 主办：供水企业 → 城市管理和综合执法局"


def test_matters_that_come_and_go_say_who_leads_them(pack: City) -> None:
    fewer = replace(pack, matters={code: each for code, each in pack.matters.items() if code != "0202001"})
    days = pack.matters["0202001"].days
    assert lines(pack, fewer) == [f"停水与水压低 · 事项：供水企业、{days} 个工作日 → 没有"]


def test_the_scale_and_its_order(pack: City) -> None:
    first, second, *rest = pack.callback.scale
    turned = replace(pack, callback=replace(pack.callback, scale=(second, first, *rest)))
    assert [each.field for each in compare(pack, turned)] == ["scale"]
    assert lines(pack, turned) == [
        "满意度等级的顺序：非常满意、满意、基本满意、不满意、非常不满意 → 满意、非常满意、基本满意、不满意、非常不满意"
    ]
    counted = replace(pack, callback=replace(pack.callback, scale=(replace(first, satisfied=False), second, *rest)))
    assert lines(pack, counted) == ["非常满意 · 计为满意：是 → 否"]


def test_exits_routes_lines_and_remarks(pack: City) -> None:
    way = pack.exits["emergency"]
    routes = {**way.routes, "110": replace(way.routes["110"], number="111")}
    after = replace(
        pack,
        exits={**pack.exits, "emergency": replace(way, routes=routes)},
        lines={**pack.lines, "12315": replace(pack.lines["12315"], mode="whole")},
        remarks={**pack.remarks, "handling.return_window": "本市文件"},
    )
    said = lines(pack, after)
    assert "110 报警 · 号码：110 → 111" in said
    assert "消费者投诉举报热线 · 归并方式：双号并行 → 整体并入" in said
    assert any(line.startswith("退单期限 · 依据：") and line.endswith("→ 本市文件") for line in said)


def test_calendars_are_compared_day_by_day(pack: City) -> None:
    before = settled(pack.calendar)
    year = replace(before.years[2027], provisional=False, open=(date(2027, 2, 7),))
    after = replace(before, hours=((time(9), time(17)),), years={**before.years, 2027: year})
    said = [CHINESE.say(each, pack, pack) for each in compare_calendars(before, after)]
    assert [each.line() for each in said] == [
        "上班时间：09:00–12:00、13:30–17:30 → 09:00–17:00",
        "2027 · 调休安排未公布，暂按推算：是 → 否",
        "2027 · 本市另定的上班日：— → 2027-02-07",
    ]
    assert compare_calendars(before, before) == ()


def test_old_documents_are_read_with_defaults(pack: City) -> None:
    """As the first release wrote them: without anything that was added since."""
    content = document.of_rules(pack)
    for name in ("extension", "intake", "grid_digits", "remarks"):
        del content[name]
    for name in ("return_evidence", "reply_review", "pause_days", "hang_days", "through_centre"):
        del content["handling"][name]
    for name in ("closers", "auto_close"):
        del content["callback"][name]
    for name in ("received_until", "day_ends"):
        del content["clocks"][name]
    del content["numbering"]["region"]
    for rule in content["clocks"]["rules"].values():
        del rule["level"]
    old = Rulebook(**document.rulebook(content))
    assert (old.grid_digits, old.intake.petition, old.handling.hang_days) == (15, "refer", 180)
    assert old.extension.times == 2
    assert dict(old.remarks) == {}
    assert old.clocks.rules["reply"].level == ""
    assert old.matters == pack.matters
    compare(old, pack)
    calendar = document.of_calendar(pack)
    del calendar["duty"]
    assert document.calendar(calendar).duty == ()


def shapes_of(kind: Any) -> list[Any]:
    """The dataclasses that a type speaks of."""
    if is_dataclass(kind):
        return [kind]
    return [shape for inner in get_args(kind) for shape in shapes_of(inner)]


def keys() -> set[tuple[str, str]]:
    """Every section and key that a difference may be about."""
    found: set[tuple[str, str]] = set()

    def walk(section: str, shape: Any) -> None:
        for each in fields(shape):
            inner = [s for s in shapes_of(get_type_hints(shape)[each.name]) if s is not Limit]
            if inner:
                walk("rules" if each.name == "rules" else each.name, inner[0])
                if each.name == "scale":
                    found.add((section, each.name))
            else:
                found.add((section, each.name))

    for each in fields(Rulebook):
        inner = shapes_of(get_type_hints(Rulebook)[each.name])
        if inner:
            walk(each.name, inner[0])
        else:
            found.add(("rulebook", each.name))
    return found - {("rulebook", "remarks")} | {("remarks", "text")}


def test_every_key_has_a_name_that_people_use() -> None:
    held = {"clock", "kind", "urgency", "channel", "matter", "level", "name"}  # of a rule: they make its name
    nameless = [key for key in keys() if labels.label(*key) == key[1] and not (key[0] == "rules" and key[1] in held)]
    nameless += [("calendar", each.name) for each in fields(CalendarTable) if each.name in ("hours", "duty")
                 and labels.label("calendar", each.name) == each.name]  # fmt: skip
    assert nameless == []
    assert {section for section, _ in keys()} <= labels.SECTIONS.keys()


@pytest.mark.parametrize("folder", ["yunjiang", "changde"])
def test_every_code_of_the_shipped_cities_is_said_in_words(folder: str) -> None:
    from hotline import packs

    city = packs.load(folder)
    for (section, field), words in labels.CODES.items():
        part: Any = getattr(city, section)
        rows = part.values() if isinstance(part, Mapping) else [part]
        for row in rows:
            value = getattr(row, field)
            codes = value if isinstance(value, tuple) else (value,)
            unknown = [code for code in codes if code not in words and not code[0].isdigit()]
            assert not unknown, (section, field)


def test_words_are_marked_where_they_differ() -> None:
    left, right = marked("请在 24 小时内答复来电人", "请在 2 小时内答复来电人")
    assert [piece.text for piece in left if piece.differs] == ["24"]
    assert [piece.text for piece in right if piece.differs] == ["2"]
    assert [piece.differs for piece in marked("住建部门", "market office")[0]] == [True]


@given(st.text("甲乙丙 ab12，。", max_size=30), st.text("甲乙丙 ab12，。", max_size=30))
def test_marking_loses_nothing(before: str, after: str) -> None:
    left, right = marked(before, after)
    assert ("".join(each.text for each in left), "".join(each.text for each in right)) == (before, after)
    if before == after:
        assert not any(each.differs for each in (*left, *right) if each.text)


@given(data=st.data())
def test_every_single_difference_is_found_and_said(data: st.DataObject, pack: City) -> None:
    """Change one value anywhere in the document: one difference, and its words differ too."""
    content = document.of_rules(pack)
    section = data.draw(st.sampled_from(["handling", "clocks", "extension", "numbering", "matters", "roles", "exits"]))
    place: Any = content[section]
    while True:
        numbers_and_texts = [
            k for k, v in place.items() if isinstance(v, int | str) and k not in ("code", "name", "unit")
        ]
        deeper = [k for k, v in place.items() if isinstance(v, dict) and v]
        key = data.draw(st.sampled_from(sorted(numbers_and_texts + deeper)))
        if key in numbers_and_texts:
            break
        place = place[key]
    old = place[key]
    place[key] = (not old) if isinstance(old, bool) else old + 7 if isinstance(old, int) else f"{old}x"
    after = Rulebook(**document.rulebook(content))
    changes = compare(pack, after)
    assert changes
    assert len(changes) <= 2  # a rule whose condition changed has gone, and another has come
    said = [CHINESE.say(each, pack, after) for each in changes]
    assert all(each.before != each.after for each in said)


def test_a_change_says_what_it_is(pack: City) -> None:
    assert Change("roles", ("x",), "", None, object(), Weight.UNIT).kind == "added"
    assert MappingProxyType({"a": 1}) == {"a": 1}  # what documents become is compared by content
