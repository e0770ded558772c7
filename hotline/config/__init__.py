"""Settings, addresses, and the supervision of the embedded database."""
