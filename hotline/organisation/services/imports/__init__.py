"""Importing areas, units, grids and grid workers from spreadsheets: look first, write, take back if need be."""

from hotline.organisation.services.imports.applying import apply_import
from hotline.organisation.services.imports.looking import preview_import, start_import
from hotline.organisation.services.imports.undoing import undo_import
from hotline.organisation.services.imports.working import ask_for_import_step, work_on_imports

__all__ = [
    "apply_import",
    "ask_for_import_step",
    "preview_import",
    "start_import",
    "undo_import",
    "work_on_imports",
]
