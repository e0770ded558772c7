"""Whatever stands in a file: it is read, or refused with faults, never a crash."""

import datetime
import string
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from hotline.packs import CITIES, PackError, Role, settings, tables, timing
from hotline.packs.checks import numbering
from hotline.packs.faults import Faults, Place
from hotline.packs.fields import Fields
from hotline.packs.rules import Numbering
from hotline.packs.sources import Sources

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.dates(),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.floats(),
)
line = st.text(alphabet=string.ascii_letters + "一二，。,\"'\n\r|\x00 =[]{}#", max_size=80)


class Memory(Sources):
    """Files that were never on a disk."""

    def __init__(self, faults: Faults, text: str) -> None:
        super().__init__(CITIES, "yunjiang", faults)
        self.content = text

    def _layers(self, name: str):  # type: ignore[no-untyped-def]
        yield f"yunjiang/{name}", self.content


def refused_or_read(faults: Faults) -> None:
    """Every fault can be said, and says where and what to do."""
    try:
        faults.raise_if_any()
    except PackError as error:
        for fault in error.faults:
            assert fault.line >= 0
            assert fault.words().startswith(fault.file)
            assert fault.remedy


@given(line)
def test_any_text_as_a_table(text: str) -> None:
    faults = Faults()
    tables.roles(Memory(faults, text))
    refused_or_read(faults)


@given(st.lists(st.lists(st.text(max_size=12), min_size=8, max_size=8), max_size=4))
def test_any_cells_under_the_right_header(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    faults = Faults()
    read = tables.roles(Memory(faults, "\n".join([",".join(tables.ROLE_COLUMNS), *quoted])))
    refused_or_read(faults)
    assert all(isinstance(role, Role) for role, _row in read)
    if not faults.found:
        assert all(role.code and role.levels and role.leads in ("yes", "no", "guidance") for role, _row in read)


@given(line)
def test_any_text_as_settings(text: str) -> None:
    faults = Faults()
    memory = Memory(faults, text)
    settings.city(memory)
    timing.clocks(memory)
    settings.exits(memory)
    settings.templates(memory)
    timing.calendar(memory)
    refused_or_read(faults)


names = st.sampled_from(
    [
        "numbering",
        "callback",
        "scale",
        "handling",
        "urgency",
        "rules",
        "hours",
        "years",
        "2026",
        "urgent",
        "limit",
        "zh",
    ]
)


@given(st.recursive(anything, lambda inner: st.dictionaries(names, inner, max_size=4), max_leaves=12))
def test_any_tables_as_settings(value: object) -> None:
    faults = Faults()

    class Tables(Memory):
        def toml(self, name: str) -> Fields:
            values = value if isinstance(value, dict) else {"x": value}
            return Fields(values, lambda key: Place(name, 1), faults)

    memory = Tables(faults, "")
    settings.city(memory)
    timing.clocks(memory)
    settings.exits(memory)
    settings.templates(memory)
    timing.calendar(memory)
    assert faults.found
    refused_or_read(faults)


@given(st.text(alphabet="{}:prefixdatesq-0123456789d!.[]你", max_size=30), st.sampled_from(["day", "never"]))
def test_a_pattern_that_is_accepted_makes_numbers(pattern: str, reset: str) -> None:
    faults = Faults()
    top = Fields({"numbering": {}}, lambda key: Place("city.toml", 1), faults)
    numbering(Numbering("YJ", pattern, reset), top)
    if not faults.found:
        made = {pattern.format(prefix="YJ", date="20260131", seq=seq) for seq in range(1, 50)}
        assert len(made) == 49


@given(st.dates(), st.dates())
def test_dates_are_read_as_written(one: datetime.date, other: datetime.date) -> None:
    faults = Faults()
    document = tomllib.loads(f"open = [{one.isoformat()}, {other.isoformat()}]")
    read = Fields(document, lambda key: Place("calendar.toml", 1), faults).days("open")
    assert read == ((one, other) if one != other else ())
    assert bool(faults.found) == (one == other)
