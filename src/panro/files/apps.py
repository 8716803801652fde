"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Uploads and stored files."""

    name = "panro.files"
    label = "files"
    verbose_name = _("Files")

    def ready(self) -> None:
        """Add what "panro doctor" asks about files."""
        from panro.files.checks import register_checks  # noqa: PLC0415 - it reads tables, which are there only now

        register_checks()
