"""A city with a policy, for entries to belong to."""

from tests.policy.conftest import authority_id, pack, policy

__all__ = ["authority_id", "pack", "policy"]
