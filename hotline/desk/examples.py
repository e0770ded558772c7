"""Invented things for the components page: one of every clock, person and field state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from hotline.ui.clockface import ClockFace, face
from hotline.ui.moment import now
from hotline.workorder.views import ClockRow, PersonView


class ExampleForm(forms.Form):
    """A form with a pencilled field, a missing one, and the kinds of choices."""

    place = forms.CharField(label=gettext_lazy("地点"), widget=forms.TextInput(attrs={"class": "input"}))
    basis = forms.CharField(
        label=gettext_lazy("依据和事实"),
        widget=forms.Textarea(attrs={"class": "input", "rows": 2}),
        help_text=gettext_lazy("请写明依据哪个文件、哪一条。"),
        error_messages={"required": gettext_lazy("请写明依据哪个文件、哪一条，并附证据。")},
    )
    solved = forms.ChoiceField(
        label=gettext_lazy("解决了吗"),
        choices=(("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))),
        widget=forms.RadioSelect,
        required=False,
    )
    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("佐证"),
        choices=(("site_photo", gettext_lazy("现场照片")), ("duty_document", gettext_lazy("职责依据文件"))),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.IntegerField(
        label=gettext_lazy("申请延长"),
        widget=forms.NumberInput(attrs={"class": "input", "min": 1}),
        required=False,
    )
    phoned = forms.BooleanField(label=gettext_lazy("已同时电话转接"), required=False)


def _clocks(at: datetime) -> list[ClockFace]:
    def row(
        kind: str,
        start: int,
        due: int,
        stop: int | None = None,
        outcome: str = "",
        warn: int | None = None,
        paused: int | None = None,
        provisional: bool = False,
    ) -> ClockRow:
        def hours(number: int) -> datetime:
            return at + timedelta(hours=number)

        return ClockRow(
            kind, hours(start), hours(due), hours(warn) if warn is not None else None,
            hours(stop) if stop is not None else None, outcome,
            paused_at=hours(paused) if paused is not None else None, provisional=provisional,
        )  # fmt: skip

    paused = replace(row("reply", -30, 40), paused_at=at - timedelta(hours=5))
    return [
        face(each, at)
        for each in (
            paused,
            replace(row("reply", -10, 60), provisional=True),
            row("reply", -10, 70),
            row("sign", -3, 1, warn=-1),
            row("reply", -80, -3),
            row("contact", -9, 1, stop=-4, outcome="met"),
            row("reply", -90, -20, stop=-2, outcome="late"),
            row("reply", -30, 40, paused=-6),
            row("review", -30, 400, provisional=True),
        )
    ]


def context() -> dict[str, Any]:
    """What the examples draw."""
    plain = ExampleForm(auto_id="plain-%s", use_required_attribute=False, initial={"place": "解放路锦绣家园 7 栋"})
    plain.fields["place"].proposed = gettext_lazy("机器草拟，请核对")  # type: ignore[attr-defined]
    faulty = ExampleForm(QueryDict("place=x"), auto_id="faulty-%s", use_required_attribute=False)
    faulty.is_valid()
    return {
        "clocks": _clocks(now()),
        "plain_form": plain,
        "faulty_form": faulty,
        "people": [
            PersonView(1, "张**", "138****5678"),
            PersonView(2, "", "", secret=True),
            PersonView(None, "", ""),
            PersonView(3, "", "", erased=True),
        ],
        "swatches": [
            ("0", gettext_lazy("能按的"), "brand"),
            ("1", gettext_lazy("选中的"), "brand-soft"),
            ("2", gettext_lazy("机器提的"), "machine-soft"),
            ("3", gettext_lazy("证据"), "machine-mark"),
            ("4", gettext_lazy("办好了"), "ok-soft"),
            ("5", gettext_lazy("快到期"), "warn-soft"),
            ("6", gettext_lazy("超期"), "late-soft"),
            ("7", gettext_lazy("红牌"), "late-solid"),
            ("8", gettext_lazy("黄牌"), "warn-solid"),
            ("9", gettext_lazy("说明"), "info-soft"),
            ("10", gettext_lazy("突增"), "burst-soft"),
            ("11", gettext_lazy("次要"), "sunken"),
        ],
    }
