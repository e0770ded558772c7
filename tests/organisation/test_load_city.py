"""A city from its pack into tables, again and again."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.db import connection

from hotline import packs
from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.organisation import queries, services
from hotline.organisation.models import Area, Authority, Grid, Unit, UnitArea
from hotline.organisation.queries import AuthorityView
from hotline.organisation.tree import UnitView
from hotline.vault import queries as vault
from tests.databases import Copy
from tests.organisation.cities import AREAS, UNITS, area, city, unit

Counter = Callable[[int], AbstractContextManager[None]]


def test_everything_in_the_pack_is_there(yunjiang: AuthorityView, units: dict[str, UnitView]) -> None:
    assert (Area.objects.count(), Unit.objects.count()) == (len(AREAS), len(UNITS))
    assert UnitArea.objects.count() == sum(len(row[6]) for row in UNITS)
    assert list(Grid.objects.values_list("code", "unit_id")) == [("bridge-1", units["bridge-1"].id)]
    assert (yunjiang.pack, yunjiang.area_path) == ("yunjiang", "/990100/")
    assert list(vault.open_keys([yunjiang.key_id])) == [yunjiang.key_id]
    town = queries.areas(yunjiang.id).get("990102001")
    assert town is not None
    assert (town.parent_code, town.pinyin) == ("990102", "cheng guan jie dao")


def test_paths_follow_the_tree(units: dict[str, UnitView]) -> None:
    for found in units.values():
        parent = next((other for other in units.values() if other.id == found.parent_id), None)
        assert found.path == (parent.path if parent else "/") + f"{found.id}/"
    assert units["bridge-1"].path.count("/") == 6


def test_the_same_pack_again_changes_nothing(yunjiang: AuthorityView, at: datetime) -> None:
    before = [list(table.objects.order_by("pk").values()) for table in (Area, Unit, Grid)]
    services.load_city(pack=city(), at=at)
    assert [list(table.objects.order_by("pk").values()) for table in (Area, Unit, Grid)] == before
    again = queries.authority("990100")
    assert again is not None
    assert (again.id, again.key_id, again.revision) == (yunjiang.id, yunjiang.key_id, yunjiang.revision + 1)
    events = ledger.timeline(Stream("authority", yunjiang.id))
    assert [event.kind for event in events] == ["authority.loaded"] * 2


def test_a_changed_pack_moves_renames_and_retires(yunjiang: AuthorityView, at: datetime) -> None:
    rows = [row for row in UNITS if row[0] != "water-south"]
    rows = [(*row[:5], "south", ("990103001",)) if row[0] == "north-town" else row for row in rows]
    services.load_city(pack=city(units=tuple(unit(*row) for row in rows)), at=at)
    index = queries.unit_index(yunjiang.id)
    moved, grid, gone = (
        next(found for found in index if found.code == code) for code in ("north-town", "bridge-1", "water-south")
    )
    south = next(found for found in index if found.code == "south")
    assert moved.path.startswith(south.path)
    assert grid.path.startswith(moved.path)
    assert not gone.active
    assert list(UnitArea.objects.filter(unit_id=moved.id).values_list("area_id", flat=True)) == ["990103001"]
    services.load_city(pack=city(), at=at)
    assert all(found.active for found in queries.unit_index(yunjiang.id))


def test_two_authorities_may_use_the_same_unit_codes(yunjiang: AuthorityView, at: datetime) -> None:
    centre = unit("centre", "hotline", "city", "department", "990200", "", ())
    other = city("990200", areas=(area("990200", "溪口市", "city", ""),), units=(centre,))
    services.load_city(pack=other, at=at)
    second = queries.authority("990200")
    assert second is not None
    assert len(queries.unit_index(second.id)) == 1
    assert len(queries.unit_index(yunjiang.id)) == len(UNITS)
    assert [found.code for found in queries.areas(second.id)] == ["990200"]


@pytest.mark.django_db
def test_a_city_hangs_below_its_province_when_that_is_there(at: datetime) -> None:
    province = city("990000", province_code="", areas=(area("990000", "江东省", "province", ""),), units=())
    services.load_city(pack=province, at=at)
    services.load_city(pack=city(), at=at)
    above, below = queries.authority("990000"), queries.authority("990100")
    assert above is not None
    assert below is not None
    assert (below.parent_id, below.area_path) == (above.id, "/990000/990100/")
    assert len(queries.areas(above.id)) == len(AREAS) + 1
    assert [view.code for view in queries.authorities()] == ["990000", "990100"]


@pytest.mark.django_db
def test_statements_do_not_grow_with_the_city(at: datetime, count_queries: Counter) -> None:
    many = tuple(
        unit(f"u{number}", "town", "town", "town", "990102001", "centre", ("990102",)) for number in range(900)
    )
    with count_queries(14):
        services.load_city(pack=city(units=(unit(*UNITS[0]), *many)), at=at)
    assert Unit.objects.count() == 901


def test_two_loads_at_once_make_one_city(cloned_db: Copy, at: datetime) -> None:
    start, failures = threading.Barrier(2, timeout=30), []

    def work() -> None:
        try:
            start.wait()
            services.load_city(pack=city(), at=at)
        except Exception as fault:
            failures.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert [(row.code, row.revision) for row in Authority.objects.all()] == [("990100", 2)]
    assert Unit.objects.count() == len(UNITS)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("folder", "town"), [("changde", "430703001"), ("yunjiang", None)])
def test_the_cities_that_come_with_the_house_load(folder: str, town: str | None, at: datetime) -> None:
    pack = packs.load(folder)
    services.load_city(pack=pack, at=at)
    authority = queries.authority(pack.code)
    assert authority is not None
    index = queries.unit_index(authority.id)
    assert (len(index), len(index.areas)) == (len(pack.units), len(pack.areas))
    assert Grid.objects.count() == len(pack.grids)
    town = town or next(area.code for area in pack.areas if area.level == "town")
    [nearest, *_] = index.suppliers("water", town)
    assert nearest.kind == "supplier"
    assert [found.level for found in index.by_role_area("urban", town)] == ["county", "city"]
