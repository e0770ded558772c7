"""The verbs of intake: take an appeal down, with others or into an incident, let it leave by an exit, forget old
requests."""

from hotline.intake.services.deciding import decide_exit
from hotline.intake.services.joining import Joined, take_and_join
from hotline.intake.services.many import TakenMany, take_down_many
from hotline.intake.services.requests import sweep
from hotline.intake.services.taking import Taken, take_down

__all__ = ["Joined", "Taken", "TakenMany", "decide_exit", "sweep", "take_and_join", "take_down", "take_down_many"]
