"""Every page opens for its roles and for nobody else."""

from __future__ import annotations

from tests.desk.conftest import Desk


def test_order_page_shows_what_is_known(desk: Desk) -> None:
    order_id = desk.appeal()
    page = desk.client("agent").get(f"/desk/orders/{order_id}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "锦绣家园" in text
    assert "张**" in text
    assert "13812345678" not in text
