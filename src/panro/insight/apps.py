"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    """The season's figures, exports, open data, the read API."""

    name = "panro.insight"
    label = "insight"
    verbose_name = _("Insight")

    def ready(self) -> None:
        """Fill the menus, and say what lines of the access log mean."""
        from panro.insight import menu  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.insight.actions.exports import EXPORTED  # noqa: PLC0415 - same
        from panro.record.naming import name_seen  # noqa: PLC0415 - same

        menu.register_pages()
        name_seen(EXPORTED, _("Exported a table in which you appear"))
