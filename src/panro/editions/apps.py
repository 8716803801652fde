"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    """Editions, and the public pages of the year."""

    name = "panro.editions"
    label = "editions"
    verbose_name = _("Editions")

    def ready(self) -> None:
        """Put the room's pages into the main menu."""
        from panro.editions.menu import register_pages  # noqa: PLC0415 - the menu is there once all rooms are loaded

        register_pages()
