"""What every command needs before its work: settings, a running database, tables and rights up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

import django

from hotline.config import schema
from hotline.config.environment import Environment
from hotline.config.telling import choose


@contextmanager
def ready(*, migrate: bool = True) -> Iterator[Environment]:
    """Everything in place for the length of a block. Raises Trouble, SecretsMissing or ValidationError."""
    from django.conf import settings

    environment: Environment = settings.ENVIRONMENT
    django.setup()
    from django.utils import translation

    translation.activate(choose("zh-hans", "en"))
    with schema.database_in_use(environment):
        if migrate:
            schema.bring_up_to_date(environment)
        try:
            yield environment
        finally:
            _let_go()


def _let_go() -> None:
    """Close our own connections, so that a server that stops with us need not cut them."""
    from django.db import connections

    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if close := getattr(connection, "close_pool", None):
            close()
