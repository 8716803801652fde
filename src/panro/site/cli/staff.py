"""``panro staff``: the first roles of an installation, given by whoever operates the machine."""

from __future__ import annotations

from typing import Annotated

import typer

from panro.site.cli.django import django
from panro.site.cli.errors import USAGE, CommandError

ROLES = ("officer", "chief", "reviewer_manager", "auditor", "engineer")


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(no_args_is_help=True, help="Roles in the agency; later ones are given on the pages, by two.")
    group.command("grant")(grant)
    group.command("list")(show)
    app.add_typer(group, name="staff")


def grant(
    email: Annotated[str, typer.Argument(help="Address of an account that has signed up.")],
    role: Annotated[str, typer.Argument(help=", ".join(ROLES))],
) -> None:
    """Give somebody a role. Written into the record as done by the operator."""
    if role not in ROLES:
        raise CommandError(f"role {role}: expected one of {', '.join(ROLES)}", code=USAGE)
    with django():
        from django.utils import timezone

        from panro.staff.grants import BY_OPERATOR, UnknownPersonError
        from panro.staff.grants import grant as give
        from panro.staff.states import Role

        try:
            give(email, Role(role), granted_by=BY_OPERATOR, now=timezone.now())
        except UnknownPersonError as missing:
            raise CommandError(f"{email}: no active account; sign up first", code=USAGE) from missing
    typer.echo(f"{email}: {role}")


def show() -> None:
    """List everybody with a role."""
    with django():
        from panro.staff.queries import colleagues

        for one in colleagues():
            typer.echo(f"{one.user.email}: {', '.join(one.roles)}")
