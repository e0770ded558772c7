"""A map nobody can mistake for a real one: every town a hexagon, the towns of a county side by side. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import cos, pi, sin, sqrt
from typing import Any

Cell = tuple[int, int]
DIRECTIONS: tuple[Cell, ...] = ((1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1), (0, 1))
SIZE = 0.96  # of a full cell, so that neighbours show a gap


def spiral(around: Cell) -> Iterator[Cell]:
    """Axial hexagon cells around one, ring by ring, without end."""
    yield around
    ring = 1
    while True:
        q, r = around[0] + DIRECTIONS[4][0] * ring, around[1] + DIRECTIONS[4][1] * ring
        for step in DIRECTIONS:
            for _ in range(ring):
                yield q, r
                q, r = q + step[0], r + step[1]
        ring += 1


def place(towns: Iterable[tuple[str, str, str]]) -> dict[str, Cell]:
    """A cell for every (code, name, county): counties around a middle one, each a cluster of its towns."""
    counties: defaultdict[str, list[str]] = defaultdict(list)
    for code, _, county in towns:
        counties[county].append(code)
    if not counties:
        return {}
    radius = max(1, round(sqrt(max(map(len, counties.values())) / 3)))
    apart = 2 * radius + 1
    taken: set[Cell] = set()
    cells: dict[str, Cell] = {}
    for (_, codes), (q, r) in zip(sorted(counties.items()), spiral((0, 0)), strict=False):
        free = (cell for cell in spiral((q * apart + r * radius, r * (apart - radius))) if cell not in taken)
        for code in sorted(codes):
            cells[code] = next(free)
            taken.add(cells[code])
    return cells


def draw(towns: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """The towns as a GeoJSON FeatureCollection of hexagons in a plane without any real coordinates."""
    listed = tuple(towns)
    cells = place(listed)
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": code, "words": name},
            "geometry": {"type": "Polygon", "coordinates": [_corners(cells[code])]},
        }
        for code, name, _ in listed
    ]
    return {"type": "FeatureCollection", "features": features}


def _corners(cell: Cell) -> list[list[float]]:
    x, y = sqrt(3) * (cell[0] + cell[1] / 2), -1.5 * cell[1]
    return [
        [round(x + SIZE * sin(pi / 3 * corner), 3), round(y + SIZE * cos(pi / 3 * corner), 3)]
        for corner in (0, 1, 2, 3, 4, 5, 0)
    ]
