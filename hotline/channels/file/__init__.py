"""The door that writes messages into a file of the day: for trials, and where no text-message gateway is connected."""
