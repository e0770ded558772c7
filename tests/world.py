"""Small open cities for tests: one county of each, their rules published, people of every role.

What tests of many rooms need in common stands here once; a room's own conftest adds only what is its own. There are two
cities, whose rules contradict each other: a story that is told of both reads from the policy what it expects.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from hotline import packs, walk
from hotline.intake import services as intake
from hotline.intake.appeal import AppealForm
from hotline.knowledge import services as knowledge
from hotline.ledger import queries as ledger
from hotline.ledger.record import Actor, Event, Stream
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.organisation.tree import UnitView
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.policy import services as publishing
from hotline.policy.policy import Policy
from hotline.understanding.engines import choosing
from hotline.workorder import forms
from hotline.workorder import queries as orders
from hotline.workorder import services as moving
from hotline.workorder.views import OrderView

TEXT = "青石区解放路锦绣家园7栋暖气不热，室内只有12度，家里有78岁的老人，请尽快派人来修。"
PHONE = "13812345678"


CITIES = ("yunjiang", "changde")


@cache
def small_pack(name: str = "yunjiang") -> packs.City:
    """A city with its whole catalogue, but only one county and three towns of it: quick to load."""
    city = packs.load(name)
    county = next(area for area in city.areas if area.level == "county")
    first, second, *_, last = (area for area in city.areas if area.parent_code == county.code)
    towns = (first, second, last)  # two suppliers of heat share the county: one serves the first, one the last
    kept = {area.code for area in (county, *towns)} | {area.code for area in city.areas if area.level == "city"}
    units = tuple(unit for unit in city.units if unit.area_code in kept and unit.level != "grid")
    known = {unit.code for unit in units}
    fitting = tuple(
        replace(unit, service_area_codes=tuple(code for code in unit.service_area_codes if code in kept))
        for unit in units
        if unit.parent_code in known or not unit.parent_code
    )
    return replace(city, areas=tuple(area for area in city.areas if area.code in kept), units=fitting)


def forget_caches() -> None:
    """Ids repeat between tests, so nothing may be kept from the one before."""
    organisation.forget_cache()
    policies.forget_cache()
    choosing.forget_engines()


@dataclass
class World:
    """An open city at one moment; `pass_time` moves it on."""

    authority_id: int
    code: str
    at: datetime
    staff: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """The city's rules now."""
        return policies.current(self.authority_id, self.at)

    @property
    def centre(self) -> UnitView:
        """The city's hotline centre."""
        return organisation.unit_index(self.authority_id).children(None)[0]

    def towns(self) -> list[str]:
        """The codes of the city's towns."""
        return sorted(area.code for area in organisation.areas(self.authority_id) if area.level == "town")

    def pass_time(self, **length: float) -> None:
        """Let time pass, as `timedelta` takes it."""
        self.at += timedelta(**length)

    def unit(self, role_code: str, area_code: str = "") -> UnitView:
        """Some unit with this role (in this area)."""
        units = organisation.unit_index(self.authority_id)
        return next(u for u in units if u.role_code == role_code and u.area_code in (area_code or u.area_code,))

    def viewer(self, role: str, unit: UnitView | None = None) -> Viewer:
        """The person in this role, at the hotline centre if not told where."""
        place = unit or self.centre
        if (role, place.id) not in self.staff:
            self.staff[role, place.id] = staffing.create_staff(
                username=f"{role.replace('_', '-')}-{place.id}",
                name="王芳",
                password=None,
                unit_id=place.id,
                role=role,
                at=self.at,
            )
        found = organisation.viewer_for(self.staff[role, place.id])
        assert found is not None
        return found

    def clerk(self, order_id: int) -> Viewer:
        """The clerk of the unit that leads the order."""
        lead = orders.codes([order_id])[order_id].unit_id
        return self.viewer("clerk", organisation.unit_index(self.authority_id).get(lead))

    def take(self, text: str = TEXT, **said: object) -> intake.Taken:
        """An appeal, over the web if not said otherwise, by way of intake."""
        given = {"channel": "web", "phone": PHONE, "name": "张三丰", **said}
        form = AppealForm(authority_code=self.code, text=text, **given)  # type: ignore[arg-type]
        return intake.take_down(form=form, actor=Actor("resident"), at=self.at)

    def walk(self) -> int:
        """Let everything happen that happens by itself."""
        return walk.run_until_idle(at=self.at)

    def move(self, order_id: int, action: str, viewer: Viewer | Actor, seen: int | None = None, **typed: str) -> str:
        """Fill in the form of an action and take it; returns the new state."""
        facts, texts = forms.parse(action, typed)
        actor = viewer.actor() if isinstance(viewer, Viewer) else viewer
        return moving.move(order_id=order_id, facts=facts, actor=actor, at=self.at, texts=texts, seen=seen).state

    def order(self, order_id: int, viewer: Viewer) -> OrderView:
        """The order as this viewer sees it."""
        return orders.order(order_id, viewer, self.at)

    def events(self, order_id: int) -> list[Event]:
        """The order's stream."""
        return ledger.timeline(Stream("order", order_id))


@dataclass
class Province:
    """Two cities in one instance, under one province."""

    authority_id: int
    code: str
    cities: tuple[World, World]


def open_world(at: datetime, city: str = "yunjiang") -> World:
    """Load a small city and publish its rules and knowledge."""
    forget_caches()
    return found(at, city)


def open_province(at: datetime) -> Province:
    """Load both small cities beside each other."""
    forget_caches()
    first, second = (found(at, city) for city in CITIES)
    above = small_pack().above
    assert above is not None
    authority = organisation.authority(above.code)
    assert authority is not None
    return Province(authority.id, above.code, (first, second))


def found(at: datetime, city: str) -> World:
    """A small city more."""
    pack = small_pack(city)
    staffing.load_city(pack=pack, at=at)
    authority = organisation.authority(pack.code)
    assert authority is not None
    publishing.publish(pack=pack, authority_id=authority.id, at=at)
    knowledge.load(pack=pack, authority_id=authority.id, at=at)
    return World(authority.id, pack.code, at)
