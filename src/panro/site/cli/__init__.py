"""The command ``panro``.

Every other module of this folder that is named in ``_COMMANDS`` holds one command and offers
``register(app)``. Commands import what they need when they run, so that ``panro verify`` never waits for
Django.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import typer

from panro.site.cli.errors import INTERRUPTED, USAGE, CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["INTERRUPTED", "USAGE", "CommandError", "app", "main", "run"]

_COMMANDS = ("rehearse", "verify", "audit", "edition", "demo", "serve", "worker", "db", "doctor", "staff", "manage")

app = typer.Typer(
    name="panro",
    help=(
        "A year of support programmes that bring small merchants online.\n\n"
        "소상공인 온라인 판로 지원사업의 한 해를 공고부터 선정까지 운영합니다."
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for _command in _COMMANDS:
    import_module(f"{__name__}.{_command}").register(app)


def main() -> None:
    """Run the command the terminal asked for and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command. Wrong use, and whatever a person can mend, is one line on standard error.

    Returns:
        The exit status: 0 done, 1 failed or found a difference, 2 wrong use, 130 interrupted, or another of
        the command's own.
    """
    try:
        status = typer.main.get_command(app).main(list(arguments), prog_name="panro", standalone_mode=False)
    except typer.TyperException as failure:
        sys.stderr.write(f"panro: {' '.join(failure.format_message().split())}{_hint(failure)}\n")
        return failure.exit_code
    except typer.Abort:
        return INTERRUPTED
    return status if isinstance(status, int) else 0


def _hint(failure: typer.TyperException) -> str:
    command = getattr(getattr(failure, "ctx", None), "command_path", None)
    return f" (try '{command} --help')" if command else ""
