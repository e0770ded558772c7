"""What happens in the synthetic city now, by the same services as in a real one: papers are needed for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from hotline.demo import words
from hotline.demo.play import Cast, Stage
from hotline.ledger.record import Actor
from hotline.organisation.tree import UnitView
from hotline.workorder import facts as said
from hotline.workorder import queries as orders
from hotline.workorder import services as workorder
from hotline.workorder.facts import PAPERS, Facts
from hotline.workorder.services.attaching import Upload, attach


@dataclass
class Happening:
    """One order that something happens to, from `moment` on."""

    order_id: int
    unit_id: int
    moment: datetime
    pace: timedelta
    cast: Cast

    def act(self, facts: Facts, actor: Actor, texts: Mapping[str, str]) -> None:
        """Take a step, a little later."""
        self.moment += self.pace
        workorder.move(order_id=self.order_id, facts=facts, actor=actor, at=self.moment, texts=texts)

    def paper(self, actor: Actor) -> tuple[int, ...]:
        """A stamped page, kept with the order."""
        uploads = [Upload("page.png", BytesIO(_page(self.order_id)))]
        return attach(order_id=self.order_id, uploads=uploads, actor=actor, at=self.moment)


def bring_about(stage: Stage, cast: Cast, wanted: Sequence[tuple[int, str, datetime]], at: datetime) -> None:
    """`wanted` are orders, what becomes of each (returned, convened, ruled, final), and when it was last acted on."""
    leads = orders.codes([order_id for order_id, _, _ in wanted])
    for order_id, end, since in wanted:
        unit_id = leads[order_id].unit_id
        if unit_id is not None:
            happening = Happening(order_id, unit_id, since, (at - since) / 8, cast)
            _final(happening) if end == "final" else _objection(stage, happening, end)


def _objection(stage: Stage, happening: Happening, end: str) -> None:
    """The unit gives it back; where that leads to a meeting, the hotline calls it, and rules."""
    clerk, dispatcher = happening.cast.clerks[happening.unit_id], happening.cast.desk["dispatcher"]
    evidence = stage.policy.handling.return_evidence
    papers = happening.paper(clerk) if set(evidence) & PAPERS else ()
    facts = said.Returned("not_our_duty", evidence=evidence, file_ids=papers)
    happening.act(facts, clerk, {"return_reason": words.RETURN})
    if end == "returned":
        return
    other = _another(stage, happening.unit_id)
    meeting = said.Convened(happening.moment + timedelta(days=1), (happening.unit_id, other.id))
    happening.act(meeting, dispatcher, {"dispatch_opinion": words.MEETING})
    if end == "ruled":
        ruling = said.Ruled(happening.unit_id, "who_is_in_charge", (other.id,))
        happening.act(ruling, dispatcher, {"dispatch_opinion": words.RULED})


def _another(stage: Stage, unit_id: int) -> UnitView:
    """The other unit at the table: the city's urban management bureau, or the market's if that one objects itself."""
    found = [unit for unit in stage.units if unit.active and unit.role_code in ("urban", "market")]
    return next(unit for unit in found if unit.id != unit_id)


def _final(happening: Happening) -> None:
    supervisor = happening.cast.desk["supervisor"]
    facts = said.FinallyAnswered("solved_lawfully", "centre_head", happening.paper(supervisor))
    happening.act(facts, supervisor, {"reply_public": words.FINAL})


def _page(number: int) -> bytes:
    """A page with a seal, as a picture."""
    page = Image.new("RGB", (480, 640), "white")
    draw = ImageDraw.Draw(page)
    for line in range(8):
        draw.line((50, 90 + 44 * line, 430 - 17 * ((number + line) % 5), 90 + 44 * line), fill=(90, 90, 90), width=3)
    draw.ellipse((300, 480, 410, 590), outline=(200, 30, 30), width=5)
    written = BytesIO()
    page.save(written, "PNG")
    return written.getvalue()
