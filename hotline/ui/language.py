"""Which language a page speaks: the reader's choice in a cookie, else Simplified Chinese.

Machines that call the API are heard by their `Accept-Language`; people's browsers are not, because an office browser
set up in English by its maker is no wish for English.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

ONE_YEAR = 365 * 24 * 3600  # seconds


def wanted(request: HttpRequest) -> str:
    """The language code that `request` asks for, always one that is offered."""
    if request.path.startswith("/api/"):
        return translation.get_language_from_request(request)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def remember(response: HttpResponse, language: str) -> None:
    """Keep `language` in the reader's cookie; a code that is not offered is ignored."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=ONE_YEAR, samesite="Lax", httponly=True)


class LanguageMiddleware:
    """Speaks the wanted language for the length of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(wanted(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response
