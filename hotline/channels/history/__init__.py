"""The door for what was said elsewhere and before: files of old or foreign appeals become open orders.

A profile (a data file in `profiles/`) says which column means what; rows go through intake like any other appeal.
"""
