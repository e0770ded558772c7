"""Attachments: checked on the way in, stored encrypted; printed forms turned into bytes.

A file is staged first, then attached to a ledger stream. Faces reach files only through workorder.
"""
