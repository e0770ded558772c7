"""Two cities and their province in one installation, whichever comes first; what was ended stays ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from hotline import packs
from hotline.ledger import queries as ledger
from hotline.ledger.record import Stream
from hotline.organisation import queries, services
from hotline.organisation.models import Area, Authority, Grid, Unit, UnitArea
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from tests.organisation.cities import city, unit

pytestmark = pytest.mark.django_db


def small(folder: str) -> packs.City:
    """A shipped city with its own division and its centre only."""
    whole = packs.load(folder)
    return replace(whole, areas=whole.areas[:1], units=whole.units[:1])


def install(order: Sequence[str], at: datetime) -> None:
    """Load and publish cities one after the other."""
    for folder in order:
        pack = small(folder) if folder in packs.cities() else packs.load(folder)
        services.load_city(pack=pack, at=at)
        queries.forget_cache()
        loaded = queries.authority(pack.code)
        assert loaded is not None
        publishing.publish(pack=pack, authority_id=loaded.id, at=at)


@pytest.mark.parametrize(
    "order",
    [("yunjiang", "changde"), ("changde", "yunjiang"), ("shifan", "yunjiang", "changde"), ("yunjiang", "shifan")],
)
def test_cities_hang_below_their_province_in_every_order(order: tuple[str, ...], at: datetime) -> None:
    install(order, at)
    by_code = {each.code: each for each in queries.authorities()}
    province = by_code.pop("990000")
    assert (province.level, province.parent_id, province.pack) == ("province", None, "shifan")
    assert {each.parent_id for each in by_code.values()} == {province.id}
    assert [each.code for each in queries.answering()] == sorted(by_code)
    assert Unit.objects.filter(authority_id=province.id).count() == 2
    assert policies.current(province.id, at).numbering.prefix == "SF"


def test_each_goes_by_its_own_rules_and_numbers(at: datetime) -> None:
    install(("yunjiang", "changde"), at)
    made = {each.code: each for each in queries.authorities()}
    yunjiang, changde = (policies.current(made[code].id, at) for code in ("990100", "430700"))
    assert (yunjiang.clocks.counts_from, changde.clocks.counts_from) == ("next_working_day", "receipt")
    assert (yunjiang.calendar.hours[0], yunjiang.calendar.duty) != (changde.calendar.hours[0], changde.calendar.duty)
    numbers = [publishing.next_number(authority_id=made[code].id, at=at) for code in ("990100", "430700", "990000")]
    assert numbers == ["YJ20261120-000001", "CD43070000000001", "SF20261120-000001"]


def test_a_city_leaves_its_provinces_rules_alone(at: datetime) -> None:
    install(("yunjiang",), at)
    province = queries.authority("990000")
    assert province is not None
    above = packs.load("shifan")
    longer = replace(above, handling=replace(above.handling, hang_days=90))
    publishing.publish(pack=longer, authority_id=province.id, at=at)
    install(("changde",), at)
    assert policies.current(province.id, at).handling.hang_days == 90
    assert len(ledger.timeline(Stream("authority", province.id), kinds={"authority.loaded"})) == 1


def test_an_older_installation_gets_its_province_with_the_next_load(at: datetime) -> None:
    services.load_city(pack=replace(small("yunjiang"), above=None), at=at)
    assert Authority.objects.get(code="990100").parent_id is None
    services.load_city(pack=small("yunjiang"), at=at)
    assert Authority.objects.get(code="990100").parent == Authority.objects.get(code="990000")


def test_what_a_reorganisation_ended_is_not_brought_back(at: datetime) -> None:
    services.load_city(pack=city(), at=at)
    north, south = Unit.objects.get(code="north"), Unit.objects.get(code="south")
    Unit.objects.filter(id=north.id).update(active=False, ended_at=at, successor=south)
    Area.objects.filter(code="990102001").update(active=False, ended_at=at, successor="990103001")
    pack = city()
    stray = unit("stray", "town", "town", "town", "990102001", "north", ("990102001", "990102"))
    services.load_city(pack=city(units=(*pack.units, stray)), at=at)
    north.refresh_from_db()
    placed = Unit.objects.get(code="stray")
    assert (north.active, north.ended_at) == (False, at)
    assert (placed.parent_id, placed.area_id) == (south.id, "990103001")
    assert placed.path == f"{south.path}{placed.id}/"
    served = UnitArea.objects.filter(unit=placed).values_list("area_id", flat=True)
    assert sorted(served) == ["990102", "990103001"]
    assert not Area.objects.get(code="990102001").active
    assert Area.objects.get(code="990102001001").parent_id == "990103001"
    assert Grid.objects.get(code="bridge-1").unit.active
