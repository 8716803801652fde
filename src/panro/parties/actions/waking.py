"""Having the tax service asked right away instead of within the next minute."""

from __future__ import annotations


def wake() -> None:
    """Enqueue the task that asks, in the caller's transaction."""
    from panro.parties.tasks import ask_tax_service  # noqa: PLC0415 - it carries out the acts that wake it

    ask_tax_service.enqueue()
