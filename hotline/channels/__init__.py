"""Doors for residents and other systems, one folder each with the same furniture.

A door translates, calls one writing service, shows. It never knows the desk; they meet in contact.
"""
