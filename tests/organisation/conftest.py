"""A loaded city and its units by code."""

from datetime import datetime

import pytest

from hotline.organisation import queries, services
from hotline.organisation.queries import AuthorityView
from hotline.organisation.tree import UnitView
from tests.organisation.cities import city


@pytest.fixture
def yunjiang(db: None, at: datetime) -> AuthorityView:
    """The small city, loaded."""
    services.load_city(pack=city(), at=at)
    found = queries.authority("990100")
    assert found is not None
    return found


@pytest.fixture
def units(yunjiang: AuthorityView) -> dict[str, UnitView]:
    """Its units by code."""
    return {unit.code: unit for unit in queries.unit_index(yunjiang.id)}
