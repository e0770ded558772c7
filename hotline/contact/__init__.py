"""Every call, chat, message and reading, in and out.

The outbox that channels deliver and the calls that the desk commands meet here, so desk and channels need not know
each other. A message waits here until a channel has handed it over; its words are sealed.
"""
