"""Staff at their desks: signing in once, then acting and reading without pause."""

from __future__ import annotations

import http.cookiejar
import itertools
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence

from bench import load

PASSWORD = "measured-and-thrown-away"  # noqa: S105 - of an installation that lives for one measurement


def signed_in(port: int) -> dict[str, str]:
    """Make an agent and sign in like a browser; returns the headers that carry the session."""
    subprocess.run(
        [sys.executable, "-m", "hotline", "staff", "add", "bench", "--name", "周晓云", "--role", "agent",
         "--password-stdin"],
        input=f"{PASSWORD}\n", text=True, check=True, capture_output=True,
    )  # fmt: skip
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}/desk/sign-in/"
    page = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"username": "bench", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    browser.open(address, urllib.parse.urlencode(form).encode()).read()
    cookies = {cookie.name: cookie.value or "" for cookie in jar}
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
        "Content-Type": "application/x-www-form-urlencoded",
    }


def acts(headers: dict[str, str], orders: Sequence[int], client: int, clients: int) -> Iterator[load.Request]:
    """One client's share of the orders, each corrected by hand: lock, law, event, clocks, order, redirect."""
    for order_id in itertools.cycle(orders[client::clients]):
        for kind in ("help", "complaint"):
            yield "POST", f"/desk/orders/{order_id}/amend/", f"kind={kind}".encode(), headers


def pages(headers: dict[str, str], paths: Sequence[str], client: int) -> Iterator[load.Request]:
    """The same pages again and again, each client beginning at another."""
    for path in itertools.cycle([*paths[client % len(paths) :], *paths[: client % len(paths)]]):
        yield "GET", path, b"", headers
