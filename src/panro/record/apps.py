"""The room as Django sees it."""

from django.apps import AppConfig

from panro.record.roles import append_only


class RecordConfig(AppConfig):
    """Entries, commitments, seals."""

    name = "panro.record"
    label = "record"

    def ready(self) -> None:
        """Declare the room's own append-only tables, and its checks."""
        from panro.accounts import acts  # noqa: PLC0415 - tables are there only now
        from panro.record.checks import register_checks  # noqa: PLC0415 - same
        from panro.record.of_accounts import write_act  # noqa: PLC0415 - same

        append_only("record_entry")
        append_only("record_seal")
        append_only("record_sealedentry")
        append_only("record_payload", destroyable=True)
        append_only("record_accessnote", destroyable=True)
        append_only("record_dailyhead")
        register_checks()
        acts.register(write_act)
