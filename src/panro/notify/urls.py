"""Addresses of the room; the roof declares who may enter them."""

from __future__ import annotations

from django.urls import path

from panro.notify import views

app_name = "notify"
urlpatterns = [path("solapi/<str:secret>", views.solapi_report, name="solapi_report")]
