"""China's public holidays, year by year, for calendars."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import MappingProxyType

from hotline.packs import CalendarTable, PublicDays

# Years that a published calendar keeps; others are reckoned when somebody needs them.
KEPT = range(2016, 2031)


@cache
def public_days(year: int) -> PublicDays:
    """The holidays of a year; without published make-up days where there was no notice yet."""
    # The library takes a second of processor time to import: only publishing and odd years should pay for it.
    import holidays

    china = holidays.country_holidays("CN", years=year)
    exchanged = (day for day in china.weekend_workdays if day.year == year)
    return PublicDays(tuple(sorted(china)), tuple(sorted(exchanged)))


def settled(table: CalendarTable) -> CalendarTable:
    """The same calendar with its public holidays written down."""
    return replace(table, public=MappingProxyType({year: public_days(year) for year in KEPT}))
