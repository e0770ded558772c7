"""Which of the many lawful actions a person sees first: the next step, the few usual ones, the rest by their subject.

Pure: nothing is hidden here that the law allows, it only stands behind “more”.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hotline.refusal import N_

MOST_USUAL = 4
# What an action is about, in the order in which the groups stand.
ABOUT: Mapping[str, tuple[str, ...]] = {
    N_("诉求"): (
        "amend", "supplement", "ask_supplement", "mark_urgent", "mark_critical", "split", "merge", "unmerge",
    ),
    N_("出口"): ("accept", "answer", "refer", "decline", "transfer"),
    N_("单位"): (
        "sign", "contact", "dispatch", "redispatch", "return", "reject_return", "convene", "rule", "hand_down",
        "add_assist", "remove_assist", "assist_reply", "escalate",
    ),
    N_("时间"): ("ask_extension", "grant_extension", "refuse_extension", "pause", "resume", "hang", "unhang"),
    N_("答复和回访"): (
        "reply", "approve_reply", "send_back", "record_result", "attempt_callback", "plan_callback", "rework",
    ),
    N_("结束"): ("close", "give_up_callback", "final_answer", "reopen", "withdraw", "archive"),
}  # fmt: skip
# What people mostly do in a state, most usual first; only what is lawful for the viewer is shown.
USUAL: Mapping[str, tuple[str, ...]] = {
    "registered": ("accept", "amend", "answer", "transfer", "ask_supplement"),
    "incomplete": ("supplement", "resume", "amend"),
    "accepted": ("dispatch", "amend", "merge", "answer"),
    "dispatched": ("sign", "return", "assist_reply", "redispatch", "supplement"),
    "returned": ("redispatch", "reject_return", "convene", "amend"),
    "convened": ("rule", "amend", "escalate"),
    "signed": (
        "grant_extension", "refuse_extension", "reply", "assist_reply", "contact", "return", "ask_extension", "hang",
        "escalate", "supplement",
    ),
    "waiting": ("resume", "supplement", "assist_reply", "escalate"),
    "hung": ("unhang", "assist_reply", "escalate", "supplement"),
    "reviewing": ("approve_reply", "send_back", "supplement"),
    "merged": ("unmerge", "supplement"),
    "replied": ("record_result", "attempt_callback", "plan_callback", "give_up_callback", "supplement"),
    "evaluated": ("close", "rework", "final_answer", "escalate"),
    "closed": ("reopen", "archive"),
}  # fmt: skip
ICONS: Mapping[str, str] = {
    "register": "inbox",
    "amend": "spark",
    "supplement": "plus",
    "ask_supplement": "help",
    "mark_urgent": "alert",
    "mark_critical": "alert",
    "split": "list",
    "merge": "merge",
    "unmerge": "x",
    "accept": "check",
    "answer": "book",
    "refer": "right",
    "decline": "x",
    "transfer": "transfer",
    "dispatch": "send",
    "redispatch": "swap",
    "convene": "users",
    "rule": "flag",
    "reject_return": "right",
    "sign": "check",
    "return": "back",
    "hand_down": "down",
    "add_assist": "plus",
    "remove_assist": "x",
    "assist_reply": "doc",
    "contact": "phone",
    "ask_extension": "clock",
    "grant_extension": "check",
    "refuse_extension": "x",
    "pause": "hold",
    "resume": "right",
    "hang": "pin",
    "unhang": "right",
    "escalate": "up",
    "reply": "doc",
    "approve_reply": "check",
    "send_back": "back",
    "share_reply": "merge",
    "plan_callback": "clock",
    "attempt_callback": "phone",
    "give_up_callback": "hangup",
    "record_result": "phone",
    "rework": "back",
    "close": "check",
    "close_along": "merge",
    "final_answer": "doc",
    "reopen": "swap",
    "withdraw": "x",
    "archive": "inbox",
    "reroute": "build",
    "adopt_policy": "book",
}
KEYS: Mapping[str, str] = {
    "accept": "Alt A",
    "amend": "Alt M",
    "supplement": "Alt P",
    "dispatch": "Alt B",
    "redispatch": "Alt B",
    "rule": "Alt B",
    "sign": "Alt S",
    "contact": "Alt X",
    "reply": "Alt L",
    "assist_reply": "Alt L",
    "approve_reply": "Alt A",
    "grant_extension": "Alt A",
    "refuse_extension": "Alt U",
    "send_back": "Alt T",
    "return": "Alt T",
    "reject_return": "Alt T",
    "resume": "Alt S",
    "unhang": "Alt S",
    "record_result": "Alt L",
    "attempt_callback": "Alt U",
    "close": "Alt C",
    "rework": "Alt W",
    "answer": "Alt Q",
}


def usual(state: str, lawful: Collection[str], primary: str) -> list[str]:
    """The usual actions of a state that are lawful now, without the one next step."""
    found = [action for action in USUAL.get(state, ()) if action in lawful and action != primary]
    return found[:MOST_USUAL]


def keys_of(actions: Collection[str]) -> dict[str, str]:
    """The key of each action; where two want the same one, the first has it."""
    found: dict[str, str] = {}
    for action in actions:
        key = KEYS.get(action, "")
        if key and key not in found.values():
            found[action] = key
    return found
