"""What happened, in order, provably; what is still to be done.

Events are appended to hash-chained streams (an order, a resident's file, a policy, a campaign, an engine) and are
never changed. They hold ids, codes, times, amounts and keyed commitments, never a text or an identity. An event that
is not history leaves one row in the pending table, which workers take in batches.
"""
