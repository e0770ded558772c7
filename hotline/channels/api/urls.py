"""Addresses of the machine door."""

from django.urls import path

from hotline.channels.api.views import api
from hotline.ui.access import open_namespace

open_namespace("api", "every call is checked by its key; only the description of the interface is open")
urlpatterns = [path("", api.urls)]
