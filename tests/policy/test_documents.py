"""What was published before a rule was known reads with the rule's usual value."""

from datetime import time

from hotline.packs import CalendarTable, City, Extension, Intake, Limit, Rulebook
from hotline.policy import document

LATER = {
    "handling": ("return_evidence", "reply_review", "pause_days", "hang_days", "through_centre"),
    "callback": ("closers", "auto_close"),
    "numbering": ("region",),
    "clocks": ("received_until", "day_ends"),
}


def older(pack: City) -> document.Document:
    """The rules as the first release wrote them down."""
    kept = document.of_rules(pack)
    for section, names in LATER.items():
        kept[section] = {name: value for name, value in kept[section].items() if name not in names}
    kept["clocks"]["rules"] = {
        name: {key: value for key, value in rule.items() if key != "level"}
        for name, rule in kept["clocks"]["rules"].items()
    }
    return {key: value for key, value in kept.items() if key not in ("extension", "intake", "grid_digits", "remarks")}


def test_an_older_document_reads_with_the_usual_values(pack: City) -> None:
    read = Rulebook(**document.rulebook(older(pack)))
    assert (read.extension, read.intake, read.grid_digits) == (Extension(2, Limit(5, "working_days")), Intake(), 15)
    assert dict(read.remarks) == {}
    assert (read.handling.reply_review, read.handling.hang_days, read.handling.through_centre) == ("none", 180, False)
    assert (read.callback.closers, read.callback.auto_close) == (("caller_back", "supervisor"), True)
    assert (read.clocks.received_until, read.clocks.day_ends, read.numbering.region) == (None, "office", "")
    assert {rule.level for rule in read.clocks.rules.values()} == {""}


def test_a_window_that_is_open_for_ever_is_kept(pack: City) -> None:
    kept = document.of_rules(pack)
    kept["handling"]["return_window"] = None
    assert Rulebook(**document.rulebook(kept)).handling.return_window is None


def test_hours_of_duty_are_kept_and_may_be_missing() -> None:
    table = CalendarTable(((time(9), time(17)),), {}, {}, ((time(7), time(22)),))
    kept = document.plain(table)
    assert document.calendar(kept).duty == ((time(7), time(22)),)
    del kept["duty"]
    assert document.calendar(kept).duty == ()
