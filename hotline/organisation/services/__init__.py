"""Loading a city's areas and units, importing and re-organising them, and keeping its staff."""

from hotline.organisation.services.city import load_city
from hotline.organisation.services.import_applying import apply_import
from hotline.organisation.services.import_looking import preview_import, start_import
from hotline.organisation.services.import_undoing import undo_import
from hotline.organisation.services.import_working import ask_for_import_step, work_on_imports
from hotline.organisation.services.reorganising import reorganise
from hotline.organisation.services.staff import add_membership, create_staff, end_membership

__all__ = [
    "add_membership",
    "apply_import",
    "ask_for_import_step",
    "create_staff",
    "end_membership",
    "load_city",
    "preview_import",
    "reorganise",
    "start_import",
    "undo_import",
    "work_on_imports",
]
