"""Clients that ask again as soon as they are answered, for a given time."""

from __future__ import annotations

import re
import socket
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
    """One client on one kept connection. Plain sockets: the client shares the machine, so it must cost little."""
    seconds, failed = [], 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for method, path, body, headers in requests:
            told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n{told}\r\n"
            begun = time.perf_counter()
            if begun >= until:
                break
            connection.sendall(head.encode() + body)
            if _answer(connection) < 400:
                seconds.append(time.perf_counter() - begun)
            else:
                failed += 1
    return seconds, failed


def _answer(connection: socket.socket) -> int:
    """Read one whole answer; returns its status. The server says the length of every answer that it gives here."""
    got = connection.recv(65536)
    while b"\r\n\r\n" not in got:
        got += connection.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        missing -= len(connection.recv(65536))
    return int(head[9:12])
