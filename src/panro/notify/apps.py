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
        from panro.accounts import consents  # noqa: PLC0415 - tables are there only now
        from panro.notify.checks import register_checks  # noqa: PLC0415 - same
        from panro.notify.consents import follow  # noqa: PLC0415 - same

        consents.register(follow)
        register_checks()
        append_only("notify_report", destroyable=True)
