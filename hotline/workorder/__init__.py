"""The central object: the order (工单), the one law that moves it, and its texts.

`lifecycle` is the law on one page, `facts` what an action must say, `guards` what must be true, `services.move` the
only way a state changes. Upper rooms pull what waits for them; nobody pushes upward.
"""
