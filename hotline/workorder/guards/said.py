"""What was typed: codes are codes on offer, and what has to be said in words is written."""

from __future__ import annotations

from dataclasses import fields

from hotline.refusal import N_, Reason
from hotline.workorder import facts as said
from hotline.workorder.situation import Situation


def choices_valid(case: Situation) -> Reason | None:
    """A coded fact is one of the codes on offer."""
    for each in fields(case.facts) if case.facts is not None else ():  # type: ignore[arg-type]
        choices = said.offered(each.metadata.get("choices", ()), case.rules)
        value = getattr(case.facts, each.name)
        if not choices or not value:
            continue
        told = value if isinstance(value, tuple) else (value,)
        if not set(told) <= set(dict(choices)):
            params = {"label": each.metadata["label"]}
            return Reason("choice_unknown", N_("“%(label)s”请从列表里选。"), each.name, params)
    return None


def texts_written(case: Situation) -> Reason | None:
    """What has to be said in words is written."""
    if case.facts is None:
        return None
    for text in said.TEXTS.get(case.facts.action, ()):
        if text.required and text.kind not in case.texts:
            return Reason("text_missing", N_("请填写“%(label)s”。"), text.kind, {"label": text.label})
    return None
