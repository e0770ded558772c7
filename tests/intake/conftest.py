"""The same open city as at the doors."""

from tests.channels.conftest import _fresh_caches, city, data_dir, pack

__all__ = ["_fresh_caches", "city", "data_dir", "pack"]
