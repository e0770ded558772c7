"""Free text: what leads to a person is taken out, everything else stays."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.residents.masking import redact
from hotline.residents.redaction import MARKS, plain

PHONE, IDENTITY, CARD, EMAIL, ACCOUNT = (MARKS[kind] for kind in ("phone", "identity", "card", "email", "account"))

TAKEN_OUT = [
    # mobiles
    ("我的电话13812345678", f"我的电话{PHONE}"),
    ("13812345678,13987654321都行", f"{PHONE},{PHONE}都行"),
    ("138 1234 5678", PHONE),
    ("138-1234-5678找我", f"{PHONE}找我"),
    ("138.1234.5678", PHONE),
    ("138 - 1234 - 5678", PHONE),
    ("138(1234)5678", PHONE),
    ("13812 345678", PHONE),
    ("1381234 5678", PHONE),
    ("1 3 8 1 2 3 4 5 6 7 8", PHONE),
    ("1-3-8-1-2-3-4-5-6-7-8", PHONE),
    ("13 81 23 45 67 8", PHONE),
    ("138 123 456 78", PHONE),
    ("+86 13812345678", PHONE),
    ("+86-138-1234-5678", PHONE),
    ("0086 13812345678", PHONE),
    ("8613812345678", PHONE),
    ("013812345678", PHONE),
    ("13812345678(微信同号)", f"{PHONE}(微信同号)"),
    ("电话:13812345678 李先生", f"电话:{PHONE} 李先生"),
    ("tel13812345678", f"tel{PHONE}"),
    ("1.13812345678 2.13987654321", f"1.{PHONE} 2.{PHONE}"),
    ("1381234567813987654321", PHONE),
    ("19912345678是我,人在外地", f"{PHONE}是我,人在外地"),
    ("打13812345678人不接", f"打{PHONE}人不接"),
    # other digits
    ("\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", PHONE),
    ("电话是\uff0b\uff18\uff1613812345678", f"电话是{PHONE}"),
    ("138\uff0d1234\uff0d5678", PHONE),
    ("\uff080736\uff097123456", PHONE),
    ("电话\uff1a7123456", f"电话\uff1a{PHONE}"),
    ("微信\uff1azhangsanfeng", f"微信\uff1a{ACCOUNT}"),
    ("a\uff20example.com", EMAIL),
    ("11010519491231002\uff38", IDENTITY),
    ("١٣٨١٢٣٤٥٦٧٨", PHONE),
    ("𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", PHONE),
    # spoken
    ("幺三八一二三四五六七八", PHONE),
    ("一三八一二三四五六七八", PHONE),
    ("我是张三幺三八一二三四五六七八谢谢", f"我是张三{PHONE}谢谢"),
    ("联系人李三13812345678", f"联系人李三{PHONE}"),
    ("138一二三四5678", PHONE),
    ("幺三八,一二三四,五六七八", PHONE),
    ("幺三八 一二三四 五六七八", PHONE),
    ("一三九零七三六〇〇八八", PHONE),
    ("零七三六七一二三四五六", PHONE),
    # landlines and service numbers
    ("0736-7123456", PHONE),
    ("(0736)7123456", PHONE),
    ("07367123456转8001", PHONE),
    ("0736-7123456-801", PHONE),
    ("010-62345678", PHONE),
    ("010 6234 5678", PHONE),
    ("+86 736 7123456", PHONE),
    ("电话:7123456", f"电话:{PHONE}"),
    ("座机是82345678", f"座机是{PHONE}"),
    ("拨打400-123-4567没人接", f"拨打{PHONE}没人接"),
    ("+852 9123 4567", PHONE),
    ("+14155550123", PHONE),
    # identity numbers (of nobody: valid check digits on made-up serials)
    ("11010519491231002X", IDENTITY),
    ("身份证11010519491231002x,请核实", f"身份证{IDENTITY},请核实"),
    ("110105 19491231 002X", IDENTITY),
    ("11010519491231002X", IDENTITY),
    ("身份证号码:110105194912310021", f"身份证号码:{IDENTITY}"),
    ("护照号E12345678", f"护照号{IDENTITY}"),
    # cards
    ("6222020000000000125", CARD),
    ("4111 1111 1111 1111", CARD),
    ("4111-1111-1111-1111", CARD),
    ("卡号 6217000000000000", f"卡号 {CARD}"),
    ("银行卡:123456789012", f"银行卡:{CARD}"),
    # mail and accounts
    ("发到zhang.san+1@example.com.cn吧", f"发到{EMAIL}吧"),
    ("zhangsan@example.com", EMAIL),
    ("加微信abc_12345聊", f"加微信{ACCOUNT}聊"),
    ("微信号:zhangsanfeng", f"微信号:{ACCOUNT}"),
    ("VX:zs13579", f"VX:{ACCOUNT}"),
    ("QQ号123456789", f"QQ号{ACCOUNT}"),
    ("扣扣 87654321", f"扣扣 {ACCOUNT}"),
    ("my wechat is zhang_san", f"my wechat is {ACCOUNT}"),
]

LEFT_ALONE = [
    "欠薪13812345678元",
    "合计¥13812345678",
    "合计\uffe513812345678",
    "补偿金0736712345元",
    "4001234567元",
    "13812345678.50元",
    "投资15000000000万元",
    "工单YJ20261116-002187至今没回复",
    "工单编号20261116002187",
    "单号250912101108115409",
    "案件430702202611200012",
    "2026-11-20 15:30到17:30",
    "2026年11月20日",
    "联系时间20261120",
    "13栋1单元502室",
    "13-1-502",
    "13-1-502 1305 22号",
    "1、3、5、6、7、8、9、10、11栋",
    "138、1401、1402号门面",
    "一三五、二四六单号限行",
    "一二三四五六七八九十",
    "二〇二六年十一月二十日",
    "拨打12345、12315、110、95598都试过",
    "12345热线",
    "关注微信公众号hotline12345",
    "微信支付500000元",
    "wechat payment failed twice",
    "油箱3+12吨",
    "车牌湘J12345堵住了大门",
    "经度111.69,纬度29.03",
    "坐标111.6985312,29.0316732",
    "一共1380户,其中723户没暖气",
    "电表号1300123456",
    "统一社会信用代码91430700MA4L1234XY",
    "http://example.com/a?id=1",
    "@所有人",
    "",
]


@pytest.mark.parametrize(("text", "expected"), TAKEN_OUT)
def test_taken_out(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert redact(text).text == text


def test_number_plates_go_only_when_asked() -> None:
    assert redact("湘J·12345和湘AD12345占道", plates=True).text == "[车牌已遮]和[车牌已遮]占道"


def test_spans_are_offsets_into_the_original() -> None:
    text = "我姓王😀,电话13812345678,邮箱a@b.cn"
    spans = redact(text).spans
    assert [(text[span.start : span.end], span.kind) for span in spans] == [
        ("13812345678", "phone"),
        ("a@b.cn", "email"),
    ]


NEAR_TEXT = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=12).filter(
    lambda text: (
        not re.search("[0-9幺一二三四五六七八九零〇○万亿块美人平立吨公千$\u00a5\uffe5元]|rmb", text, re.IGNORECASE)
    )
)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(NEAR_TEXT, MOBILES, NEAR_TEXT)
def test_no_mobile_survives_whatever_stands_around_it(before: str, mobile: str, after: str) -> None:
    assert mobile not in plain(redact(before + mobile + after).text)


@given(
    MOBILES,
    st.sampled_from([" ", "-", ".", " - ", "·", "—", "\u3000", "\uff0d"]),
    st.sampled_from([(3, 7), (3,), (7,)]),
)
def test_grouped_mobiles_are_one_span(mobile: str, gap: str, cuts: tuple[int, ...]) -> None:
    edges = [0, *cuts, 11]
    text = gap.join(mobile[start:end] for start, end in pairwise(edges))
    assert redact(text).text == PHONE


@given(MOBILES)
def test_spoken_mobiles(mobile: str) -> None:
    spoken = mobile.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))
    assert redact(f"你记一下{spoken}好吧").text == f"你记一下{PHONE}好吧"


@given(st.text(max_size=200))
def test_the_rest_of_the_text_is_untouched(text: str) -> None:
    redacted = redact(text)
    rebuilt, end = "", 0
    for span in redacted.spans:
        assert end <= span.start < span.end
        rebuilt += text[end : span.start] + MARKS[span.kind]
        end = span.end
    assert rebuilt + text[end:] == redacted.text


@given(st.integers(0, 10**12), st.sampled_from(["元", "万元", "块钱", " 元", "亿元", "平方米", "吨"]))
def test_amounts_stay(amount: int, unit: str) -> None:
    text = f"一共{amount}{unit}"
    assert redact(text).text == text


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y/%m/%d %H:%M", "%Y%m%d"]))
def test_dates_stay(day: object, form: str) -> None:
    text = f"从{day:{form}}开始"
    assert redact(text).text == text


@given(st.dates(), st.integers(1, 999_999), st.from_regex(r"[A-Z]{2}", fullmatch=True))
def test_order_numbers_stay(day: object, serial: int, prefix: str) -> None:
    text = f"{prefix}{day:%Y%m%d}-{serial:06d}"
    assert redact(text).text == text


@given(st.integers(1, 200), st.integers(1, 20), st.integers(101, 3605))
def test_house_numbers_stay(building: int, entrance: int, room: int) -> None:
    text = f"{building}栋{entrance}单元{room}室,{building}-{entrance}-{room}"
    assert redact(text).text == text


@pytest.mark.parametrize("piece", ["1 3-", "一3", "a@", "86 ", "电话", "(0736", "微信 ", "62 ", "138-", "a.", "卡号1 "])
def test_a_very_long_text_is_read_in_one_go(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert len(redact(text).text) > 0
