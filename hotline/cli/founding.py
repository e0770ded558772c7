"""A platform without a city gets one: its areas, units, rules and answers from the city's files."""

from datetime import datetime

from hotline.config.telling import say


def found_if_empty(*, at: datetime) -> None:
    """Load the city named by HOTLINE_CITY when the platform has no authority yet. Raises PackError."""
    from django.conf import settings

    from hotline.organisation import queries as organisation

    if not organisation.authorities():
        found(city=settings.ENVIRONMENT.city, at=at)


def found(*, city: str, at: datetime) -> None:
    """Bring organisation, policy and knowledge up to a city's files; nothing changes when they are the same."""
    from django.db import transaction

    from hotline import packs
    from hotline.knowledge import services as knowledge
    from hotline.organisation import queries as organisation
    from hotline.organisation import services as organisation_services
    from hotline.policy import services as policy

    pack = packs.load(city)
    known = organisation.authority(pack.code) is not None
    with transaction.atomic():
        organisation_services.load_city(pack=pack, at=at)
        authority = organisation.authority(pack.code)
        assert authority is not None  # noqa: S101 - it has just been loaded
        policy.publish(pack=pack, authority_id=authority.id, at=at)
        knowledge.load(pack=pack, authority_id=authority.id, at=at)
    if not known:
        say(
            f"已载入{pack.name}（{pack.code}）的机构、规则和知识",
            f"Loaded {pack.name_en} ({pack.code}): units, rules and answers",
        )
