"""What residents are asked, as Django forms: widgets, labels and help. Intake says what is missing, not these."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext, gettext_lazy

from hotline.channels.form.typed import PRIVACY
from hotline.workorder.choices import REOPEN_REASONS, WITHDRAW_REASONS, Choices

YES_NO = (("yes", gettext_lazy("是")), ("no", gettext_lazy("不是")))


class ReportForm(forms.Form):
    """What a resident is asked; the pages show one step of it."""

    text = forms.CharField(
        label=gettext_lazy("用您自己的话说，一两句就行"),
        help_text=gettext_lazy("不用写姓名、电话、身份证号。"),
        widget=forms.Textarea({"class": "input", "rows": 5}),
    )
    place = forms.CharField(
        label=gettext_lazy("写地址、小区、路口"),
        help_text=gettext_lazy("写不准也没关系，写“某某学校对面”也行。"),
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "street-address"}),
    )
    area_code = forms.ChoiceField(
        label=gettext_lazy("在哪个区县"), required=False, widget=forms.Select({"class": "input"})
    )
    more = forms.CharField(
        label=gettext_lazy("再说细一点"),
        help_text=gettext_lazy("灯杆、井盖上有编号的，把编号写上，修得更快。"),
        required=False,
        widget=forms.TextInput({"class": "input"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("手机或座机"),
        help_text=gettext_lazy("我们用短信发查询码。承办单位默认看不到号码。"),
        widget=forms.TextInput({"class": "input", "type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "name"}),
    )
    privacy = forms.ChoiceField(label=gettext_lazy("您的身份"), required=True, widget=forms.RadioSelect)

    def __init__(self, *, areas: Sequence[tuple[str, str]], initial: dict[str, str]) -> None:
        super().__init__(initial=initial)
        self.fields["area_code"].choices = [("", gettext("不确定")), *areas]  # type: ignore[attr-defined]
        self.fields["privacy"].choices = [(code, gettext(label)) for code, label in PRIVACY]  # type: ignore[attr-defined]


class TrackForm(forms.Form):
    """Number and code."""

    number = forms.CharField(
        label=gettext_lazy("工单号"),
        max_length=60,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=gettext_lazy("查询码"),
        help_text=gettext_lazy("提交后页面上和短信里的数字。"),
        max_length=30,
        widget=forms.TextInput({"class": "input", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def _choices(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, gettext(label)) for code, label in pairs]


class ResultForm(forms.Form):
    """Is it solved? Were you contacted? Only then: are you satisfied?"""

    solved = forms.ChoiceField(
        label=gettext_lazy("解决了吗"),
        choices=[
            ("yes", gettext_lazy("解决了")),
            ("partly", gettext_lazy("只解决一部分")),
            ("no", gettext_lazy("没有解决")),
        ],
        widget=forms.RadioSelect,
    )
    contacted = forms.ChoiceField(label=gettext_lazy("单位联系过您吗"), choices=YES_NO, widget=forms.RadioSelect)
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("这次办得怎么样"), required=False, widget=forms.Select({"class": "input"})
    )
    remark = forms.CharField(
        label=gettext_lazy("还想说什么"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"class": "input", "rows": 3}),
    )

    def __init__(self, scale: Choices, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["satisfaction"].choices = [("", gettext("不评")), *scale[:-1]]  # type: ignore[attr-defined]


class SupplementForm(forms.Form):
    """What was missing, or has happened since."""

    words = forms.CharField(
        label=gettext_lazy("要补充的情况"),
        max_length=5000,
        widget=forms.Textarea({"class": "input", "rows": 4}),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data, prefix="supplement")  # type: ignore[arg-type]


class ReopenForm(forms.Form):
    """Why it has to be looked at again."""

    reason = forms.ChoiceField(label=gettext_lazy("为什么再次反映"), widget=forms.RadioSelect)
    supplement = forms.CharField(
        label=gettext_lazy("新的情况"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"class": "input", "rows": 3}),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data, prefix="reopen")  # type: ignore[arg-type]
        self.fields["reason"].choices = _choices(REOPEN_REASONS)  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why it is taken back."""

    reason = forms.ChoiceField(label=gettext_lazy("撤回原因"), widget=forms.RadioSelect)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, prefix="withdraw")  # type: ignore[arg-type]
        self.fields["reason"].choices = _choices(WITHDRAW_REASONS)  # type: ignore[attr-defined]
