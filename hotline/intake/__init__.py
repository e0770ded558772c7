"""Take the appeal down: who, where, what, when; five exits; completeness; splitting.

An answer at once must cite a valid knowledge entry.
"""
