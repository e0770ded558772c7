"""Clients that ask again as soon as they are answered, for a given time."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Request = tuple[str, str, bytes, dict[str, str]]  # method, path, body, headers


@dataclass
class Answered:
    """What the clients saw: seconds of each answer by the status's first digit, and the time it all took."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    took: float = 0.0

    @property
    def per_second(self) -> float:
        """Good answers per second."""
        return len(self.seconds) / self.took

    def quantile_ms(self, part: float) -> float:
        """The quantile of the good answers' times, in milliseconds."""
        return statistics.quantiles(self.seconds, n=1000)[round(part * 1000) - 1] * 1000


def run(port: int, requests: Callable[[int], Iterator[Request]], *, clients: int, seconds: float) -> Answered:
    """Let `clients` ask for `seconds`; `requests(n)` gives the n-th client's requests without end."""
    answered, lock = Answered(), threading.Lock()
    until = time.perf_counter() + seconds

    def client(number: int) -> None:
        mine, failed = _ask(port, requests(number), until)
        with lock:
            answered.seconds += mine
            answered.failed += failed

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered.took = time.perf_counter() - begun
    return answered


def _ask(port: int, requests: Iterator[Request], until: float) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    seconds, failed = [], 0
    for method, path, body, headers in requests:
        begun = time.perf_counter()
        if begun >= until:
            break
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status < 400:
            seconds.append(time.perf_counter() - begun)
        else:
            failed += 1
    connection.close()
    return seconds, failed
