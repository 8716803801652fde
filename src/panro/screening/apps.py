"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    """Requirement review (요건검토): the officer's desk, cases, decisions, sanctions."""

    name = "panro.screening"
    label = "screening"
    verbose_name = _("Screening")
