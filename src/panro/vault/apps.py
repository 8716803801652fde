"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    """Papers and facts."""

    name = "panro.vault"
    label = "vault"
    verbose_name = _("Papers and facts")

    def ready(self) -> None:
        """Fill the seams of the rooms below."""
        from panro.record.roles import append_only  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.vault.opening import open_room  # noqa: PLC0415 - same

        append_only("vault_consentterms")
        open_room()
