"""What the rules engine reads, and that it reads anything."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.understanding.reading import Context, Reading, Span, spans_of
from tests.understanding.city import engine, policy

AT = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


def read(text: str) -> Reading:
    return engine().read(text, Context(at=AT))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("小区停水三天了", "停水与水压低"),
        ("楼下烧烤店油烟味太大", "油烟扰民"),
        ("路邊井蓋不見了，很危險", "窨井盖缺失破损"),
        ("公交车站改名建议", "公交线路与站点"),
        ("老板拖欠农民工工资", "农民工工资拖欠"),
        ("暖气不热，室温只有十二度", "室温不达标"),
    ],
)
def test_matter_by_the_catalogues_words(text: str, name: str) -> None:
    best = read(text).matters[0]
    assert policy().matters[best.value].name == name
    assert best.spans
    assert 0 < best.confidence < 1


def test_at_most_three_matters_best_first() -> None:
    found = read("物业不打扫，电梯坏了，停水，路灯不亮，垃圾没人收").matters
    assert len(found) == 3
    assert [each.confidence for each in found] == sorted((each.confidence for each in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing_to_read"),
        ("😀😀 123 ！！", "nothing_to_read"),
        ("嗯嗯啊啊", "no_matter"),
        ("你猜我是谁", "nonsense"),
    ],
)
def test_an_empty_reading_says_why(text: str, reason: str) -> None:
    reading = read(text)
    assert (reading.matters, reading.empty_reason) == ((), reason)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问公积金怎么提取？", "consult"),
        ("求助，电梯坏了，请派人来修", "help"),
        ("投诉物业乱收费，态度恶劣", "complaint"),
        ("举报工厂夜里偷排污水", "report"),
        ("建议在路口增设红绿灯", "suggestion"),
        ("谢谢你们，表扬抢修师傅", "suggestion"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    found = read(text).kind
    assert found is not None
    assert found.value == kind


@pytest.mark.parametrize(
    ("text", "urgency", "why"),
    [
        ("楼道里煤气味呛人，快来人", "critical", "danger.gas_leak"),
        ("八楼着火了，有人喊救命", "critical", "danger.fire"),
        ("有人被关在电梯里", "critical", "danger.trapped"),
        ("家里停水了", "urgent", "danger.supply_cut"),
        ("检查过了，没有漏气", "normal", "no_sign"),
        ("管道不漏气，就是费用高", "normal", "no_sign"),
        ("没人管漏气的事", "critical", "danger.gas_leak"),
        ("电瓶车上楼，我怕着火", "urgent", "feared.fire"),
        ("消防通道堵了，万一着火怎么办", "urgent", "danger.blocked"),
        ("请问有没有漏气报警器", "urgent", "feared.gas_leak"),
        ("去年着火后一直没修", "urgent", "feared.fire"),
        ("燃气灶打不着火", "normal", "no_sign"),
        ("路灯晚上太亮", "normal", "no_sign"),
    ],
)
def test_urgency_knows_denial_fear_and_past(text: str, urgency: str, why: str) -> None:
    found = read(text).urgency
    assert (found.value, found.why) == (urgency, why)


def test_a_danger_told_in_a_long_letter_is_not_live() -> None:
    letter = "我们小区建成多年，" * 30 + "当时发生过火灾。" + "希望重视消防设施，" * 30
    assert read(letter).urgency.value == "urgent"
    assert read(letter + "现在又着火了，快来").urgency.value == "critical"


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("凭什么不管！太过分了！", "angry"),
        ("孩子走丢了，急死我了，求求你们", "anxious"),
        ("感谢你们，点个赞", "thankful"),
        ("请问周末办证吗，谢谢", "calm"),
        ("我不是愤怒，只是问问", "calm"),
    ],
)
def test_mood(text: str, mood: str) -> None:
    assert read(text).mood.value == mood


@pytest.mark.parametrize(
    ("text", "way_out", "why"),
    [
        ("法院判了我不满意，请你们叫法官改判", "legal_route", "litigation"),
        ("信访局已受理我的事，你们再处理一遍", "legal_route", "petition"),
        ("村干部贪污，收受贿赂", "legal_route", "discipline"),
        ("有人拿刀乱砍，快叫警察", "emergency", "110"),
        ("仓库着火了，快来", "emergency", "119"),
        ("路上有人昏迷，快来", "emergency", "120"),
        ("让她来，不来我就骂死你", "abuse", "malicious"),
    ],
)
def test_ways_out_of_the_hotline(text: str, way_out: str, why: str) -> None:
    found = read(text).out_of_scope
    assert found is not None
    assert (found.value, found.why) == (way_out, why)


@pytest.mark.parametrize("text", ["请问行政复议怎么申请？", "楼道里有煤气味", "小区停水了", "怕着火，请检查消防栓"])
def test_ordinary_appeals_stay(text: str) -> None:
    assert read(text).out_of_scope is None


def test_people_and_counts() -> None:
    text = "小区9户人家停水，有孕妇和80岁老人"
    found = {each.group: each for each in read(text).people}
    assert {"elderly", "pregnant", "several"} <= set(found)
    assert (found["several"].count, found["several"].unit) == (9, "household")


def test_phone_numbers_are_redacted() -> None:
    reading = read("请打我电话13812345678，家里停水")
    assert "13812345678" not in reading.redacted
    assert "停水" in reading.redacted
    assert "13812345678" not in repr(reading)


def test_title_weighs_more() -> None:
    text = "路上有垃圾，吵得很，树挡了灯，物业不管。\n路灯不亮"
    best = engine().read(text, Context(at=AT, headline=Span(text.index("\n") + 1, len(text)))).matters[0]
    assert "路灯" in policy().matters[best.value].name


@pytest.mark.parametrize(
    "piece", ["在人民路", "漏气", "😀", "\0", "没", '"', "三天", "\ud800", "物业费", "11月", "3栋"]
)
def test_endless_texts_are_read(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert all(0 <= span.start < span.end <= len(text) for span in spans_of(read(text)))


WORDS = [
    *("停水", "没有", "漏气", "武陵区", "昨天晚上8点", '"', "“着火”", "怕", "物業費", "Ａ栋", "😀", "\0"),
    *("三十户", "谢谢", "！", "\u3000", "法院判了", "1", "\n"),
]


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), max_size=40).map("".join))
def test_never_fails_and_every_span_lies_in_the_text(text: str) -> None:
    for span in spans_of(read(text)):
        assert 0 <= span.start < span.end <= len(text)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_code_points_are_read(text: str) -> None:
    assert read(text).engine == "rules"


@pytest.mark.parametrize("prefix", ["😀", "\u3000", "繁體", "Ａ"])
def test_offsets_point_into_the_text_as_given(prefix: str) -> None:
    text = prefix + "小區停水了"
    urgency = read(text).urgency
    assert [text[span.start : span.end] for span in urgency.spans] == ["停水"]
