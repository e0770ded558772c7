"""Residents, enterprises and households; masking; who saw whom.

Identities are stored sealed, found by blind index, shown masked. Seeing one in full asks for a reason and is recorded.
"""
