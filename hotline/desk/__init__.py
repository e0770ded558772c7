"""Pages for staff: agent, dispatcher, unit, grid worker, caller-back, supervisor, leader.

A page makes one writing call and any number of queries.
"""
