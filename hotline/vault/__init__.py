"""Keys, encryption, blind index, commitments and erasure.

Texts and identities are sealed under keys per resident and order; an order's key is wrapped by its resident's, a
resident's by the master key. Destroying a key makes everything under it unreadable while the ledger still verifies.
"""
