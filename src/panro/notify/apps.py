"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from panro.record.roles import append_only


class NotifyConfig(AppConfig):
    """The outbox and the inbox."""

    name = "panro.notify"
    label = "notify"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Declare what is only ever added to; a report goes with its message when that is destroyed."""
        append_only("notify_report", destroyable=True)
