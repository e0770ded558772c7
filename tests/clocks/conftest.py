"""A published policy for clocks to run under."""

from tests.policy.conftest import authority_id, pack, policy

__all__ = ["authority_id", "pack", "policy"]
