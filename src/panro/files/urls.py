"""Addresses of the room; the roof declares who may enter them (everybody who is logged in)."""

from __future__ import annotations

from django.urls import path

from panro.files.views import pieces, whole

app_name = "files"
urlpatterns = [
    path("", whole.hand_in, name="hand_in"),
    path("uploads/", pieces.begin, name="begin"),
    path("uploads/<uuid:upload>", pieces.continue_, name="upload"),
    path("uploads/<uuid:upload>/finish", pieces.finish, name="finish"),
    path("<uuid:file>", whole.open_file, name="open"),
    path("<uuid:file>/state", whole.state, name="state"),
]
