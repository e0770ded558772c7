"""A synthetic city that lives. It has no tables and no addresses of its own."""
