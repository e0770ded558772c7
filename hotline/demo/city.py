"""Filling the synthetic city: its staff, its residents, and orders in every state, so that every inbox has work."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from hotline.demo import lives as plays
from hotline.demo import speech, today
from hotline.demo.lives import CHANNELS, PRESENT
from hotline.demo.plans import Ids, Plan
from hotline.demo.play import Cast, Person, Stage
from hotline.dispatch import services as dispatch
from hotline.knowledge import queries as knowledge
from hotline.ledger import queries as ledger_queries
from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Actor, Draft, Event, Stream
from hotline.organisation import queries as organisation
from hotline.organisation import services as staff
from hotline.organisation.queries import AuthorityView
from hotline.organisation.tree import AreaIndex, AreaView, UnitView
from hotline.packs import City
from hotline.policy import queries as policy_queries
from hotline.policy import services as policy_services
from hotline.residents import services as residents
from hotline.understanding import services as understanding
from hotline.vault import queries as vault
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.services import Life

PASSWORD = "yunjiang-12345"  # noqa: S105 - printed at the start; such logins work on this machine only
SEEDED = "demo.seeded"
PEOPLE = 400
ORDERS = 3200
# One login for each role: user name, name, role, and the unit's role in the city's files ("" is the hotline centre).
# A second city's user names carry its prefix.
LOGINS = (
    ("agent", "周晓云", "agent", ""),
    ("dispatcher", "赵明远", "dispatcher", ""),
    ("county", "唐丽华", "clerk", "hotline"),
    ("clerk", "刘志强", "clerk", "urban"),
    ("grid", "李秋霞", "grid_worker", "town"),
    ("callback", "孙雨晴", "caller_back", ""),
    ("supervisor", "陈国栋", "supervisor", ""),
    ("leader", "何文斌", "leader", ""),
    ("admin", "沈敏", "admin", ""),
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Login:
    """A demo login as it is printed."""

    username: str
    role: str
    unit: str


def seeded(authority_id: int) -> bool:
    """Whether the city has been filled already. 1 statement."""
    return orders.any_of(authority_id)


def has_public_logins() -> bool:
    """Whether accounts whose password everybody knows were ever made here. At most 1 statement for each authority."""
    streams = [Stream("authority", authority.id) for authority in organisation.authorities()]
    return any(ledger_queries.timeline(stream, kinds={SEEDED}) for stream in streams)


def seed(*, city: City, at: datetime, progress: Progress, count: int = ORDERS) -> tuple[Login, ...]:
    """Fill the founded authority of `city`; a second call only returns the logins.

    `progress` hears what is being made, how many are done, of how many.
    """
    authority = organisation.authority(city.code)
    if authority is None:
        raise LookupError(f"{city.code} is not founded")
    if not seeded(authority.id):
        # All or nothing: a start that was broken off begins again.
        with transaction.atomic():
            _fill(authority, city, count, at, progress)
    return tuple(
        Login(_username(city, name), role, _unit_for(authority, unit_role).name) for name, _, role, unit_role in LOGINS
    )


def _username(city: City, name: str) -> str:
    return name if city.fictional else f"{name}-{city.numbering.prefix.lower()}"


def _fill(authority: AuthorityView, city: City, count: int, at: datetime, progress: Progress) -> None:
    cast = Cast(
        desk=_desk(authority, city, at),
        clerks=_Clerks(at - timedelta(days=90)),
        people=_people(authority, at, progress),
        entries=knowledge.by_matter(authority.id, at),
    )
    _orders(authority, city, cast, count, at, progress)
    seeded = Draft(Stream("authority", authority.id), SEEDED, {"orders": count}, SYSTEM, at, history=True)
    ledger.append(drafts=[seeded], at=at)


def _unit_for(authority: AuthorityView, role: str) -> UnitView:
    units = organisation.unit_index(authority.id)
    if not role:
        return units.children(None)[0]
    towns = [area for area in organisation.areas(authority.id) if area.level == "town"]
    return units.by_role_area(role, towns[0].code)[0]


def _desk(authority: AuthorityView, city: City, at: datetime) -> dict[str, Actor]:
    """The printed logins; returns how the ledger names each role of the hotline centre, and of one unit each."""
    found = {}
    for username, name, role, unit_role in LOGINS:
        unit = _unit_for(authority, unit_role)
        staff_id = staff.create_staff(
            username=_username(city, username), name=name, password=PASSWORD, unit_id=unit.id, role=role,
            at=at - timedelta(days=90),
        )  # fmt: skip
        if role not in found:
            found[role] = Actor("staff", str(staff_id), role, unit.id)
    return found


class _Clerks(dict[int, Actor]):
    """A clerk for every unit that handles an order, taken on when first needed; they cannot sign in."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self._at = at
        self._chance = random.Random(1)

    def __missing__(self, unit_id: int) -> Actor:
        staff_id = staff.create_staff(
            username=f"clerk-{unit_id}",
            name=speech.name(self._chance),
            password=None,
            unit_id=unit_id,
            role="clerk",
            at=self._at,
        )
        self[unit_id] = Actor("staff", str(staff_id), "clerk", unit_id)
        return self[unit_id]


def _people(authority: AuthorityView, at: datetime, progress: Progress) -> list[Person]:
    """Residents, and one who gives no name: their orders lie under the authority's key."""
    chance = random.Random(2)
    found = [Person(None, vault.open_keys([authority.key_id])[authority.key_id])]
    for number in range(PEOPLE):
        kept = residents.remember(
            authority_id=authority.id,
            phone=speech.phone(number),
            name=speech.name(chance),
            at=at - timedelta(days=80),
        )
        found.append(Person(kept.id, kept.key))
        progress("people", number + 1, PEOPLE)
    return found


def _orders(authority: AuthorityView, city: City, cast: Cast, count: int, at: datetime, progress: Progress) -> None:
    areas = organisation.areas(authority.id)
    policy = policy_queries.current(authority.id, at)
    channels = [(code, weight) for code, weight in CHANNELS if code in policy.channels]
    stage = Stage(city, policy, areas, _towns(areas), organisation.unit_index(authority.id), channels)
    ids = Ids(workorder.reserve(count=count // 10 + 100, at=at))
    waiting: list[tuple[int, str, datetime]] = []
    told = _noted(plays.lives(stage, cast, count=count, at=at, ids=ids), waiting)
    workorder.append_lives(lives=_numbered(told, count, progress), at=at)
    today.bring_about(stage, cast, waiting, at)
    _read(orders.ids_in(authority.id, ("registered", "accepted", "returned", "convened")), at, progress)


def _noted(told: Iterator[tuple[Plan, Life]], waiting: list[tuple[int, str, datetime]]) -> Iterator[Life]:
    """The lives, while those that something is to happen to now are written down."""
    for plan, life in told:
        if plan.end in PRESENT and plan.order_id is not None:
            waiting.append((plan.order_id, plan.end, life.steps[-1].at))
        yield life


def _towns(areas: AreaIndex) -> dict[AreaView, float]:
    """The towns and how often people call from there: from the streets most, and most of all from the first, which is
    where the printed logins work."""
    often = {"街道": 3.0, "镇": 1.5}
    towns = [area for area in areas if area.level == "town"]
    weights = {town: next((w for end, w in often.items() if town.name.endswith(end)), 0.7) for town in towns}
    return weights | {towns[0]: 30.0}


def _read(order_ids: list[int], at: datetime, progress: Progress) -> None:
    """History causes nothing, so what waits at the desk is read here, as the walk would have had it read."""
    for start in range(0, len(order_ids), 100):
        batch = order_ids[start : start + 100]
        events = [Event(0, Stream("order", each), 1, "order.registered", at, at, SYSTEM, {}, "") for each in batch]
        understanding.read_batch(events=events, at=at)
        dispatch.suggest_batch(events=events, at=at)
        progress("readings", start + len(batch), len(order_ids))


def _numbered(lives: Iterator[Life], count: int, progress: Progress) -> Iterator[Life]:
    for number, life in enumerate(lives):
        own = policy_services.next_number(authority_id=life.new.authority_id, at=life.registered_at)
        yield replace(life, number=own)
        progress("orders", number + 1, count)
