"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Products."""

    name = "panro.catalog"
    label = "catalog"
    verbose_name = _("Products")

    def ready(self) -> None:
        """Fill the seams of the rooms below: what files are taken, who opens them, the side menu of a party."""
        from panro.catalog import seams  # noqa: PLC0415 - models are there once all rooms are loaded

        seams.fill()
