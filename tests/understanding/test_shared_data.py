"""Real messages, where the data folder is given: every one is read, nearly every one gets a proposal."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from hotline.understanding.reading import Context, compose, spans_of
from tests.understanding.city import engine

FOLDER = os.environ.get("HOTLINE_SHARED_DATA")
MESSAGES = Path(FOLDER or "nowhere") / "appeals" / "taidi2020c" / "annex3_messages.jsonl"
AT = datetime.fromisoformat("2026-11-20T10:00:00+08:00")


@pytest.mark.skipif(not MESSAGES.exists(), reason="HOTLINE_SHARED_DATA is not set: no real messages were read")
def test_real_messages_are_read() -> None:
    empty, dangerous, many = 0, 0, 0
    for line in MESSAGES.read_text("utf-8").splitlines():
        message = json.loads(line)
        text, headline = compose({"appeal": message["text"], "title": message["title"]})
        reading = engine().read(text, Context(at=AT, headline=headline))
        many += 1
        empty += not reading.matters
        dangerous += reading.urgency.value == "critical"
        assert (reading.empty_reason is None) == bool(reading.matters)
        assert all(0 <= span.start < span.end <= len(text) for span in spans_of(reading))
    assert many > 4000
    assert empty / many < 0.02
    assert dangerous / many < 0.03  # letters are rarely about a danger of this minute
