"""Partners who hand in appeals over HTTP and do not give up: the same key again until it is answered."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.installation import Installation

_PATIENCE = 120.0  # seconds


@dataclass
class Burst:
    """Many appeals at once. `answers` are the numbers by idempotency key, in the order they were heard."""

    house: Installation
    answers: dict[str, list[str]] = field(default_factory=dict)
    tries: int = 0
    refused: list[int] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, keys: Sequence[str], clients: int = 4) -> None:
        """Let so many clients share the keys."""
        for first in range(clients):
            thread = threading.Thread(target=self._send_all, args=(keys[first::clients],))
            thread.start()
            self._threads.append(thread)

    def heard(self) -> int:
        """How many keys are answered by now."""
        with self._lock:
            return len(self.answers)

    def finish(self) -> None:
        """Wait for all clients."""
        for thread in self._threads:
            thread.join(_PATIENCE)
            assert not thread.is_alive(), "a client never got its answer"
        assert self.refused == []

    def send(self, key: str) -> str:
        """One appeal, until it is answered; returns its number."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            number = self._try(key)
            if number:
                with self._lock:
                    self.answers.setdefault(key, []).append(number)
                return number
            time.sleep(0.1)
        raise TimeoutError(f"{key} was never answered")

    def _send_all(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.send(key)

    def _try(self, key: str) -> str:
        """The number, or "" when the call broke off or the house could not answer."""
        self.tries += 1
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self.house.address}/api/v1/appeals",
            data=json.dumps({"text": f"锦绣家园南门的路灯坏了，第{key}次巡查。", "phone": "13812345678"}).encode(),
            headers={
                "Authorization": f"Bearer {self.house.key}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return str(json.load(answer)["number"])
        except urllib.error.HTTPError as refused:
            with refused:
                if refused.code < 500:
                    self.refused.append(refused.code)
                return ""
        except (OSError, ValueError, http.client.HTTPException):  # broken off before, at, or in the answer
            return ""


def exactly_one_order_each(burst: Burst) -> None:
    """Every key that was answered has one order, every number that was told exists, and nothing else came."""
    told = {key: set(numbers) for key, numbers in burst.answers.items()}
    assert all(len(numbers) == 1 for numbers in told.values()), "one key, one number"
    numbers = sorted(number for each in told.values() for number in each)
    assert len(set(numbers)) == len(numbers), "two keys, two numbers"
    house = burst.house
    assert house.rows("SELECT number FROM workorder_order WHERE number = ANY(%s) ORDER BY 1", numbers) == [
        (number,) for number in numbers
    ]
    assert house.one("SELECT count(*) FROM workorder_order") == house.one("SELECT count(*) FROM intake_request")
    assert house.one("SELECT count(*) FROM intake_request WHERE order_id IS NULL") == 0
    assert house.one("SELECT count(*) FROM ledger_event WHERE kind = 'order.registered'") == house.one(
        "SELECT count(*) FROM workorder_order"
    )
