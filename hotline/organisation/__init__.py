"""Units in six levels, staff, roles, areas and grids, partners: who is who inside the authority.

It also holds the viewer, under whose eyes every query of a person's data runs.
"""
