"""The exits of intake (rulebook §1.1): which lawful action each is, and what has to be said with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.refusal import N_, refuse
from hotline.workorder.facts import Accepted, Answered, Declined, Facts, Referred, Transferred


@dataclass(frozen=True)
class ExitChoice:
    """What a person decided: `exit` is process, emergency, legal_route, refuse, abuse or answer.

    `line` goes with emergency (and `phoned`: handed over by phone too), `route` with legal_route, `reason` with refuse,
    `entry_id` with answer. `words` are told to the resident; empty means the words of policy or of the entry.
    """

    exit: str
    line: str = ""
    phoned: bool = False
    route: str = ""
    reason: str = ""
    entry_id: int | None = None
    words: str = ""


def facts_of(choice: ExitChoice) -> Facts:
    """The action that `choice` asks the law for. Raises Refused for an unknown exit or an unsaid detail."""
    match choice.exit:
        case "process":
            return Accepted()
        case "emergency":
            return Transferred(line=_said(choice.line, "line", N_("请选转到哪条紧急热线。")), phoned=choice.phoned)
        case "legal_route":
            return Referred(route=_said(choice.route, "route", N_("请选应走的法定途径。")))
        case "refuse":
            return Declined(reason=_said(choice.reason, "reason", N_("请选不受理的原因。")))
        case "abuse":
            return Declined(reason="malicious")
        case "answer":
            if choice.entry_id is None:
                refuse("entry_missing", N_("直接答复要引用一条有效的知识，请先选知识条目。"), field="entry_id")
            return Answered(entry_id=choice.entry_id)
    refuse("exit_unknown", N_("没有这个出口，请从列表里选。"), field="exit")


def text_kind(exit_code: str) -> str | None:
    """The note that the words to the resident become; None for an exit that says nothing now."""
    return {"process": None, "answer": "reply_public"}.get(exit_code, "guidance")


def _said(value: str, field: str, text: str) -> str:
    if not value:
        refuse(f"{field}_missing", text, field=field)
    return value


# The law's codes of a detail → the route of policy's exit that has words for it, where they are called differently.
_ROUTES = {
    "information_disclosure": "disclosure",
    "secrets_privacy": "privacy",
    "illegal_content": "unlawful",
    "outside_city": "outside",
    "same_facts_answered": "settled",
}


def route_of(choice: ExitChoice) -> str:
    """The route of policy's exit whose words fit `choice`; "" when it has none."""
    detail = choice.line or choice.route or choice.reason
    return _ROUTES.get(detail, detail)
