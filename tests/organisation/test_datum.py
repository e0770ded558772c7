"""Positions of phones and maps."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.organisation.datum import in_china, to_gcj02, to_wgs84


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two near positions."""
    return hypot((a[0] - b[0]) * cos(radians(a[1])), a[1] - b[1]) * 111_195


@given(st.floats(74, 135), st.floats(4, 53.5))
def test_there_and_back_is_less_than_a_metre(lon: float, lat: float) -> None:
    assert metres((lon, lat), to_wgs84(*to_gcj02(lon, lat))) < 1


@given(st.floats(74, 135), st.floats(18, 53.5))
def test_the_offset_is_hundreds_of_metres(lon: float, lat: float) -> None:
    assert 20 < metres((lon, lat), to_gcj02(lon, lat)) < 1200


def test_a_published_pair() -> None:
    assert to_gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)


@pytest.mark.parametrize("place", [(0.0, 0.0), (2.35, 48.85), (-74.0, 40.7), (151.2, -33.9)])
def test_abroad_nothing_moves(place: tuple[float, float]) -> None:
    assert not in_china(*place)
    assert to_gcj02(*place) == to_wgs84(*place) == place
