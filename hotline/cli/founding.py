"""A platform gets a city: its areas, units, rules and answers from the city's files."""

from datetime import datetime
from typing import TYPE_CHECKING

from hotline.config.telling import choose, say

if TYPE_CHECKING:
    from hotline.packs import City


def found_if_empty(*, at: datetime) -> None:
    """Load the city named by HOTLINE_CITY when the platform has no authority yet. Raises PackError."""
    from django.conf import settings

    from hotline.organisation import queries as organisation

    if not organisation.authorities():
        found(city=settings.ENVIRONMENT.city, at=at)


def found(*, city: str, at: datetime, under: str = "") -> None:
    """Bring organisation, policy and knowledge up to a city's files; nothing changes when they are the same.

    `under` is the code of the authority above, for files that name no province. Raises PackError.
    """
    from django.db import transaction

    from hotline import packs
    from hotline.knowledge import services as knowledge
    from hotline.organisation import queries as organisation
    from hotline.organisation import services as organisation_services
    from hotline.policy import services as policy

    pack = packs.load(city)
    new = [each for each in (pack.above, pack) if each is not None and organisation.authority(each.code) is None]
    with transaction.atomic():
        organisation_services.load_city(pack=pack, at=at, under=under)
        authority = organisation.authority(pack.code)
        assert authority is not None  # noqa: S101 - it has just been loaded
        policy.publish(pack=pack, authority_id=authority.id, at=at)
        knowledge.load(pack=pack, authority_id=authority.id, at=at)
    for each in new:
        tell(each)


def tell(pack: "City") -> None:
    """Say what was loaded."""
    numbers = choose(
        f"{len(pack.areas)} 个区划、{len(pack.units)} 个单位、{len(pack.knowledge)} 条知识，规则已启用",
        f"{len(pack.areas)} areas, {len(pack.units)} units, {len(pack.knowledge)} answers; its rules are active",
    )
    say(
        f"已载入{pack.name}（{pack.code}）：{numbers}",
        f"Loaded {pack.name_en} ({pack.code}): {numbers}",
    )
