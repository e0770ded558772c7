"""Orders brought to any state of the law, for pages that show what can be done there."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from hotline.intake import services as intake
from hotline.intake.exits import ExitChoice
from hotline.organisation import queries as organisation
from hotline.organisation import services as staffing
from hotline.organisation.tree import UnitView
from hotline.organisation.viewer import Viewer
from hotline.policy import queries as policies
from hotline.workorder import services as moving
from hotline.workorder.facts import (
    AssistAdded,
    Convened,
    Dispatched,
    ExtensionAsked,
    Facts,
    Hung,
    Merged,
    Paused,
    Replied,
    ResultRecorded,
    Returned,
    Signed,
    SupplementAsked,
)
from hotline.workorder.services.attaching import Upload, attach
from tests.desk.conftest import PASSWORD, Desk
from tests.files.samples import picture

SOLVED = Replied(appeal_true=True, beyond_duty=False, contacted=False, solved=True)


def staff(desk: Desk, unit_id: int, role: str = "clerk") -> str:
    """The name of somebody in this role at a unit."""
    name = f"{role.replace('_', '-')}-{unit_id}"
    if name not in desk.staff:
        desk.staff[name] = staffing.create_staff(
            username=name, name="李四", password=PASSWORD, unit_id=unit_id, role=role, at=desk.at
        )
    return name


def clerk(desk: Desk, order_id: int) -> Viewer:
    """Whoever leads the order."""
    return desk.viewer(staff(desk, desk.lead_of(order_id)))


def move(desk: Desk, order_id: int, facts: Facts, viewer: Viewer, **texts: str) -> None:
    """One step."""
    moving.move(order_id=order_id, facts=facts, actor=viewer.actor(), at=desk.at, texts=texts)


def unit_of(desk: Desk, role_code: str, level: str = "county") -> UnitView:
    """Some unit of a level with this role."""
    return next(u for u in organisation.unit_index(desk.authority_id) if u.role_code == role_code and u.level == level)


def another(desk: Desk, order_id: int) -> UnitView:
    """A department of the county that does not lead the order."""
    lead = desk.lead_of(order_id)
    units = organisation.unit_index(desk.authority_id)
    return next(u for u in units if u.level == "county" and u.kind == "department" and u.id != lead and u.active)


def matter_led_by(desk: Desk, role_code: str) -> str:
    """The code of some matter that units of this role lead."""
    matters = policies.current(desk.authority_id, desk.at).matters.values()
    return next(matter.code for matter in matters if matter.lead_role == role_code)


def accepted(desk: Desk, matter_code: str = "") -> int:
    """An order that waits to be given to a unit."""
    code = matter_code or desk.matter("供热")
    order_id = desk.appeal(kind="help", matter_code=code, area_code=desk.county, phone="13700003333")
    intake.decide_exit(order_id=order_id, choice=ExitChoice("process"), viewer=desk.viewer("agent"), at=desk.at)
    return order_id


def signed(desk: Desk) -> int:
    """An order that its unit signed for."""
    order_id = desk.dispatched()
    move(desk, order_id, Signed(), clerk(desk, order_id))
    return order_id


def asking(desk: Desk) -> int:
    """An order whose unit asks for one more working day."""
    order_id = signed(desk)
    asked = ExtensionAsked(extension_asked=1, reason="works")
    move(desk, order_id, asked, clerk(desk, order_id), extension_reason="管件要订货，已先接临时管。")
    return order_id


def assisted(desk: Desk) -> tuple[int, UnitView]:
    """An order that a second unit assists with, and that unit."""
    order_id = signed(desk)
    helper = another(desk, order_id)
    move(desk, order_id, AssistAdded(unit_id=helper.id, days=2), clerk(desk, order_id))
    return order_id, helper


def waiting(desk: Desk) -> int:
    """An order that waits for its resident."""
    order_id = signed(desk)
    move(desk, order_id, Paused(reason="access"), clerk(desk, order_id), guidance="请约一个在家的时间。")
    return order_id


def hung(desk: Desk) -> int:
    """An order that cannot be done now."""
    order_id = signed(desk)
    facts = Hung(reason="season", approver="centre_head", review_at=desk.at + timedelta(days=30))
    move(desk, order_id, facts, desk.viewer("supervisor"), guidance="要等停暖后换主管，我们会盯着。")
    return order_id


def incomplete(desk: Desk) -> int:
    """An order that waits for details."""
    order_id = desk.appeal(phone="13700002222")
    move(desk, order_id, SupplementAsked(missing="place"), desk.viewer("agent"), guidance="请写清楼栋号。")
    return order_id


def attached(desk: Desk, order_id: int, viewer: Viewer) -> tuple[int, ...]:
    """A photo, kept with the order."""
    return attach(order_id=order_id, uploads=[Upload("1.jpg", BytesIO(picture()))], actor=viewer.actor(), at=desk.at)


def returned(desk: Desk) -> int:
    """An order that its unit gave back, with evidence."""
    order_id = desk.dispatched()
    unit = another(desk, order_id)
    papers = attached(desk, order_id, clerk(desk, order_id))
    facts = Returned("not_our_duty", unit.id, evidence_of(desk), papers)
    move(desk, order_id, facts, clerk(desk, order_id), return_reason="三定方案第二条。")
    return order_id


def evidence_of(desk: Desk) -> tuple[str, ...]:
    """What a return must bring in this city."""
    return policies.current(desk.authority_id, desk.at).handling.return_evidence


def convened(desk: Desk) -> int:
    """An order about which units meet."""
    order_id = accepted(desk)
    facts = Convened(desk.at + timedelta(days=1), (unit_of(desk, "urban").id, unit_of(desk, "housing").id))
    move(desk, order_id, facts, desk.viewer("dispatcher"), dispatch_opinion="管线权属两说。")
    return order_id


def above_others(desk: Desk) -> int:
    """An order with a unit that may hand it down: the county's housing bureau, over its property firms."""
    order_id = accepted(desk, matter_led_by(desk, "property"))
    move(desk, order_id, Dispatched(unit_id=unit_of(desk, "housing").id), desk.viewer("dispatcher"))
    move(desk, order_id, Signed(), clerk(desk, order_id))
    return order_id


def replied(desk: Desk) -> int:
    """An order that its unit answered."""
    order_id = signed(desk)
    move(desk, order_id, SOLVED, clerk(desk, order_id), reply_public="管道已修好。", reply_internal="换阀门")
    return order_id


def evaluated(desk: Desk) -> int:
    """An order whose resident says that nothing is solved."""
    order_id = replied(desk)
    facts = ResultRecorded(contacted=True, solved=False, satisfaction="dissatisfied")
    move(desk, order_id, facts, desk.viewer("caller_back"))
    return order_id


def merged(desk: Desk) -> tuple[int, int]:
    """A head and what was merged into it."""
    head, member = desk.appeal(phone="13700001111"), desk.appeal(phone="13700002222")
    move(desk, member, Merged(head_id=head), desk.viewer("dispatcher"))
    return head, member
