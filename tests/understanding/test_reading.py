"""What is stored of a reading comes back, and holds no text."""

import json

from hotline.understanding.reading import LONGEST_READ, Context, Span, compose, empty, from_document, to_document
from tests.understanding.city import engine

TEXT = "武陵区启明街道昨天晚上8点起停水，家里有80岁老人，9户人家都没水，请问什么时候来水？急死人了！"


def test_reading_survives_storage(at) -> None:
    reading = engine().read(TEXT, Context(at=at))
    document = json.loads(json.dumps(to_document(reading)))
    back = from_document(reading.engine, reading.version, document, reading.empty_reason)
    assert back == engine().read(TEXT, Context(at=at)).__class__(**{**reading.__dict__, "redacted": ""})


def test_stored_document_holds_no_words_of_the_text(at) -> None:
    document = json.dumps(to_document(engine().read(TEXT, Context(at=at))), ensure_ascii=False)
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in document)


def test_empty_reading_survives_storage() -> None:
    reading = empty("none", "", "engine_down")
    assert from_document("none", "", to_document(reading), "engine_down") == reading


def test_appeal_comes_first_so_offsets_are_its_own() -> None:
    text, headline = compose({"appeal": "水管爆了", "title": "停水", "place": "滨湖路"})
    assert text == "水管爆了\n停水\n滨湖路"
    assert headline == Span(5, 7)


def test_title_is_read_even_after_an_endless_appeal() -> None:
    text, headline = compose({"appeal": "啊" * 50_000, "title": "停水"})
    assert headline is not None
    assert len(text) <= LONGEST_READ
    assert text[headline.start : headline.end] == "停水"
