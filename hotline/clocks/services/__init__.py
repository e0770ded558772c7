"""Changing clocks, bringing those of imported lives, noting what is near or has passed, and reckoning anew."""

from hotline.clocks.change import HistoryClock, Timed
from hotline.clocks.services.changing import apply
from hotline.clocks.services.history import append_history
from hotline.clocks.services.noting import note_passed
from hotline.clocks.services.recomputing import recompute

__all__ = ["HistoryClock", "Timed", "append_history", "apply", "note_passed", "recompute"]
