"""Appending events, working off what they cause, anchoring and proving.

`append` writes what happens now, `append_history` what happened long ago; `claim`, `done`, `postpone` and
`retry_parked` are the worker's; `anchor` seals, `verify` proves.
"""

from hotline.ledger.queries import parked_count
from hotline.ledger.services.anchors import Anchor, anchor
from hotline.ledger.services.appending import append
from hotline.ledger.services.history import StreamExists, append_history
from hotline.ledger.services.pending import Claim, claim, done, postpone, retry_parked
from hotline.ledger.services.proof import Verification, verify

__all__ = [
    "Anchor",
    "Claim",
    "StreamExists",
    "Verification",
    "anchor",
    "append",
    "append_history",
    "claim",
    "done",
    "parked_count",
    "postpone",
    "retry_parked",
    "verify",
]
