"""Addresses of the room; the roof declares who may enter them (everybody)."""

from __future__ import annotations

from django.urls import path

from panro.record import views

app_name = "record"
urlpatterns = [
    path("", views.heads, name="heads"),
    path("heads.json", views.heads_as_json, name="heads_json"),
    path("seals.json", views.seals_as_json, name="seals_json"),
]
