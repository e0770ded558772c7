"""Cards, 督办 (supervised orders), quality inspection, indicators and scores, the discipline list.

Scores live only here, and public doors may not import them.
"""
