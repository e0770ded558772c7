"""Warnings, campaigns, seasonal lists (夏病春治), patrols, policy supply: acting before the call (未诉先办)."""
