"""The loaded city is the one of the dispatch tests."""

from tests.dispatch.conftest import fresh_caches, town

__all__ = ["fresh_caches", "town"]
