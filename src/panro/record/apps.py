"""The room as Django sees it."""

from django.apps import AppConfig

from panro.record.roles import append_only


class RecordConfig(AppConfig):
    """Entries, commitments, seals."""

    name = "panro.record"
    label = "record"

    def ready(self) -> None:
        """Declare the room's own append-only tables."""
        append_only("record_entry")
        append_only("record_seal")
        append_only("record_sealedentry")
        append_only("record_payload", destroyable=True)
