"""A published city."""

from dataclasses import replace
from datetime import datetime

import pytest

from hotline import packs
from hotline.organisation import queries as organisation
from hotline.organisation import services as organisation_services
from hotline.policy import queries, services
from hotline.policy.policy import Policy


@pytest.fixture(scope="session")
def pack() -> packs.City:
    """The synthetic city."""
    return packs.load("yunjiang")


def made_authority(pack: packs.City, at: datetime) -> int:
    """Load the city with its top area only; returns its authority's id."""
    organisation_services.load_city(pack=replace(pack, areas=pack.areas[:1], units=()), at=at)
    queries.forget_cache()
    found = organisation.authority(pack.code)
    assert found is not None
    return found.id


@pytest.fixture
def authority_id(db: None, pack: packs.City, at: datetime) -> int:
    """The city's authority, with one area and without any policy."""
    return made_authority(pack, at)


@pytest.fixture
def policy(authority_id: int, pack: packs.City, at: datetime) -> Policy:
    """The published policy."""
    services.publish(pack=pack, authority_id=authority_id, at=at)
    return queries.current(authority_id, at)
