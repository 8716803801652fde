"""The room as Django knows it."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Page parts; no tables."""

    name = "panro.ui"
    label = "ui"
