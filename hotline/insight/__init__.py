"""Daily facts, hot spots, forecasts, effect estimators, open data.

It detects and measures, decides nothing, and can be rebuilt from events.
"""
