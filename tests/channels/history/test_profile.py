"""Choosing a profile, reading one, and mapping a row."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.channels.history.mapping import to_form
from hotline.channels.history.profile import Profile, ProfileFault, choose, read_profile, shipped
from hotline.channels.history.sources import NOT_A_RECORD, Row
from hotline.refusal import Refused

MESSAGES = ("id", "user", "title", "time", "text", "up", "down")


def profile(name: str) -> Profile:
    """A shipped profile."""
    return next(each for each in shipped() if each.name == name)


def reason_of(row: Row, chosen: Profile) -> str:
    """The code for which a row is refused."""
    with pytest.raises(Refused) as refused:
        to_form(row, chosen, "430700")
    return refused.value.reasons[0].code


def test_the_columns_choose_by_themselves_in_any_order() -> None:
    assert choose(None, MESSAGES, shipped()).name == "messages"
    assert choose(None, tuple(reversed(MESSAGES)), shipped()).name == "messages"
    assert choose(None, (*MESSAGES, "line", "reason"), shipped()).name == "messages"


def test_unclear_columns_are_asked_about_with_the_list() -> None:
    with pytest.raises(Refused) as refused:
        choose(None, ("a", "b"), shipped())
    assert all(each.name in refused.value.reasons[0].words() for each in shipped())


def test_a_named_profile_may_miss_what_it_ignores() -> None:
    assert choose("messages", ("id", "title", "time", "text"), shipped()).name == "messages"


@pytest.mark.parametrize(
    ("name", "columns", "code"), [("nope", MESSAGES, "profile_unknown"), ("messages", ("id",), "profile_columns")]
)
def test_a_named_profile_that_does_not_fit(name: str, columns: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(name, columns, shipped())
    assert refused.value.reasons[0].code == code


def test_two_that_fit_equally_are_asked_about(tmp_path: Path) -> None:
    text = 'title = "t"\n[fields]\nsource_ref = "id"\ntext = "text"\n[constants]\nchannel = "web"\n'
    twins = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.toml"
        path.write_text(text, "utf-8")
        twins.append(read_profile(path))
    with pytest.raises(Refused):
        choose(None, ("id", "text"), twins)
    assert choose("two", ("id", "text"), twins).name == "two"


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        'title = "t"\n[fields]\ntext = "text"\n[constants]\nchannel = "web"',
        'title = "t"\n[fields]\nsource_ref = "id"\ntext = "text"',
        'title = "t"\n[fields]\nsource_ref = "id"\ntext = "text"\nshoe = "x"\n[constants]\nchannel = "web"',
        'title = "t"\n[fields]\nsource_ref = "id"\ntext = "t"\n[constants]\nchannel = "web"\n[time]\nzone = "Mars/One"',
    ],
)
def test_a_profile_file_with_a_fault_names_itself(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ProfileFault, match=r"mine\.toml"):
        read_profile(path)


def test_a_message_becomes_an_anonymous_appeal_with_its_own_time() -> None:
    row = Row(1, {"id": "7", "user": "A0001", "title": "路灯", "time": "2019/2/28 11:25:05", "text": "南门路灯坏了"})
    form = to_form(row, profile("messages"), "430700")
    assert (form.title, form.text, form.source_ref, form.sender) == ("路灯", "南门路灯坏了", "7", "import-messages")
    assert form.anonymous
    assert form.phone is None
    assert form.own_at == datetime(2019, 2, 28, 11, 25, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_an_exported_order_keeps_contact_kind_and_secrecy() -> None:
    row = Row(
        2,
        {
            "工单编号": "A-1",
            "来电时间": "2024年5月6日 7:08",
            "诉求人": "李某",
            "联系电话": "13800005678",
            "诉求类型": "投诉",
            "诉求标题": "",
            "诉求内容": "楼上漏水",
            "事发地点": "解放路",
            "是否保密": "是",
        },
    )
    form = to_form(row, profile("orders"), "430700")
    assert (form.kind, form.phone, form.secret, form.anonymous, form.place) == (
        "complaint",
        "13800005678",
        True,
        False,
        "解放路",
    )
    assert form.own_at == datetime(2024, 5, 6, 7, 8, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_title_too_long_loses_nothing() -> None:
    title = "长" * 150
    form = to_form(Row(1, {"id": "1", "title": title, "text": "正文", "time": ""}), profile("messages"), "1")
    assert form.text == f"{title}\n正文"
    assert form.title is not None
    assert len(form.title) == 100


def test_rows_that_cannot_be_mapped() -> None:
    messages = profile("messages")
    assert reason_of(Row(1, {"": "{"}, NOT_A_RECORD), messages) == "row_unreadable"
    assert reason_of(Row(1, {"id": "", "text": "x"}), messages) == "source_ref_missing"
    assert reason_of(Row(1, {"id": "1", "text": "x", "time": "昨天"}), messages) == "own_at"
