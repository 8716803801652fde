"""The room as Django knows it, and Django's admin with this project's rule of who enters."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class SiteConfig(AppConfig):
    """The roof; the label keeps clear of Django's own ``sites``."""

    name = "panro.site"
    label = "panro_site"
    default = True


class EngineerAdminConfig(admin_apps.AdminConfig):
    """The admin for engineers."""

    default_site = "panro.site.admin.EngineerSite"
    default = False
