"""Was the resident reached, is it solved, are they satisfied? Rework or close."""
