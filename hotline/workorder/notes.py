"""What a sealed text of an order is bound to. Pure."""

QUERY_CODE = "query_code"
# The name that came with this appeal, where the number is known under another one.
GIVEN_NAME = "given_name"
# Kept with the order, and never handed out among its texts.
UNSPOKEN = (QUERY_CODE, GIVEN_NAME)
SEARCHED = ("title", "appeal", "place", "supplement")
# What the resident may read of their own appeal; everything else is internal.
PUBLIC = ("title", "appeal", "place", "supplement", "reply_public", "guidance")


def context(order_id: int, kind: str) -> str:
    """The associated data of a note's seal, so that a text cannot be moved to another order or kind."""
    return f"note/{order_id}/{kind}"
