"""Who signs in: the form, and what a person hears when it does not work."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from hotline.refusal import Reason, Refused
from hotline.ui import refusals


class SignInForm(forms.Form):
    """User name and password; what was wrong is never told apart."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": gettext_lazy("请填写用户名。")},
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("请填写密码。")},
    )


def locked_out(request: HttpRequest, credentials: object = None, *_args: object, **_kwargs: object) -> HttpResponse:
    """The answer to a sign-in that is locked for a while: says for how long and what to do, keeps the user name."""
    form = SignInForm(request.POST or None)
    form.is_valid()
    words = gettext("连续输错 5 次，为安全起见先锁 15 分钟。请稍后再试，或请管理员为您重设密码。")
    if refusals.wants_json(request):
        return refusals.as_json(Refused(Reason("locked_out", words), status=429))
    form.add_error(None, words)
    return render(request, "desk/sign_in.html", {"form": form, "next": request.POST.get("next", "")}, status=429)
