"""What a worker runs: queued tasks, with the rights of the running program."""

from __future__ import annotations

import os

from panro.site import environment


def main() -> None:
    """Run tasks until told to stop."""
    environment.run_with_runtime_rights()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panro.site.settings")
    from django import setup  # noqa: PLC0415 - settings are read only now
    from django.core.management import call_command  # noqa: PLC0415 - same

    setup()
    call_command("ox_worker", verbosity=0)


if __name__ == "__main__":
    main()
