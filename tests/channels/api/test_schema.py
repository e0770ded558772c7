"""Whatever a program sends that follows, or breaks, the description: the answer follows it, and nothing breaks."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from hotline.channels.api import keys
from tests.channels.conftest import City

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
PATIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests leave the test's own connection open, as the test client's do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("_one_connection", "data_dir")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/appeals", "POST"),
        ("/api/v1/appeals/{number}", "GET"),
        ("/api/v1/files", "POST"),
        ("/api/v1/incidents", "GET"),
    ],
)
def test_the_answer_follows_the_description(path: str, method: str, mode: GenerationMode, city: City) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    secret = keys.create(
        authority_id=city.authority_id,
        partner="fuzz",
        scopes=keys.SCOPES,
        channel="api",
        per_minute=1_000_000,
        at=city.at,
    )

    @PATIENT
    @given(described[path][method].as_strategy(generation_mode=mode))
    def follows(case: Case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)

    follows()
