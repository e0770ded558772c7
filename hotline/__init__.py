"""The platform a Chinese city, county or province runs its 12345 government service hotline on.

Rooms are stacked in floors: each imports only from rooms below it. ARCHITECTURE.md is the map.
"""

__version__ = "0.1.0"
