"""What is said with an action: facts and texts drawn by chance from what the law's forms ask for."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from datetime import datetime, timedelta
from typing import Any

from hotline.workorder.facts import FACTS, PAPERS, TEXTS, Facts, Rerouted, offered
from hotline.workorder.guards.delaying import longest
from hotline.workorder.situation import Head
from tests.lives.scene import Scene
from tests.lives.walked import Walked

WORDS = {"reply_public": "已到现场处理好了。", "reply_internal": "照片已存档。", "contacted_number": "6118"}
DAYS_AHEAD = {"meeting_at": 3.0, "review_at": 190.0, "planned_at": 4.0, "next_at": 2.0}


class Speaker:
    """Draws facts and texts for one order."""

    def __init__(
        self, scene: Scene, walked: Walked, at: datetime, file_ids: tuple[int, ...], head: Head | None
    ) -> None:
        self.scene, self.walked, self.at = scene, walked, at
        self.chance, self.order = scene.chance, walked.order
        self.file_ids, self.head = file_ids, head

    def facts(self, action: str) -> Facts:
        """Facts that the law may like or not."""
        if action == "reroute":
            return self._rerouted()
        kind = FACTS[action]
        said: dict[str, Any] = {}
        for each in fields(kind):  # type: ignore[arg-type]
            value = self._value(action, each)
            if value is not None:
                said[each.name] = value
        return kind(**self._fitting(action, said))

    def texts(self, action: str) -> dict[str, str]:
        """What must be written, and some of what may be."""
        asked = TEXTS.get(action, ())
        return {
            text.kind: WORDS.get(text.kind, "已说明。")
            for text in asked
            if text.required or text.kind in ("contacted_number", "close_remark") or self.chance.random() < 0.2
        }

    def _value(self, action: str, each: Field[Any]) -> Any:
        told, name = each.metadata, each.name
        if "widget" not in told:
            return self._unasked(name)
        drawn = getattr(self, f"_{told['widget']}", None)
        choices = offered(told["choices"], self.walked.policy) if told["choices"] else ()
        optional = each.default is not MISSING
        if name == "days":
            return self.chance.choice((None, 1, 3, 10))
        if told["widget"] == "evidence":
            return self._evidence()
        if choices:
            return "" if optional and self.chance.random() < 0.5 else self.chance.choice(choices)[0]
        return drawn(action, name, optional) if drawn is not None else None

    def _unasked(self, name: str) -> Any:
        if name == "policy_version_id":
            return self.walked.policy.id
        if name == "child_ids":
            return (1, 2)
        return self.head.id if name == "head_id" and self.head is not None else None

    def _evidence(self) -> tuple[str, ...]:
        wanted = self.walked.policy.handling.return_evidence
        return wanted if self.chance.random() < 0.9 else ("contact_record",)

    def _fitting(self, action: str, said: dict[str, Any]) -> dict[str, Any]:
        """What hangs together: a paper and its file, an unsolved answer and its reason, a call and its moment."""
        if action == "return" and set(said.get("evidence", ())) & PAPERS:
            said["file_ids"] = self.file_ids
        if action == "reply":
            said["unsolved_reason"] = "" if said["solved"] else "needs_time"
            said["contacted_at"] = self.at if said["contacted"] else None
        if action == "record_result" and self.chance.random() < 0.7:
            said["solved"] = True
        if action == "amend":
            said = {**said, "kind": said["kind"] or "help"}
        return said

    def _unit(self, action: str, name: str, optional: bool) -> int | None:
        if optional:
            return None
        return self._chosen(action)

    def _chosen(self, action: str) -> int:
        units = self.scene.units
        if action == "hand_down":
            below = units.children(self.order.unit_id)
            return self.chance.choice(below or self.scene.unit_list).id
        if action == "remove_assist" and self.walked.helpers:
            return self.chance.choice(list(self.walked.helpers))
        if action == "escalate":
            high = [unit for unit in self.scene.unit_list if unit.level == "city" or unit.role_code == "county_gov"]
            return self.chance.choice(high).id
        if action == "add_assist":
            return self.chance.choice(self.scene.unit_list).id
        return self.scene.answerable(self.order).id

    def _units(self, action: str, name: str, optional: bool) -> tuple[int, ...]:
        many = self.chance.choice((0, 0, 1, 2)) if optional else 2
        return tuple(unit.id for unit in self.chance.sample(self.scene.unit_list, many))

    def _yesno(self, action: str, name: str, optional: bool) -> bool:
        return self.chance.random() < 0.7

    def _bool(self, action: str, name: str, optional: bool) -> bool:
        return self.chance.random() < 0.3

    def _number(self, action: str, name: str, optional: bool) -> int:
        return self.chance.randint(1, longest(self.walked.policy, self.order.matter_code).amount)

    def _moment(self, action: str, name: str, optional: bool) -> datetime | None:
        ahead = DAYS_AHEAD.get(name)
        if ahead is None:
            return None if optional else self.at
        return self.at + timedelta(days=self.chance.uniform(0.01, ahead))

    def _matter(self, action: str, name: str, optional: bool) -> str:
        return self.chance.choice(self.scene.matters).code

    def _area(self, action: str, name: str, optional: bool) -> str:
        return self.chance.choice(self.scene.towns)

    def _entry(self, action: str, name: str, optional: bool) -> int:
        return self.chance.choice(self.scene.entries)

    def _files(self, action: str, name: str, optional: bool) -> tuple[int, ...]:
        return self.file_ids if action == "final_answer" else ()

    def _order(self, action: str, name: str, optional: bool) -> int:
        return self.head.id if self.head is not None else 0

    def _rerouted(self) -> Facts:
        old, order = self.order.unit_id, self.order
        new = self.chance.choice(self.scene.unit_list).id
        return Rerouted(
            unit_id=new if old is not None else None,
            first_unit_id=new if old is not None and order.first_unit_id == old else None,
            area_code=self.chance.choice(self.scene.towns),
            from_unit_id=old,
        )
