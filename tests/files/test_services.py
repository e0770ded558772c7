"""Files on disk and in the table: staged, attached, read, erased, forgotten, swept."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from hotline.files import queries, services, store
from hotline.files.models import File
from hotline.ledger import services as ledger
from hotline.ledger.record import SYSTEM, Draft, Stream
from hotline.refusal import Refused
from hotline.vault import queries as vault_queries
from hotline.vault import services as vault
from hotline.vault.cipher import OpenKey
from tests.files import samples

pytestmark = pytest.mark.django_db
Keys = tuple[OpenKey, OpenKey]
Counter = Callable[[int], AbstractContextManager[None]]
ORDER = Stream("order", 12)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of files, empty."""
    settings.HOTLINE_DATA_DIR = tmp_path
    return tmp_path / "files"


@pytest.fixture
def keys(folder: Path, at: datetime) -> Keys:
    """The authority's key and an order's."""
    authority, resident = vault.create_keys(parents=[None, None], at=at)
    [order] = vault.create_keys(parents=[resident], at=at)
    return authority, order


def stage(key: OpenKey, at: datetime, content: bytes | None = None) -> services.Staged:
    """Stage a PDF, unless told otherwise."""
    content = samples.pdf() if content is None else content
    return services.stage(name="", content=BytesIO(content), authority_key=key, at=at)


def on_disk(folder: Path) -> list[Path]:
    """All files below the folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_file_is_staged_attached_and_read(keys: Keys, at: datetime, count_queries: Counter) -> None:
    authority, order = keys
    with count_queries(1):
        staged = stage(authority, at, samples.tagged())
    with count_queries(3):
        [file_id] = services.attach(tokens=[staged.token], stream=ORDER, key=order, at=at + MINUTE)
    with count_queries(2):
        content, media_type = services.read(file_id)
    with count_queries(1):
        [view] = queries.for_stream(ORDER)
    assert media_type == "image/jpeg"
    assert samples.SECRET_MAKE.encode() not in content
    assert (view.id, view.size, view.width, view.height) == (file_id, len(content), 20, 40)
    assert (view.media_type, view.attached_at) == ("image/jpeg", at + MINUTE)
    assert queries.for_stream(Stream("order", 13)) == queries.for_stream(Stream("campaign", 12)) == []


def test_many_files_cost_no_more_statements_and_keep_their_order(
    keys: Keys, at: datetime, count_queries: Counter
) -> None:
    authority, order = keys
    tokens = [stage(authority, at, samples.pdf() + bytes(number)).token for number in range(4)]
    with count_queries(3):
        ids = services.attach(tokens=[tokens[2], tokens[0], tokens[3], tokens[0]], stream=ORDER, key=order, at=at)
    sizes = {view.id: view.size for view in queries.for_stream(ORDER)}
    assert [sizes[file_id] - len(samples.pdf()) for file_id in ids] == [2, 0, 3]
    with count_queries(0):
        assert services.attach(tokens=[], stream=ORDER, key=order, at=at) == []


def test_the_disk_holds_no_content_and_nobody_else_may_read_it(keys: Keys, folder: Path, at: datetime) -> None:
    stage(keys[0], at, samples.pdf() + b"appeal of a neighbour")
    [path] = on_disk(folder)
    assert b"neighbour" not in path.read_bytes()
    assert b"PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_staged_file_cannot_be_read_as_if_it_were_attached(keys: Keys, at: datetime) -> None:
    stage(keys[0], at)
    with pytest.raises(Refused) as caught:
        services.read(File.objects.get().id)
    assert caught.value.status == 404


def test_a_refused_file_leaves_nothing(keys: Keys, folder: Path, at: datetime) -> None:
    with pytest.raises(Refused), transaction.atomic():
        stage(keys[0], at, b"")
    assert File.objects.count() == 0
    assert on_disk(folder) == []


@pytest.mark.parametrize("token", ["", "no token", "00000000-0000-0000-0000-000000000000", "x" * 10_000])
def test_an_unknown_token_is_told(token: str, keys: Keys, at: datetime) -> None:
    good = stage(keys[0], at).token
    with pytest.raises(Refused) as caught, transaction.atomic():
        services.attach(tokens=[good, token], stream=ORDER, key=keys[1], at=at)
    [reason] = caught.value.reasons
    assert (reason.code, reason.params["count"]) == ("file_gone", 1)
    assert queries.for_stream(ORDER) == []


def test_after_an_hour_it_is_too_late(keys: Keys, at: datetime) -> None:
    token = stage(keys[0], at).token
    with pytest.raises(Refused), transaction.atomic():
        services.attach(tokens=[token], stream=ORDER, key=keys[1], at=at + HOUR + MINUTE)
    assert services.attach(tokens=[token], stream=ORDER, key=keys[1], at=at + HOUR)


def test_sent_twice_it_is_attached_once_and_never_elsewhere(keys: Keys, at: datetime) -> None:
    token = stage(keys[0], at).token
    first = services.attach(tokens=[token], stream=ORDER, key=keys[1], at=at)
    assert services.attach(tokens=[token], stream=ORDER, key=keys[1], at=at + 2 * HOUR) == first
    with pytest.raises(Refused), transaction.atomic():
        services.attach(tokens=[token], stream=Stream("order", 13), key=keys[1], at=at)
    assert len(queries.for_stream(ORDER)) == 1


def test_an_erased_resident_takes_the_files_along(
    keys: Keys,
    folder: Path,
    at: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    authority, order = keys
    tokens = [stage(authority, at).token, stage(authority, at).token]
    [mine] = services.attach(tokens=tokens[:1], stream=ORDER, key=order, at=at)
    [other] = services.attach(tokens=tokens[1:], stream=Stream("order", 13), key=authority, at=at)
    resident_key = order.id - 1
    assert order.id in vault_queries.keys_under([resident_key])
    vault.destroy(key_id=resident_key, at=at)
    with pytest.raises(Refused) as caught:
        services.read(mine)
    assert caught.value.status == 404
    # Then the event says so, and what nobody can read any more is removed too.
    erased = Draft(Stream("resident", 3), "resident.erased", {"key": resident_key}, SYSTEM, at)
    events = ledger.append(drafts=[erased], at=at)
    with django_capture_on_commit_callbacks(execute=True):
        services.forget_events(events=events, at=at)
        services.forget_events(events=events, at=at)
    assert queries.for_stream(ORDER) == []
    assert len(on_disk(folder)) == 1
    assert services.read(other)[0] == samples.pdf()
    assert ledger.verify().ok


def test_a_stream_is_forgotten(
    keys: Keys,
    folder: Path,
    at: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    token = stage(keys[0], at).token
    services.attach(tokens=[token], stream=ORDER, key=keys[1], at=at)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget(stream=ORDER, at=at) == 1
        assert services.forget(stream=ORDER, at=at) == 0
    assert on_disk(folder) == []
    assert queries.for_stream(ORDER) == []


def test_the_sweep_takes_what_was_staged_too_long_and_what_a_crash_left(
    keys: Keys,
    folder: Path,
    at: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    attached, old, fresh = (stage(keys[0], at + n * MINUTE).token for n in (0, 0, 50))
    [file_id] = services.attach(tokens=[attached], stream=ORDER, key=keys[1], at=at)
    orphan = store.path_of(folder, "7c9e6679-7425-40de-944b-e07fc1f90ae7", at)
    store.write(orphan, b"written, then the machine went down", at)
    torn = orphan.with_name(".7c9e6679-7425-40de-944b-e07fc1f90ae8.part")
    torn.write_bytes(b"half")
    os.utime(torn, (at.timestamp(), at.timestamp()))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.sweep(at=at + HOUR + MINUTE) == 3
    assert {path.name for path in on_disk(folder)} == {attached, fresh}
    assert old not in {str(row.token) for row in File.objects.all()}
    assert services.read(file_id)[0] == samples.pdf()
    with django_capture_on_commit_callbacks(execute=True):
        assert services.sweep(at=at + HOUR + MINUTE) == 0


def test_a_removal_that_is_rolled_back_removes_nothing(keys: Keys, folder: Path, at: datetime) -> None:
    token = stage(keys[0], at).token
    [file_id] = services.attach(tokens=[token], stream=ORDER, key=keys[1], at=at)
    with transaction.atomic():
        services.forget(stream=ORDER, at=at)
        transaction.set_rollback(True)
    assert services.read(file_id)[0] == samples.pdf()


def test_a_file_that_is_gone_from_the_disk_is_a_404(keys: Keys, folder: Path, at: datetime) -> None:
    token = stage(keys[0], at).token
    [file_id] = services.attach(tokens=[token], stream=ORDER, key=keys[1], at=at)
    on_disk(folder)[0].unlink()
    with pytest.raises(Refused) as caught:
        services.read(file_id)
    assert caught.value.status == 404


def test_no_sweep_before_the_first_file(folder: Path, at: datetime) -> None:
    assert services.sweep(at=at) == 0
