"""Every address is locked unless it is in the registry of open ones, and every page for staff is in the menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.module_loading import import_string

from hotline.desk.menu import MENU
from hotline.ui.access import OPEN_NAMESPACES, OPEN_VIEWS, SignedInMiddleware

# Addresses of the desk that take no parameters and are no page of the menu.
NOT_IN_THE_MENU = {
    "desk:home": "sends each role to the first page of its menu",
    "desk:choose-role": "in the frame of every page, for who has several",
    "desk:merge": "a button above lists whose rows can be ticked",
}
SAMPLES = {"int": 1, "str": "x", "slug": "x", "path": "x", "uuid": "6f1c1f9e-0000-4000-8000-000000000000"}


@dataclass(frozen=True)
class Door:
    """One address: its full name, the view behind it, and its parameters by kind."""

    name: str
    view: Callable[..., Any]
    parameters: dict[str, str]
    namespaces: tuple[str, ...]

    @property
    def path(self) -> str:
        """The address with sample values."""
        return reverse(self.name, kwargs={key: SAMPLES[kind] for key, kind in self.parameters.items()})

    @property
    def open(self) -> bool:
        """Is it in the registry? (A class's views share a name, so the mark on the view itself counts too.)"""
        marked = getattr(self.view, "login_required", True) is False and view_name(self.view) in OPEN_VIEWS
        return marked or any(space in OPEN_NAMESPACES for space in self.namespaces)


def view_name(view: Callable[..., Any]) -> str:
    """The name under which the registry keeps a view."""
    return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__qualname__)}"


def doors(resolver: Any = None, spaces: tuple[str, ...] = (), given: dict[str, str] | None = None) -> Iterator[Door]:
    """Every address of the installation."""
    for entry in (resolver or get_resolver()).url_patterns:
        kinds = {
            name: type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            for name, converter in entry.pattern.converters.items()
        } | (given or {})
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from doors(entry, inner, kinds)
        elif isinstance(entry, URLPattern):
            yield Door(":".join((*spaces, entry.name or "")), entry.callback, kinds, spaces)


def roles_of(view: Callable[..., Any]) -> frozenset[str] | None:
    """The roles that a view names, through its decorators; None when it names none."""
    inner: Callable[..., Any] | None = view
    while inner is not None:
        if hasattr(inner, "roles"):
            return frozenset(inner.roles)
        inner = getattr(inner, "__wrapped__", None)
    return None


def staff_doors() -> list[Door]:
    """The locked addresses of the desk."""
    return [door for door in doors() if door.namespaces[:1] == ("desk",) and not door.open]


def test_the_lock_is_installed() -> None:
    assert any(issubclass(import_string(name), SignedInMiddleware) for name in settings.MIDDLEWARE if "ui" in name)


@pytest.mark.usefixtures("client")
def test_every_address_needs_a_login_unless_registered() -> None:
    found = [door for door in doors() if not door.open]
    assert found, "no locked address at all: is the desk there?"
    wrong = []
    for door in found:
        answer = Client().get(door.path)
        if answer.status_code != 302 or not answer.headers["Location"].startswith(reverse(settings.LOGIN_URL)):
            wrong.append(f"{door.name} {door.path} answers {answer.status_code} to somebody who is not signed in")
    assert not wrong, "\n".join(wrong)


def test_the_registry_of_open_addresses_is_true() -> None:
    there = list(doors())
    views, spaces = {view_name(door.view) for door in there}, {space for door in there for space in door.namespaces}
    root = import_module(settings.ROOT_URLCONF)
    failures = {getattr(root, f"handler{status}", "") for status in (400, 403, 404, 500)} | {settings.CSRF_FAILURE_VIEW}
    assert not sorted(set(OPEN_VIEWS) - views - failures), "registered as open, but no address leads there"
    assert not sorted(set(OPEN_NAMESPACES) - spaces)
    assert all(len(why) > 10 for why in (*OPEN_VIEWS.values(), *OPEN_NAMESPACES.values())), "say why it is open"
    unregistered = [
        door.name for door in there if getattr(door.view, "login_required", True) is False and not door.open
    ]
    assert not unregistered, f"opened past the registry: {unregistered}"


def test_the_machine_door_asks_for_a_key() -> None:
    described = {"api:openapi-json", "api:openapi-view", "api:api-root"}
    found = [door for door in doors() if door.namespaces[:1] == ("api",) and door.name not in described]
    assert found
    for door in found:
        answers = {Client().get(door.path).status_code, Client().post(door.path).status_code}
        assert answers <= {401, 405}, f"{door.name} answers {answers} without a key"
        assert 401 in answers, door.name


def test_every_page_of_the_desk_names_its_roles() -> None:
    unnamed = [door.name for door in staff_doors() if roles_of(door.view) is None and door.name not in NOT_IN_THE_MENU]
    assert not unnamed, f"open to every signed-in person: {unnamed}"


def test_every_staff_page_is_in_the_menu() -> None:
    listed = {place.name for place in MENU}
    plain = {door.name for door in staff_doors() if not door.parameters}
    assert not sorted(plain - listed - set(NOT_IN_THE_MENU)), "nobody finds these"
    assert not sorted(listed - plain), "in the menu, but not there"
    assert not sorted(set(NOT_IN_THE_MENU) - plain), "excused, but not there"


def test_the_menu_offers_only_what_may_be_opened() -> None:
    views = {door.name: door.view for door in staff_doors()}
    wrong = [
        f"{place.name} is offered to {role.value}"
        for place in MENU
        for role in place.roles
        if place.name in views and role.value not in (roles_of(views[place.name]) or frozenset())
    ]
    assert not wrong, "\n".join(wrong)


def test_an_open_view_that_is_not_registered_is_caught() -> None:
    def view() -> None: ...

    door = Door("desk:x", view, {}, ("desk",))
    assert not door.open
    assert Door("api:x", view, {}, ("api",)).open is ("api" in OPEN_NAMESPACES)
    assert roles_of(view) is None
    view.roles = {"agent"}  # type: ignore[attr-defined]
    assert roles_of(view) == frozenset({"agent"})
