"""Entries with owner, version and expiry; answers with their sources; precedents of cases."""
