"""Every refusal of the machine door in one shape: all reasons, in the caller's language, with a 4xx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from hotline.refusal import N_, Reason, Refused
from hotline.ui.refusals import as_json

# What pydantic found wrong, in words that say what to do; anything else gets the last line.
_WORDS: Mapping[str, str] = {
    "missing": N_("请填“%(field)s”。"),
    "extra_forbidden": N_("没有“%(field)s”这一项，请去掉或核对拼写。"),
    "string_too_long": N_("“%(field)s”最多 %(max_length)s 个字，请写短些。"),
    "too_long": N_("“%(field)s”最多 %(max_length)s 项，请去掉几项。"),
    "string_type": N_("“%(field)s”要写成文字。"),
    "bool_parsing": N_("“%(field)s”要写 true 或 false。"),
    "bool_type": N_("“%(field)s”要写 true 或 false。"),
    "literal_error": N_("“%(field)s”请填其中一个：%(expected)s。"),
    "timezone_aware": N_("“%(field)s”请带上时区，例如 2026-11-20T10:00:00+08:00。"),
    "list_type": N_("“%(field)s”要写成列表。"),
    "uuid_parsing": N_("“%(field)s”要填上传文件得到的编号。"),
}
_UNREADABLE = N_("“%(field)s”看不懂，请对照接口说明填写。")
_PARAMS = ("max_length", "expected")
_LONGEST_NAME = 60


def install(api: NinjaAPI) -> None:
    """Let `api` answer every fault in the house's shape."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _stranger)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Http404, _absent)
    api.add_exception_handler(SuspiciousOperation, _suspicious)


def _refused(request: HttpRequest, fault: Refused | type[Refused]) -> HttpResponse:
    if not isinstance(fault, Refused):  # never a class: the framework hands over what was raised
        raise fault
    return as_json(fault)


def _invalid(request: HttpRequest, fault: ValidationError | type[ValidationError]) -> HttpResponse:
    if not isinstance(fault, ValidationError):  # never a class: the framework hands over what was raised
        raise fault
    return as_json(Refused(*(_reason(error) for error in fault.errors)))


def _reason(error: Mapping[str, Any]) -> Reason:
    # loc is ("body", "appeal", "phone") or ("header", …): the last name is what the caller wrote.
    names = [str(part) for part in error.get("loc", ()) if not isinstance(part, int)]
    name = (names[-1] if names else "body").encode("utf-8", "replace").decode()[:_LONGEST_NAME]
    context = error.get("ctx", {})
    params = {"field": name} | {each: str(context[each]) for each in _PARAMS if each in context}
    text = _WORDS.get(str(error.get("type")), _UNREADABLE)
    return Reason(f"field_{error.get('type', 'invalid')}", text, name, params)


def _stranger(request: HttpRequest, fault: AuthenticationError | type[AuthenticationError]) -> HttpResponse:
    answer = as_json(Refused(Reason("key_needed", N_("请在 Authorization 里带上有效的接口密钥。")), status=401))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _unreadable(request: HttpRequest, fault: HttpError | type[HttpError]) -> HttpResponse:
    status = getattr(fault, "status_code", 400)
    return as_json(Refused(Reason("body_unreadable", N_("请求内容不是能读的 JSON，请核对格式和编码。")), status=status))


def _absent(request: HttpRequest, fault: Http404 | type[Http404]) -> HttpResponse:
    return as_json(Refused(Reason("not_found", N_("没有这个地址或这件工单，请核对编号。")), status=404))


def _suspicious(request: HttpRequest, fault: SuspiciousOperation | type[SuspiciousOperation]) -> HttpResponse:
    if isinstance(fault, RequestDataTooBig | TooManyFilesSent):
        return as_json(Refused(Reason("body_too_large", N_("请求太大，请分开发送。")), status=413))
    return as_json(Refused(Reason("body_unreadable", N_("请求内容看不懂，请核对格式。")), status=400))
