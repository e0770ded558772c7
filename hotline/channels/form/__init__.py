"""The resident's door on the web: report something in three steps, follow it by number and code.

Works without script; what was typed waits sealed on the server between the steps.
"""
