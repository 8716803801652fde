"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from panro.record.roles import append_only


class SelectionConfig(AppConfig):
    """Published selections."""

    name = "panro.selection"
    label = "selection"
    verbose_name = _("Selection")

    def ready(self) -> None:
        """Put the results into the main menu, and declare what only grows."""
        from panro.selection.menu import register_pages  # noqa: PLC0415 - the menu is there once all rooms are loaded

        register_pages()
        for table in ("resultline", "stageline", "offerline"):
            append_only(f"selection_{table}")
