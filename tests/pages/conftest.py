"""A real browser on a real server: Debian's chromium, driven by Playwright. Skips loudly where there is none."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright

from hotline.organisation import queries as organisation
from hotline.policy import queries as policies
from tests.databases import Copy
from tests.desk.conftest import PASSWORD, Desk, furnish, small_city

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in the last lines that the pages were not looked at."""
    if CHROMIUM is None:
        terminalreporter.write_sep(
            "!", "NO CHROMIUM: no page was looked at (apt-get install chromium, or set CHROMIUM)"
        )


class QuietHandler(WSGIRequestHandler):
    """Writes no line per request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Server(ThreadedWSGIServer):
    """Closes each thread's database connection with its request."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes early is no fault."""

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """As the base, then hang up."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all page tests."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM")
    # Django keeps connections apart beside a running loop: the one from before would stay open, and block copies.
    connections["default"].close()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs beside the tests' own queries
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--force-prefers-reduced-motion"])
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def desk(browser: Browser, cloned_db: Copy) -> Desk:
    """The city in a database of its own, where the server's threads see what was committed."""
    organisation.forget_cache()
    policies.forget_cache()
    found = furnish(small_city(), timezone.now() - timedelta(minutes=5))
    found.appeal()
    found.appeal(text="青石区路灯坏了三天，晚上看不见路，请派人来修。", phone="13900001111", title="路灯不亮")
    found.dispatched()
    return found


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The address of a server on that city."""
    server = Server(("127.0.0.1", 0), QuietHandler)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """`open_page("agent", width=390)`: a signed-in page; faults in the console fail the test."""
    contexts, faults = [], []

    def make(role: str = "", *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        if role:
            page.goto("/desk/sign-in/")
            page.fill("[name=username]", role)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("nav.rail")
            page.wait_for_load_state()
        return page

    yield make
    for context in contexts:
        context.close()
    # A refusal is no fault, nor is a request that ended because its page was left.
    expected = ("status of 4", "htmx:sendAbort", "htmx:afterRequest")
    mine = [fault for fault in faults if not any(words in fault for words in expected)]
    assert not mine, mine
