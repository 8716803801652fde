"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    """Editions, and the public pages of the year."""

    name = "panro.editions"
    label = "editions"
    verbose_name = _("Editions")

    def ready(self) -> None:
        """Put the room's pages into the main menu, and tell the vault what programmes are called."""
        from panro.editions import queries  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.editions.menu import register_pages  # noqa: PLC0415 - same
        from panro.vault import naming  # noqa: PLC0415 - same

        register_pages()
        naming.name_programmes(queries.programme_names)
