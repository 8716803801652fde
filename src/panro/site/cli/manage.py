"""``panro manage``: Django's own commands, for engineers."""

from __future__ import annotations

import typer  # noqa: TC002 - typer reads the annotations when it runs

from panro.site.cli.django import django


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "manage",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    )(manage)


def manage(context: typer.Context) -> None:
    """Run a command of Django, such as 'panro manage createsuperuser'."""
    with django():
        from django.core.management import ManagementUtility

        ManagementUtility(["panro manage", *context.args]).execute()
