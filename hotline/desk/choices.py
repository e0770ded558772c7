"""What may be typed into the fields that name a unit, a matter, a place or an entry, and reading it back.

Such a field is a plain text box with a list of suggestions: a city has hundreds of units and matters, and a select of
that length is slow to draw and slower to use. What was typed is a name or a code; both are understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from hotline.desk import names
from hotline.organisation.queries import areas, unit_index
from hotline.organisation.tree import AreaIndex, UnitIndex, UnitView
from hotline.organisation.viewer import Viewer
from hotline.policy.matters import barrier
from hotline.policy.policy import Policy
from hotline.refusal import N_, Reasons
from hotline.workorder.queries import numbered
from hotline.workorder.views import ActionField

LISTED_AREAS = ("county", "town")  # communities are found by typing their code or through the reading
SEVERAL = ("units", "evidence", "files")
UNKNOWN: Mapping[str, str] = {
    "": N_("没有找到“%(words)s”。请从列表里选，或写全称。"),
    "order": N_("没有找到工单“%(words)s”，或者它不在您的范围内。请核对工单号。"),
    "moment": N_("“%(words)s”不是一个时间，请重新选。"),
}


@dataclass(frozen=True)
class Catalogue:
    """The names that one order's forms may use."""

    units: UnitIndex
    areas: AreaIndex
    policy: Policy

    @classmethod
    def of(cls, authority_id: int, policy: Policy) -> Catalogue:
        """Of an authority under a policy. No query when warm."""
        return cls(unit_index(authority_id), areas(authority_id), policy)

    def unit_words(self, unit_id: object) -> str:
        """How the field shows a unit."""
        unit = self.units.get(int(unit_id)) if isinstance(unit_id, int | str) and str(unit_id).isdigit() else None
        return names.named(unit) if unit else ""

    def matter_words(self, code: str) -> str:
        """How the field shows a matter: code and name."""
        return f"{code} {names.matter(self.policy, code)}" if code in self.policy.matters else ""

    def area_words(self, code: str, at: datetime | None = None) -> str:
        """How the field shows a place; with `at` under the names of then."""
        return names.area(self.areas, code, at)

    def listed(self, widget: str) -> list[str]:
        """The suggestions under a field for a matter or a place."""
        if widget == "matter":
            return [self.matter_words(code) for code in self.policy.matters]
        return [names.area(self.areas, area.code) for area in self.areas if area.level in LISTED_AREAS]

    def barred(self, unit: UnitView, matter_code: str) -> str:
        """Why this unit cannot lead on a matter, in a few words; "" when it can, or nothing is known of the matter."""
        matter = self.policy.matters.get(matter_code)
        against = barrier(unit, matter, self.policy.roles) if matter is not None else None
        if matter is None or against is None:
            return ""
        if against == "below_floor":
            role = self.policy.roles.get(matter.lead_role)
            return gettext("目录 %(code)s：由%(role)s主办") % {"code": matter.code, "role": names.named(role)}
        return gettext("不作主办单位") if against == "never_leads" else gettext("不归这类服务单位主办")

    def unit_id(self, words: str) -> str | None:
        """The unit that was typed, by name in either language, code or id."""
        for unit in self.units:
            if unit.active and words in (unit.name, unit.name_en, unit.code, str(unit.id)):
                return str(unit.id)
        return None

    def matter_code(self, words: str) -> str | None:
        """The matter that was typed, by its code in front or its name."""
        code = words.split(" ")[0]
        if code in self.policy.matters:
            return code
        return next((m.code for m in self.policy.matters.values() if words in (m.name, m.name_en)), None)

    def area_code(self, words: str) -> str | None:
        """The place that was typed, by code, full name, or a name that only one place has."""
        known = self.areas.current(words)
        if known is not None:
            return known.code
        tidy = words.replace(" ", "")
        for area in self.areas:
            if names.area(self.areas, area.code).replace(" ", "") == tidy:
                return area.code
        same = self.areas.by_name(words)
        return same[0].code if len(same) == 1 else None


def local_moment(words: str) -> str | None:
    """A moment from a browser's field (no zone: the city's own) as ISO 8601 with zone."""
    try:
        moment = parse_datetime(words)
    except ValueError:
        return None
    if moment is None:
        return None
    aware: datetime = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return aware.isoformat()


def order_id(words: str, viewer: Viewer) -> str | None:
    """The order whose number was typed, if the viewer may see it. 1 statement."""
    found = numbered(words, viewer)
    return str(found.id) if found is not None else None


def understood(
    fields: tuple[ActionField, ...], typed: Mapping[str, list[str]], catalogue: Catalogue, viewer: Viewer
) -> dict[str, str | list[str]]:
    """What was typed into a form as the law's parser wants it. Raises `Refused` for names nobody knows."""
    readers: Mapping[str, Callable[[str], str | None]] = {
        "unit": catalogue.unit_id,
        "units": catalogue.unit_id,
        "matter": catalogue.matter_code,
        "area": catalogue.area_code,
        "moment": local_moment,
        "order": lambda words: order_id(words, viewer),
    }
    reasons = Reasons()
    found: dict[str, str | list[str]] = {}
    for each in fields:
        said = [words.strip() for words in typed.get(each.name, []) if words.strip()]
        read = readers.get(each.widget)
        if read is not None:
            known = {words: read(words) for words in said}
            for words in (words for words, value in known.items() if value is None):
                reasons.add("unknown_name", UNKNOWN.get(each.widget, UNKNOWN[""]), each.name, words=words[:60])
            said = [value for value in known.values() if value is not None]
        found[each.name] = said if each.widget in SEVERAL else (said[0] if said else "")
    reasons.raise_if_any()
    return found
