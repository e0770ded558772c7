"""Reading moments."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.channels.history.moments import read_moment
from hotline.channels.history.profile import shipped

ZONE = ZoneInfo("Asia/Shanghai")
FORMATS = next(profile.formats for profile in shipped() if profile.name == "messages")


@pytest.mark.parametrize(
    "written",
    [
        "2019/2/28 1:25:05",
        "2019-02-28 01:25:05",
        "2019/02/28 01:25:05",
        " 2019/2/28  01:25:05 ",
        "2019-02-28T01:25:05",
        "2019-02-28T01:25:05+08:00",
        "2019年2月28日 1:25:05",
        "2019年2月28日1时25分5秒",
        "２０１９/2/28 1:25:05",
    ],
)
def test_the_many_ways_to_write_one_moment(written: str) -> None:
    assert read_moment(written, FORMATS, ZONE) == datetime(2019, 2, 28, 1, 25, 5, tzinfo=ZONE)


def test_an_offset_that_is_written_counts() -> None:
    assert read_moment("2019-02-27T17:25:05Z", FORMATS, ZONE) == datetime(2019, 2, 27, 17, 25, 5, tzinfo=UTC)


@pytest.mark.parametrize("written", ["", "昨天", "2019/13/1 0:00:00", "2019/2/30", "28/2/2019 1:25:05"])
def test_what_cannot_be_read_is_none(written: str) -> None:
    assert read_moment(written, FORMATS, ZONE) is None


@given(st.datetimes(datetime(1949, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_every_moment_in_every_format_of_seconds_comes_back(moment: datetime) -> None:
    for form in FORMATS[:2]:
        assert read_moment(moment.strftime(form), FORMATS, ZONE) == moment.replace(tzinfo=ZONE)


@given(st.text(max_size=40))
def test_any_text_is_a_moment_with_zone_or_none(written: str) -> None:
    moment = read_moment(written, FORMATS, ZONE)
    assert moment is None or moment.tzinfo is not None
