"""All components in every state: for who builds pages, and for the accessibility check."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from hotline import ui
from hotline.desk import examples
from hotline.organisation.roles import Role
from hotline.ui.access import StaffRequest, viewer_required

FOLDER = Path(ui.__file__).parent / "templates" / "ui" / "components"


@require_GET
@viewer_required({Role.ADMIN})
def components(request: StaffRequest) -> HttpResponse:
    """Every component folder's examples, on one page."""
    names = sorted(path.parent.name for path in FOLDER.glob("*/example.html"))
    context = {
        "heading": gettext("界面组件"),
        "parts": [(name, f"ui/components/{name}/example.html") for name in names],
        **examples.context(),
    }
    return render(request, "desk/components.html", context)
