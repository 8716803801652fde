"""The room as Django knows it, and Django's admin with this project's rule of who enters."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class SiteConfig(AppConfig):
    """The roof; the label keeps clear of Django's own ``sites``."""

    name = "panro.site"
    label = "panro_site"
    default = True

    def ready(self) -> None:
        """Give the selection the verifier, without which it publishes nothing."""
        from panro.selection.course.seams import use_verifier  # noqa: PLC0415 - models are there once all rooms are
        from panro.site.verifying import differences  # noqa: PLC0415 - same

        use_verifier(differences)


class EngineerAdminConfig(admin_apps.AdminConfig):
    """The admin for engineers."""

    default_site = "panro.site.admin.EngineerSite"
    default = False
