"""The verbs of the order: register, move, merge, split, tell, index, forget, incidents, and taking in histories."""

from hotline.workorder.services.around import adopt_policy, archive_due, reroute, resume_due
from hotline.workorder.services.attaching import Upload, attach
from hotline.workorder.services.finding import index, index_events
from hotline.workorder.services.forgetting import forget
from hotline.workorder.services.incident_walk import close_incidents, pass_on, tell_merged, tell_notices
from hotline.workorder.services.incidents import announce, join, open_incident, progress, restore, widen
from hotline.workorder.services.lives import Appended, append_lives, reserve
from hotline.workorder.services.living import Life, Step
from hotline.workorder.services.merging import follow_heads, merge
from hotline.workorder.services.moving import Moved, move
from hotline.workorder.services.registering import NewOrder, Taken, register, register_many
from hotline.workorder.services.splitting import Part, split
from hotline.workorder.services.telling import tell, tell_events

__all__ = [
    "Appended",
    "Life",
    "Moved",
    "NewOrder",
    "Part",
    "Step",
    "Taken",
    "Upload",
    "adopt_policy",
    "announce",
    "append_lives",
    "archive_due",
    "attach",
    "close_incidents",
    "follow_heads",
    "forget",
    "index",
    "index_events",
    "join",
    "merge",
    "move",
    "open_incident",
    "pass_on",
    "progress",
    "register",
    "register_many",
    "reroute",
    "reserve",
    "restore",
    "resume_due",
    "split",
    "tell",
    "tell_events",
    "tell_merged",
    "tell_notices",
    "widen",
]
