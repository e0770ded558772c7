"""The pack's phrases as a regression set.

They are written for demonstration by the hands that wrote the catalogue: the shares below say that nothing got worse,
not how well real calls are read.
"""

from datetime import datetime

from hotline.understanding.reading import Context
from tests.understanding.city import city, engine, filled

AT = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
NOT_ABOUT_A_MATTER = {"nonsense", "out_of_scope"}
# Measured 45.7 %, 63.5 %, 55.8 % on 1,690 phrases; a share that falls below these floors is a step back.
FLOOR_FIRST, FLOOR_THREE, FLOOR_KIND = 0.45, 0.625, 0.545


def test_phrases_are_read_no_worse_than_before() -> None:
    phrases = [each for each in city().phrases if each.register not in NOT_ABOUT_A_MATTER]
    readings = [(each, engine().read(filled(each.text), Context(at=AT))) for each in phrases]
    many = len(readings)
    first = sum(bool(r.matters) and r.matters[0].value == p.matter_code for p, r in readings) / many
    three = sum(p.matter_code in {guess.value for guess in r.matters} for p, r in readings) / many
    kind = sum(r.kind is not None and r.kind.value == p.kind for p, r in readings) / many
    print(f"phrases {many}: first {first:.3f}, among three {three:.3f}, kind {kind:.3f}")
    assert many > 1500
    assert (first >= FLOOR_FIRST, three >= FLOOR_THREE, kind >= FLOOR_KIND) == (True, True, True)


def test_confidence_means_something() -> None:
    """Phrases read with more confidence are right more often."""
    sure: list[bool] = []
    unsure: list[bool] = []
    for phrase in city().phrases:
        found = engine().read(filled(phrase.text), Context(at=AT)).matters
        if found:
            (sure if found[0].confidence >= 0.6 else unsure).append(found[0].value == phrase.matter_code)
    assert sum(sure) / len(sure) > 0.6 > 0.45 > sum(unsure) / len(unsure)
