"""The machine door."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from hotline.channels.api import keys
from hotline.files import queries as files
from hotline.ledger.record import Stream
from hotline.workorder import queries as orders
from tests.channels.conftest import TEXT, City

APPEALS, FILES = "/api/v1/appeals", "/api/v1/files"


class Partner:
    """A partner's program."""

    def __init__(self, secret: str) -> None:
        self.http = Client(headers={"Authorization": f"Bearer {secret}"})

    def send(self, body: object = None, **headers: str) -> tuple[int, Any]:
        """POST an appeal."""
        content = body if isinstance(body, str | bytes) else json.dumps(body or {"text": TEXT})
        response = self.http.post(APPEALS, content, content_type="application/json", headers=headers)
        return response.status_code, response.json()

    def read(self, number: str, **headers: str) -> tuple[int, Any]:
        """GET an appeal."""
        response = self.http.get(f"{APPEALS}/{number}", headers=headers)
        return response.status_code, response.json()


def partner_of(city: City, partner: str = "app-one", **said: Any) -> Partner:
    """A partner with a key of its own."""
    return Partner(
        keys.create(
            authority_id=city.authority_id,
            partner=partner,
            **{"scopes": keys.SCOPES, "channel": "api", "per_minute": 1000, "at": city.at, **said},
        )
    )


@pytest.fixture
def partner(city: City, data_dir: Path) -> Partner:
    """A partner that may do everything."""
    return partner_of(city)


def test_taken_and_read_back(partner: Partner, city: City) -> None:
    status, taken = partner.send({"text": TEXT, "phone": "13800005678", "kind": "help", "place": "南门"})
    assert status == 201
    assert set(taken) == {"number", "query_code", "already", "joined", "missing"}
    assert orders.prove(number=taken["number"], code=taken["query_code"]) is not None
    status, order = partner.read(taken["number"])
    assert status == 200
    assert (order["state"], order["station"], order["reply"]) == ("registered", 1, None)
    assert [step["code"] for step in order["steps"]] == ["registered"]
    assert TEXT not in json.dumps(order, ensure_ascii=False)


def test_what_is_missing_comes_as_questions(partner: Partner) -> None:
    _, taken = partner.send({"text": "喂", "kind": "complaint"})
    assert [question["code"] for question in taken["missing"]] == ["tell_more", "where", "how_to_reach"]


def test_at_most_twelve_statements(partner: Partner, count_queries: Any) -> None:
    partner.send()
    with count_queries(12):
        status, _ = partner.send({"text": TEXT, "phone": "13900001111", "name": "李某"}, **{"Idempotency-Key": "a"})
    assert status == 201


def test_the_same_key_gives_the_same_answer(partner: Partner) -> None:
    first = partner.send(**{"Idempotency-Key": "k"})
    again = partner.send(**{"Idempotency-Key": "k"})
    assert (first[0], again[0]) == (201, 200)
    assert again[1] == first[1] | {"already": True}
    assert partner.send({"text": "另一件事，井盖丢了"}, **{"Idempotency-Key": "k"})[0] == 409


def test_only_its_own_appeals(partner: Partner, city: City) -> None:
    _, taken = partner.send()
    other = partner_of(city, "app-two")
    unknown = other.read("YJ20991231-999999")
    assert other.read(taken["number"]) == unknown
    assert unknown[0] == 404
    assert partner.read(city.take().number)[0] == 404


@pytest.mark.parametrize("number", ["%00", "a" * 60, "..%2f..", "工单", "'%20OR%201=1"])
def test_numbers_that_are_none(partner: Partner, number: str) -> None:
    assert partner.read(number)[0] in (404, 422)


def test_all_reasons_at_once_in_the_callers_language(partner: Partner, city: City) -> None:
    bad = {
        "text": TEXT,
        "phone": "123",
        "matter_code": "9999999",
        "area_code": "000000",
        "channel": "pigeon",
        "own_at": (city.at + timedelta(days=1)).isoformat(),
    }
    status, chinese = partner.send(bad)
    assert status == 422
    assert {reason["field"] for reason in chinese["reasons"]} == {
        "phone",
        "matter_code",
        "area_code",
        "channel",
        "own_at",
    }
    _, english = partner.send(bad, **{"Accept-Language": "en"})
    assert [reason["code"] for reason in english["reasons"]] == [reason["code"] for reason in chinese["reasons"]]
    assert all(reason["message"].isascii() or "“" in reason["message"] for reason in english["reasons"])
    assert not any("\u4e00" <= letter <= "\u9fff" for reason in english["reasons"] for letter in reason["message"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("{", 400),
        (b"\xff\xfe", 400),
        ("[]", 422),
        ("null", 422),
        ('"text"', 422),
        ('{"text": null}', 422),
        ('{"text": ""}', 422),
        ('{"text": "\\ud800"}', 422),
        ('{"text": "路灯坏了", "shoe": 1}', 422),
        ('{"text": "路灯坏了", "own_at": "2026-11-20T10:00:00"}', 422),
        ('{"text": "路灯坏了", "own_at": 1e400}', 422),
        ('{"text": "路灯坏了", "own_at": "0001-01-01T00:00:00+14:00"}', 422),
        ('{"text": "路灯坏了", "file_tokens": ["x"]}', 422),
        ('{"text": "路灯坏了", "kind": "rant"}', 422),
        (json.dumps({"text": "灯" * 100_000}), 422),
        (json.dumps({"text": "灯" * 3_000_000}), 413),
        ('{"text": "路灯坏了\\u0000😡"}', 201),
        (json.dumps({"text": "灯" * 20_000}), 201),
    ],
)
def test_any_body_is_taken_or_refused(partner: Partner, body: str | bytes, status: int) -> None:
    got, answer = partner.send(body)
    assert got == status
    if status >= 400:
        assert answer["reasons"]
        assert all(reason["message"] and "%(" not in reason["message"] for reason in answer["reasons"])


def test_a_file_is_staged_then_attached(partner: Partner) -> None:
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "PNG")
    response = partner.http.post(FILES, {"file": SimpleUploadedFile("a.png", content.getvalue(), "image/png")})
    assert response.status_code == 201
    staged = response.json()
    status, taken = partner.send({"text": TEXT, "file_tokens": [staged["token"]]})
    assert status == 201
    proven = orders.prove(number=taken["number"], code=taken["query_code"])
    assert proven is not None
    assert [view.media_type for view in files.for_stream(Stream("order", proven.order_id))] == [staged["media_type"]]


def test_a_bad_file_and_a_token_nobody_has(partner: Partner) -> None:
    response = partner.http.post(FILES, {"file": SimpleUploadedFile("a.jpg", b"MZ no", "image/jpeg")})
    assert response.status_code in (413, 415, 422)
    assert response.json()["reasons"]
    assert partner.http.post(FILES).status_code == 422
    status, answer = partner.send({"text": TEXT, "file_tokens": [str(uuid4())]})
    assert (status, bool(answer["reasons"])) == (422, True)


def test_strangers_and_missing_scopes(city: City, data_dir: Path) -> None:
    assert Client().post(APPEALS, "{}", content_type="application/json").status_code == 401
    assert Partner("hk_wrong").send()[0] == 401
    assert Partner("hk_wrong").send()[1]["reasons"][0]["code"] == "key_needed"
    reader = partner_of(city, scopes=["appeals:read"])
    assert reader.send()[0] == 403


def test_too_fast(city: City, data_dir: Path) -> None:
    slow = partner_of(city, per_minute=2)
    assert [slow.send()[0] for _ in range(3)] == [201, 201, 429]


def test_a_revoked_key_stops(partner: Partner, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    assert partner.send()[0] == 201
    assert keys.revoke(partner="app-one", at=city.at) == 1
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: city.at + keys.REMEMBERED)
    assert partner.send()[0] == 401


def test_the_key_is_not_in_the_database(city: City) -> None:
    secret = keys.create(
        authority_id=city.authority_id, partner="p", scopes=["appeals:read"], channel="api", per_minute=1, at=city.at
    )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(k::text, '') FROM channels_apikey k")
        assert secret[3:] not in cursor.fetchone()[0]


def test_the_command_makes_a_key(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("createapikey", "app-one", authority=city.code)
    assert Partner(capsys.readouterr().out.strip()).send()[0] == 201


@pytest.mark.parametrize(
    ("name", "authority"), [("import-messages", "990100"), ("No Good", "990100"), ("app-one", "000000")]
)
def test_the_command_says_what_is_wrong(city: City, name: str, authority: str) -> None:
    with pytest.raises(CommandError):
        call_command("createapikey", name, authority=authority)


def test_no_such_address_and_method(partner: Partner) -> None:
    assert partner.http.get("/api/v1/nothing").status_code == 404
    assert partner.http.delete(APPEALS).status_code == 405


def test_the_description_names_every_refusal(city: City) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    for path in described["paths"].values():
        for operation in path.values():
            assert {"401", "403", "422", "429"} <= set(operation["responses"])
            assert operation["security"]
    assert "Idempotency-Key" in json.dumps(described)
