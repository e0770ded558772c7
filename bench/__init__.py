"""Measurements: run by hand or by `make bench`, never asserted by a test. Each prints figures, or JSON with --json."""
