"""How long a failed message waits."""

from datetime import timedelta

from hotline.contact.outbox import MAX_ATTEMPTS, wait_after


def test_waits_grow_and_end() -> None:
    waits = [wait_after(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16)]
    assert all(wait is not None and wait <= timedelta(hours=6) for wait in waits)
    assert wait_after(MAX_ATTEMPTS) is None
