"""Rules as data: matters and duties, clocks, calendar, numbers, lines, supervision, scoring, seasons.

A city's files seed it, published versions run it; an order keeps the version that it is judged by.
"""
