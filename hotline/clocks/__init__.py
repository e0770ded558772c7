"""Deadlines on any ledger stream: orders, warnings, tasks, appeals against scores.

It reckons due moments in working time and gives reminders; it judges nobody.
"""
