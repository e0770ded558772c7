"""Whose job is it? Suggest, decide, lead and assist, arbitrate.

Rulings made here bind the next suggestion.
"""
