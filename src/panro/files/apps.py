"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Uploads and stored files."""

    name = "panro.files"
    label = "files"
    verbose_name = _("Files")
