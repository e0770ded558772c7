"""Addresses: every face brings its own list."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from hotline.ui.access import open_to_all

to_the_form = open_to_all("leads residents to their form")(RedirectView.as_view(pattern_name="form:start"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", to_the_form),
    path("desk/", include("hotline.desk.urls")),
    path("ui/", include("hotline.ui.urls")),
    path("report/", include("hotline.channels.form.urls")),
    path("api/v1/", include("hotline.channels.api.urls")),
]

handler403 = "hotline.ui.views.forbidden"
handler404 = "hotline.ui.views.not_found"
handler500 = "hotline.ui.views.broken"
