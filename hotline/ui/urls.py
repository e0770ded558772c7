"""Addresses of what all faces share."""

from django.urls import path

from hotline.ui import views

app_name = "ui"
urlpatterns = [path("preferences", views.preferences, name="preferences")]
