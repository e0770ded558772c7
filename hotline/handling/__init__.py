"""What a unit does with an order: sign, hand down, co-handle, return, extend, pause, hang, field work, reply."""
