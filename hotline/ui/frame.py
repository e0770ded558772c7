"""What every page's frame needs: the reader's preferences of theme and size, the city's name, the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from hotline.ui.language import ONE_YEAR
from hotline.ui.moment import now

THEMES = ("auto", "light", "dark")
SIZES = ("normal", "elder")


@dataclass(frozen=True)
class Preferences:
    """How the reader wants to see: `theme` auto, light or dark; `size` normal or elder (关怀版)."""

    theme: str
    size: str


def preferences(request: HttpRequest) -> Preferences:
    """The reader's saved preferences; unknown values count as the default."""
    theme, size = request.COOKIES.get("theme", "auto"), request.COOKIES.get("size", "normal")
    return Preferences(theme if theme in THEMES else "auto", size if size in SIZES else "normal")


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep one preference in a cookie; unknown values are ignored."""
    if value in {"theme": THEMES, "size": SIZES}.get(name, ()):
        response.set_cookie(name, value, max_age=ONE_YEAR, samesite="Lax", httponly=True)


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    known = hasattr(request, "user") and request.user.is_authenticated
    return {
        "preferences": preferences(request),
        "moment": _Moment(),
        "demo": settings.HOTLINE_DEMO,
        "home": resolve_url(settings.LOGIN_REDIRECT_URL) if known else "/",
    }


class _Moment:
    """The page's moment, read once and only when a template needs it."""

    def __init__(self) -> None:
        self._at: datetime | None = None

    @property
    def at(self) -> datetime:
        if self._at is None:
            self._at = now()
        return self._at
