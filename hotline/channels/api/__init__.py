"""The door for other systems: versioned JSON over HTTP with a key per partner."""
