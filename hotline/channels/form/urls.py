"""Addresses of the resident's door."""

from django.urls import path

from hotline.channels.form import incidents, track_views, views

app_name = "form"
urlpatterns = [
    path("", views.report, name="start"),
    path("at/<slug:code>/", views.report, name="start-at"),
    path("done/", views.done, name="done"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<slug:code>/", incidents.incidents, name="incidents-at"),
    path("track/", track_views.track, name="track"),
    path("track/order/", track_views.order, name="order"),
    path("track/files/<int:file_id>/", track_views.photo, name="photo"),
]
