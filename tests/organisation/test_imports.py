"""An import: looked at, written, taken back, and refused where that would do harm."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import connection

from hotline.ledger import queries as ledger
from hotline.ledger.record import SYSTEM, Stream
from hotline.organisation import queries, services
from hotline.organisation import services as imports
from hotline.organisation.importing.kinds import Kind
from hotline.organisation.models import Area, FormerName, Grid, GridWorker, ImportRun, Membership, Staff, Unit, UnitArea
from hotline.organisation.queries import AuthorityView
from hotline.refusal import Refused
from tests.organisation import importing
from tests.organisation.importing import GRID, UNITS, WORKERS, book, faults, looked_at, view

NEW = {"new": 1, "changed": 0, "ended": 0, "same": 0, "bad": 0}


def everything() -> list[object]:
    """The whole organisation, but for keys that the database makes."""
    return [
        list(Area.objects.order_by("code").values_list("code", "name", "level", "parent_id", "path", "active")),
        list(
            Unit.objects.order_by("code").values_list(
                "code", "name", "level", "kind", "role_code", "area_id", "parent__code", "phone", "active", "path"
            )
        ),
        list(UnitArea.objects.order_by("unit__code", "area").values_list("unit__code", "area_id")),
        list(Grid.objects.order_by("code").values_list("code", "name", "area_id", "unit__code")),
        list(Staff.objects.order_by("username").values_list("username", "name", "phone_inner", "is_active")),
        list(
            Membership.objects.order_by("staff__username", "unit__code").values_list(
                "staff__username", "unit__code", "role", "active"
            )
        ),
        list(GridWorker.objects.order_by("staff__username").values_list("staff__username", "grid__code")),
        list(FormerName.objects.order_by("id").values_list("name", "unit__code", "area_id")),
    ]


def test_a_preview_counts_and_writes_nothing(yunjiang: AuthorityView, at: datetime) -> None:
    before = everything()
    run = looked_at(book(), at)
    assert run.state == "previewed"
    assert run.counts == {
        Kind.AREAS: NEW | {"new": 2},
        Kind.UNITS: NEW | {"new": 2},
        Kind.GRIDS: NEW,
        Kind.WORKERS: NEW,
    }
    assert faults(run.id) == []
    assert everything() == before


def test_rows_are_written_whatever_their_order(yunjiang: AuthorityView, at: datetime) -> None:
    run = looked_at(book(), at)
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    units = {unit.code: unit for unit in queries.unit_index(yunjiang.id)}
    chain = [units[code].id for code in ("centre", "north", "west", "willow", GRID)]
    assert units[GRID].path == "/" + "/".join(map(str, chain)) + "/"
    assert (units["west"].role_code, units["west"].kind, units[GRID].role_code) == ("town", "town", "grid")
    area = Area.objects.get(code="990102002001")
    assert (area.path, area.pinyin) == ("/990100/990102/990102002/990102002001/", "liu shu she qu")
    assert Grid.objects.get(code=GRID).unit_id == units[GRID].id
    assert queries.areas(yunjiang.id).get("990102002001") is not None


def test_a_grid_worker_gets_an_account_that_nobody_can_open_yet(yunjiang: AuthorityView, at: datetime) -> None:
    run = looked_at(book(), at)
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    staff = Staff.objects.get(username="li.na")
    assert not staff.has_usable_password()
    assert (staff.name, staff.phone_inner, staff.authority_id) == ("李娜", "010-87654321", yunjiang.id)
    viewer = queries.viewer_for(staff.id)
    assert viewer is not None
    assert (viewer.role, GridWorker.objects.get(staff=staff).grid.code) == ("grid_worker", GRID)
    [event] = ledger.timeline(Stream("staff", staff.id))
    assert event.kind == "staff.created"


def test_the_ledger_hears_numbers_only(yunjiang: AuthorityView, at: datetime) -> None:
    run = looked_at(book(), at)
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    told = [e for e in ledger.timeline(Stream("authority", yunjiang.id)) if e.kind.startswith("import.")]
    assert [event.kind for event in told] == ["import.previewed", "import.applied", "import.undone"]
    assert told[1].facts["units_new"] == 2
    assert all(isinstance(value, int) for event in told for value in event.facts.values())


def test_the_same_file_again_changes_nothing(yunjiang: AuthorityView, at: datetime) -> None:
    imports.apply_import(run_id=looked_at(book(), at).id, partly=False, actor=SYSTEM, at=at)
    written = everything()
    again = looked_at(book(), at)
    assert all(found["same"] == sum(found.values()) for found in again.counts.values())
    with pytest.raises(Refused, match="import_empty"):
        imports.apply_import(run_id=again.id, partly=False, actor=SYSTEM, at=at)
    assert everything() == written


def test_an_import_is_taken_back_to_the_last_row(yunjiang: AuthorityView, at: datetime) -> None:
    before = everything()
    areas = (*importing.AREAS, ("990103001", "山南城关镇", "街道", "990103"))
    units = (*UNITS, ("south", "山南县政府热线", "county_gov", "county", "990103", "centre"))
    run = looked_at(book(areas=areas, units=units), at)
    assert (run.counts[Kind.AREAS]["changed"], run.counts[Kind.UNITS]["changed"]) == (1, 1)
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    assert set(FormerName.objects.values_list("name", flat=True)) == {"城关街道", "south(示例)"}
    imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    assert everything() == before
    assert view(run.id).state == "undone"
    with pytest.raises(Refused, match="import_state"):
        imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)


def test_what_was_changed_again_is_not_taken_back(yunjiang: AuthorityView, at: datetime) -> None:
    run = looked_at(book(), at)
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    Unit.objects.filter(code="willow").update(name="柳荫社区居委会")
    written = everything()
    with pytest.raises(Refused) as refused:
        imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    assert [r.params.get("code") for r in refused.value.reasons if r.code == "undo_changed"] == ["willow"]
    assert everything() == written
    imports.undo_import(run_id=run.id, partly=True, actor=SYSTEM, at=at)
    assert set(Unit.objects.filter(code__in=["west", "willow", GRID]).values_list("code", flat=True)) == {
        "west",
        "willow",
    }
    assert Area.objects.filter(code="990102002001").exists()
    assert not Staff.objects.filter(username="li.na").exists()
    assert {reason.params["code"] for reason in view(run.id).trouble} == {"willow", "west", "990102002", "990102002001"}


def test_who_has_signed_in_is_not_deleted(yunjiang: AuthorityView, at: datetime) -> None:
    run = looked_at(book(), at)
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    Staff.objects.filter(username="li.na").update(last_login=at)
    with pytest.raises(Refused, match="undo_used"):
        imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    assert Grid.objects.filter(code=GRID).exists()


def test_who_was_given_work_since_is_in_use(yunjiang: AuthorityView, at: datetime) -> None:
    run = looked_at(book(workers=()), at)
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    west = Unit.objects.get(code="west")
    services.create_staff(username="clerk-1", name="王芳", password=None, unit_id=west.id, role="clerk", at=at)
    with pytest.raises(Refused) as refused:
        imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    assert "west" in {reason.params.get("code") for reason in refused.value.reasons}


def test_good_rows_wait_for_the_bad_ones_unless_told_otherwise(yunjiang: AuthorityView, at: datetime) -> None:
    units = (*UNITS, ("lost", "找不到上级", "town", "town", "990102002", "nobody"))
    run = looked_at(book(units=units), at)
    assert faults(run.id) == [("单位", 4, "parent_unknown")]
    assert run.counts[Kind.UNITS]["bad"] == 1
    with pytest.raises(Refused, match="import_faulty"):
        imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    imports.apply_import(run_id=run.id, partly=True, actor=SYSTEM, at=at)
    assert Unit.objects.filter(code="willow").exists()
    assert not Unit.objects.filter(code="lost").exists()


def test_a_preview_goes_stale(yunjiang: AuthorityView, at: datetime) -> None:
    first, second = looked_at(book(), at), looked_at(book(), at)
    imports.apply_import(run_id=first.id, partly=False, actor=SYSTEM, at=at)
    with pytest.raises(Refused, match="import_stale"):
        imports.apply_import(run_id=second.id, partly=False, actor=SYSTEM, at=at)


def test_a_user_name_taken_meanwhile_is_not_overwritten(
    yunjiang: AuthorityView, at: datetime, units: dict[str, object]
) -> None:
    run = looked_at(book(), at)
    centre = Unit.objects.get(code="centre")
    services.create_staff(username="li.na", name="李主任", password=None, unit_id=centre.id, role="admin", at=at)
    with pytest.raises(Refused, match="import_stale"):
        imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    assert Staff.objects.get(username="li.na").name == "李主任"
    assert faults(looked_at(book(), at).id) == [("网格员", 2, "username_other_role")]


def test_a_complete_list_ends_what_it_lacks(yunjiang: AuthorityView, at: datetime) -> None:
    there = ("north", "county_gov", "county", "990102", "centre")
    units = (
        *UNITS,
        ("north", "north(示例)", *there[1:]),
        ("city-urban", "city-urban(示例)", "urban", "city", "990100", "centre"),
        ("north-town", "north-town(示例)", "town", "town", "990102001001", "north"),
        ("bridge", "bridge(示例)", "community", "community", "990102001001", "north-town"),
        ("north-urban", "north-urban(示例)", "urban", "county", "990102", "north"),
    )
    run = looked_at(book(areas=importing.AREAS, units=units, grids=(), workers=()), at)
    assert run.counts[Kind.UNITS]["ended"] == 0
    run = looked_at(book(units=units, grids=(), workers=()), at, complete=True)
    # Without a column of served areas suppliers keep theirs; the hotline centre itself is never ended.
    assert run.counts[Kind.UNITS]["ended"] == 5
    imports.apply_import(run_id=run.id, partly=True, actor=SYSTEM, at=at)
    assert not Unit.objects.get(code="water-all").active
    assert Unit.objects.get(code="water-all").ended_at == at
    assert Unit.objects.get(code="centre").active
    told = ledger.timeline(Stream("unit", Unit.objects.get(code="water-all").id))
    assert [event.kind for event in told] == ["unit.ended"]
    imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    assert Unit.objects.get(code="water-all").active


def test_the_number_of_statements_does_not_grow_with_the_rows(
    yunjiang: AuthorityView, at: datetime, count_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    def rows(count: int, start: int) -> bytes:
        span = range(start, start + count)
        areas = [(f"990102{n:06d}", f"第{n}社区", "community", "990102001") for n in span]
        units = [(f"c{n}", f"第{n}居委会", "community", "community", f"990102{n:06d}", "north-town") for n in span]
        grids = [(f"{n:015d}", f"第{n}网格", f"990102{n:06d}", f"c{n}") for n in span]
        workers = [(f"walker{n}", "李娜", "", f"{n:015d}") for n in span]
        return book(areas, units, grids, workers)

    def steps(content: bytes) -> None:
        run = looked_at(content, at)
        with count_queries(32):
            imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
        with count_queries(75):
            imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)

    steps(rows(3, 5000))
    steps(rows(400, 6000))
    with count_queries(16):
        looked_at(rows(400, 7000), at)


def test_the_worker_takes_what_people_asked_for(yunjiang: AuthorityView, at: datetime) -> None:
    content = book()
    run_id = imports.start_import(
        authority_id=yunjiang.id,
        file_name="a.xlsx",
        content=content,
        rules=importing.RULES,
        complete=False,
        actor=SYSTEM,
        at=at,
    )
    assert imports.work_on_imports(at=at) == 1
    assert view(run_id).state == "previewed"
    imports.ask_for_import_step(run_id=run_id, step="apply", partly=False, actor=SYSTEM, at=at)
    with pytest.raises(Refused, match="import_state"):
        imports.ask_for_import_step(run_id=run_id, step="apply", partly=False, actor=SYSTEM, at=at)
    imports.work_on_imports(at=at)
    assert view(run_id).state == "applied"
    Unit.objects.filter(code="willow").update(name="柳荫")
    imports.ask_for_import_step(run_id=run_id, step="undo", partly=False, actor=SYSTEM, at=at)
    imports.work_on_imports(at=at)
    assert (view(run_id).state, view(run_id).trouble[0].code) == ("applied", "undo_left")
    assert imports.work_on_imports(at=at) == 0


def test_a_file_that_breaks_off_is_told_and_not_tried_for_ever(
    yunjiang: AuthorityView, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline.organisation.services import import_working as working

    run = looked_at(book(), at)
    imports.ask_for_import_step(run_id=run.id, step="apply", partly=False, actor=SYSTEM, at=at)

    def broken(**_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        raise RuntimeError

    monkeypatch.setattr(working, "apply_import", broken)
    imports.work_on_imports(at=at)
    assert (view(run.id).state, view(run.id).trouble[0].code) == ("previewed", "import_broke")


def test_what_was_never_written_is_forgotten(yunjiang: AuthorityView, at: datetime) -> None:
    run = looked_at(book(), at)
    imports.work_on_imports(at=at + timedelta(days=31))
    assert view(run.id).state == "lapsed"
    assert ImportRun.objects.get(id=run.id).plan == {}


def test_the_index_knows_of_every_row_what_a_single_look_knows(yunjiang: AuthorityView, at: datetime) -> None:
    imports.apply_import(run_id=looked_at(book(), at).id, partly=False, actor=SYSTEM, at=at)
    index = queries.unit_index(yunjiang.id)
    assert {unit.id: unit for unit in index} == queries.units_by_ids(unit.id for unit in index)


def test_an_ended_worker_loses_the_grid_and_may_come_back(yunjiang: AuthorityView, at: datetime) -> None:
    imports.apply_import(run_id=looked_at(book(), at).id, partly=False, actor=SYSTEM, at=at)
    gone = [(*WORKERS[0], "停用")]
    run = looked_at(book(areas=(), units=(), grids=(), workers=gone, more=("status",)), at)
    assert run.counts[Kind.WORKERS]["ended"] == 1
    imports.apply_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    staff = Staff.objects.get(username="li.na")
    assert (staff.is_active, Membership.objects.get(staff=staff).active) == (False, False)
    imports.undo_import(run_id=run.id, partly=False, actor=SYSTEM, at=at)
    staff.refresh_from_db()
    assert (staff.is_active, Membership.objects.get(staff=staff).active) == (True, True)
