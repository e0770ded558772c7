"""Two versions side by side, and what activating one would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext

from hotline.desk import names
from hotline.desk.policy_pages import day_words, words
from hotline.dispatch import queries as dispatch
from hotline.dispatch.foresight import Foreseen, Outlook
from hotline.dispatch.queries import Preview
from hotline.dispatch.suggestion import EMPTY
from hotline.organisation import queries as organisation
from hotline.organisation.permissions import Capability
from hotline.organisation.tree import UnitIndex
from hotline.organisation.viewer import Viewer
from hotline.packs import Limit, Rulebook
from hotline.policy import labels
from hotline.policy import queries as policies
from hotline.policy.comparison import Change
from hotline.policy.policy import Policy
from hotline.policy.queries import VersionView
from hotline.policy.wording import Piece, Wording, marked
from hotline.refusal import N_

KINDS = {"added": N_("新增"), "removed": N_("删去"), "changed": N_("改动")}
MOST = 200  # differences of one weight that a page lists
MOST_ORDERS = 100  # orders that the preview lists


@dataclass(frozen=True)
class Line:
    """One difference: what it is about, and both sides cut where they differ."""

    subject: str
    what: str
    kind: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True)
class Group:
    """The differences of one weight; `count` of them, of which `lines` are shown."""

    code: str
    title: str
    count: int
    lines: tuple[Line, ...]

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return self.count - len(self.lines)


def groups(changes: Sequence[Change], before: Rulebook, after: Rulebook) -> list[Group]:
    """The differences in words, the weightiest first."""
    said = words()
    found = []
    for weight, mine in groupby(changes, key=lambda change: change.weight):
        all_of_it = list(mine)
        lines = tuple(_line(change, before, after, said) for change in all_of_it[:MOST])
        found.append(Group(weight.name.lower(), gettext(labels.WEIGHTS[weight]), len(all_of_it), lines))
    return found


def _line(change: Change, before: Rulebook, after: Rulebook, said: Wording) -> Line:
    one = said.say(change, before, after)
    left, right = marked(one.before, one.after)
    return Line(one.subject, one.what, gettext(KINDS[change.kind]), left, right)


@dataclass(frozen=True)
class Order:
    """An order that would fare otherwise; `address` is empty for who may not see orders."""

    number: str
    address: str
    matter: str
    before: str
    after: str
    moves: bool
    limits: tuple[str, ...]


@dataclass(frozen=True)
class Prospect:
    """What activating would do: counts for everybody who reads rules, orders for who may see all that wait."""

    seen: Preview
    orders: tuple[Order, ...]
    shows_orders: bool
    hidden: int


def prospect(viewer: Viewer, version_id: int, at: datetime) -> Prospect:
    """Try the version on what is not dispatched yet; what moves to another unit comes first."""
    seen = dispatch.preview(authority_id=viewer.authority_id, version_id=version_id, at=at)
    shows = any(
        viewer.may(capability, authority_id=viewer.authority_id, unit_path=None)
        for capability in (Capability.SEE_ORDERS, Capability.PUBLISH_POLICY)
    )
    rows = sorted(seen.rows, key=lambda row: not row.moves) if shows else []
    policy, units = policies.version(version_id), organisation.unit_index(viewer.authority_id)
    linked = viewer.holds(Capability.SEE_ORDERS)
    orders = tuple(_order(row, policy, units, linked) for row in rows[:MOST_ORDERS])
    return Prospect(seen, orders, shows, len(rows) - len(orders))


def _order(row: Foreseen, policy: Policy, units: UnitIndex, linked: bool) -> Order:
    said = words()
    return Order(
        number=row.number,
        address=reverse("desk:order", args=[row.order_id]) if linked else "",
        matter=names.matter(policy, row.after.matter_code) or gettext("还没有选定事项"),
        before=_outlook(row.before, units),
        after=_outlook(row.after, units),
        moves=row.moves,
        limits=tuple(
            f"{said.clock(each.clock)} {_limit(each.before, said)} → {_limit(each.after, said)}" for each in row.limits
        ),
    )


def _outlook(outlook: Outlook, units: UnitIndex) -> str:
    unit = units.get(outlook.unit_id)
    if unit is not None:
        return names.named(unit)
    return gettext(EMPTY[outlook.empty]) if outlook.empty else gettext("没有把握，请您选")


def _limit(limit: Limit | None, said: Wording) -> str:
    return said.limit(limit) if limit else gettext("没有")


def consequences(view: VersionView, seen: Preview, back: Iterable[VersionView], *, at_once: bool) -> list[str]:
    """What pressing the button does, one sentence each."""
    found = []
    if at_once:
        found.append(gettext("从现在起，新登记的诉求按这一版办。"))
    else:
        found.append(
            gettext("从 %(day)s起，新登记的诉求按这一版办；在那之前仍按现在的规则。")
            % {"day": day_words(view.valid_from)}
        )
    found.append(gettext("还没派出的 %(n)s 件随后改按这一版，重新给出建议。") % {"n": seen.waiting})
    found.append(gettext("已经派出的工单仍按原来那一版办，期限不变。"))
    for each in back:
        found.append(
            gettext("第 %(version)s 版原定从 %(day)s起执行，会退回草稿。")
            % {"version": each.version, "day": day_words(each.valid_from)}
        )
    found.append(gettext("要退回来，再启用以前那一版即可。"))
    return found
