"""GCJ-02 (what Chinese maps and phones give) to WGS-84 (what the house keeps inside) and back. Pure.

The offset is the widely published empirical one; inside the country it moves a point by 100 to 700 metres.
Positions are degrees, longitude first.
"""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt

# Krasovsky 1940: semi-major axis in metres, squared eccentricity.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323


def in_china(lon: float, lat: float) -> bool:
    """Whether the offset applies: the rectangle that maps use, wider than the country itself."""
    return 73.66 <= lon <= 135.05 and 3.86 <= lat <= 53.55


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """WGS-84 to GCJ-02; a position outside `in_china` is given back unchanged."""
    if not in_china(lon, lat):
        return lon, lat
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 to WGS-84, exact to less than a metre; a position outside `in_china` is given back unchanged."""
    if not in_china(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    # The offset changes slowly with the position, so each round shrinks the error about a thousandfold.
    for _ in range(3):
        east, north = _offset(guess_lon, guess_lat)
        guess_lon, guess_lat = lon - east, lat - north
    return guess_lon, guess_lat


def _offset(lon: float, lat: float) -> tuple[float, float]:
    """The offset in degrees east and north at a WGS-84 position."""
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += _waves(y) + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += _waves(x) + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    latitude = radians(lat)
    flattening = 1.0 - _ECCENTRICITY * sin(latitude) ** 2
    metres_north = _AXIS * (1.0 - _ECCENTRICITY) / (flattening * sqrt(flattening)) * pi / 180.0
    metres_east = _AXIS / sqrt(flattening) * cos(latitude) * pi / 180.0
    return east / metres_east, north / metres_north


def _waves(value: float) -> float:
    return (20.0 * sin(value * pi) + 40.0 * sin(value / 3.0 * pi)) * 2.0 / 3.0
