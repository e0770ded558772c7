"""A city, its people, and a resident."""

from collections.abc import Callable
from datetime import datetime

import pytest

from hotline.organisation import queries as organisation
from hotline.organisation import services as staff
from hotline.organisation.viewer import Viewer
from hotline.residents import services
from hotline.residents.services import Remembered
from tests.organisation.cities import city


@pytest.fixture
def authority_id(db: None, at: datetime) -> int:
    """The small city, loaded."""
    staff.load_city(pack=city(), at=at)
    found = organisation.authority("990100")
    assert found is not None
    return found.id


@pytest.fixture
def viewer(authority_id: int, at: datetime) -> Callable[[str, str], Viewer]:
    """`viewer(role, unit code)`: a new member of staff there."""

    def of(role: str, unit_code: str) -> Viewer:
        unit = next(unit for unit in organisation.unit_index(authority_id) if unit.code == unit_code)
        number = staff.create_staff(
            username=f"{role}.{unit_code}", name="王小明", password=None, unit_id=unit.id, role=role, at=at
        )
        found = organisation.viewer_for(number)
        assert found is not None
        return found

    return of


@pytest.fixture
def zhang(authority_id: int, at: datetime) -> Remembered:
    """张三丰 with a mobile."""
    return services.remember(authority_id=authority_id, phone="13812345678", name="张三丰", at=at)
