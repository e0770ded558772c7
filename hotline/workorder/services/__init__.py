"""The verbs of the order: register, move, tell, index, forget, and taking in whole histories."""

from hotline.workorder.services.finding import index, index_events
from hotline.workorder.services.forgetting import forget
from hotline.workorder.services.lives import Appended, append_lives, reserve
from hotline.workorder.services.living import Life, Step
from hotline.workorder.services.moving import Moved, move
from hotline.workorder.services.registering import NewOrder, Taken, register, register_many
from hotline.workorder.services.telling import tell, tell_events

__all__ = [
    "Appended",
    "Life",
    "Moved",
    "NewOrder",
    "Step",
    "Taken",
    "append_lives",
    "forget",
    "index",
    "index_events",
    "move",
    "register",
    "register_many",
    "reserve",
    "tell",
    "tell_events",
]
