"""The worker or an import is killed at its worst moments: nothing is lost, nothing is done twice."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

from django.db import connection

from tests.faults.installation import Installation, until
from tests.world import World

# What a batch of new appeals writes first, and last; then it says that all is done.
STEPS = (
    ("contact_message", "INSERT"),
    ("dispatch_suggestionrecord", "INSERT"),
    ("ledger_pending", "DELETE"),
)
PENDING = """SELECT count(*) FROM ledger_pending p JOIN ledger_event e ON e.id = p.event_id
WHERE e.stream_kind = 'order' AND e.stream_id = ANY(%s)"""
WRITTEN = {
    "messages": "SELECT stream_id FROM contact_message WHERE stream_id = ANY(%s)",
    "searched": "SELECT order_id FROM workorder_searchentry WHERE order_id = ANY(%s)",
    "readings": "SELECT order_id FROM understanding_orderreading WHERE order_id = ANY(%s)",
    "suggestions": "SELECT order_id FROM dispatch_suggestionrecord WHERE order_id = ANY(%s)",
    "read": "SELECT stream_id FROM ledger_event WHERE kind = 'order.read' AND stream_id = ANY(%s)",
}
UNSENT = "SELECT count(*) FROM contact_message WHERE state <> 'sent' AND stream_id = ANY(%s)"


def backlog(world: World, many: int) -> list[int]:
    """So many appeals that nobody has looked at yet."""
    orders = [world.take(phone=f"138{world.at:%H%M}{number:04}").order_id for number in range(many)]
    connection.close()
    return orders


def written(house: Installation, orders: list[int]) -> dict[str, Counter[int]]:
    """How often each order has what the reactions write."""
    return {what: Counter(row[0] for row in house.rows(question, orders)) for what, question in WRITTEN.items()}


def work_off(house: Installation, orders: list[int]) -> None:
    """Let a worker that nobody kills do the rest."""
    with house.running("worker"):
        until(lambda: house.one(PENDING, orders) == 0 and house.one(UNSENT, orders) == 0)


def told_once(house: Installation, orders: list[int]) -> None:
    """One line of the outbox for each order, and no reference twice."""
    lines = [line for line in house.delivered() if int(line["stream"].rpartition(":")[2]) in orders]
    assert Counter(line["stream"] for line in lines) == Counter(f"order:{each}" for each in orders)
    assert len({line["ref"] for line in lines}) == len(orders)


def test_killed_at_every_step_of_a_batch(house: Installation, world: World) -> None:
    orders = backlog(world, 100)
    for table, doing in STEPS:
        with house.halting(table, doing) as halted, house.running("worker") as worker:
            halted()
            worker.kill()
        house.quiet()
        assert not any(written(house, orders).values()), f"half a batch was kept before {doing} on {table}"
        assert house.one(PENDING, orders) == 100
    work_off(house, orders)
    assert written(house, orders) == {what: Counter(orders) for what in WRITTEN}
    told_once(house, orders)


def test_killed_after_delivering_and_before_saying_so(house: Installation, world: World) -> None:
    """The claims are on record, so the next worker looks into the file first; the last line was torn by the crash."""
    orders = backlog(world, 20)
    with house.halting("contact_message", "UPDATE OF state") as halted, house.running("worker") as worker:
        halted()
        worker.kill()
        house.drop_halted()
    house.quiet()
    assert house.one(UNSENT, orders) == 20
    told_once(house, orders)
    newest = max((house.data_dir / "outbox").glob("*.jsonl"))
    newest.write_bytes(newest.read_bytes()[:-30])
    leased = house.one("SELECT min(next_at) FROM contact_message WHERE state = 'queued'")
    assert leased > world.at + timedelta(minutes=4), "nobody else touches them while the claim may still be alive"
    house.rows("UPDATE contact_message SET next_at = now() WHERE state = 'queued' RETURNING id")  # the claims run out
    work_off(house, orders)
    told_once(house, orders)


def test_asked_to_end_it_finishes_what_it_began(house: Installation, world: World) -> None:
    orders = backlog(world, 20)
    with house.running("worker") as worker:
        with house.halting("dispatch_suggestionrecord", "INSERT") as halted:
            halted()
            worker.process.terminate()
        assert worker.process.wait(60) == 0
    assert house.one(PENDING, orders) == 0
    assert written(house, orders) == {what: Counter(orders) for what in WRITTEN}


def test_a_killed_import_goes_on_where_it_stopped(house: Installation) -> None:
    file = house.data_dir / "messages.jsonl"
    rows = [
        {"id": number, "user": f"T{number}", "title": "路灯不亮", "time": "2019/2/28 11:25:05", "up": 0, "down": 0,
         "text": f"解放路第{number}根灯杆的路灯坏了一个星期，晚上看不见路。"}
        for number in range(450)
    ]  # fmt: skip
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    count = "SELECT count(*) FROM workorder_order"
    before = house.one(count)
    second_batch = f"({count}) > {before + 200}"  # it sees its own rows
    with (
        house.halting("ledger_head", "INSERT OR UPDATE", when=second_batch) as halted,
        house.running("import", str(file)) as first,
    ):
        halted()
        first.kill()
    house.quiet()
    done = house.one(count) - before
    assert 0 < done < 450
    again = json.loads(house.run("import", str(file), "--json").strip().splitlines()[-1])
    assert (again["read"], again["created"], again["already"], again["rejected"]) == (450, 450 - done, done, 0)
    assert house.one(count) - before == 450
