"""``panro audit``: recompute the requirement review of a round from an auditor's dossier."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotation when the program runs
from typing import TYPE_CHECKING, Annotated, Final

import typer

from panro.site.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from rich.console import Console

    from panro.dossier.audit import AuditReport

_SHOWN: Final = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    dossier: Annotated[Path, typer.Argument(help="Folder of an auditor's dossier.", show_default=False)],
) -> None:
    """Recompute the eligibility of every case of an auditor's dossier with the edition's rules.

    Exit 0 if all agree, 1 if something differs.
    """
    from rich.console import Console

    from panro.dossier.audit import AuditError, audit_dossier

    if not dossier.is_dir():
        raise CommandError(f"{dossier} is not a folder; give the folder of an auditor's dossier", code=USAGE)
    try:
        report = audit_dossier(dossier)
    except AuditError as error:
        raise CommandError(str(error), code=USAGE) from error
    _print(report, Console(highlight=False))
    if not report.consistent:
        raise typer.Exit(1)


def _print(report: AuditReport, console: Console) -> None:
    """Print counts per outcome and reason, then the differences."""
    from rich.table import Table

    table = Table(title=f"{report.round_id}: {report.cases} cases / 신청 {report.cases}건", title_justify="left")
    for column in ("requirement / 요건", "reason / 사유"):
        table.add_column(column)
    table.add_column("cases / 건수", justify="right")
    table.add_row("eligible", "", str(report.states["eligible"]))
    for (state, reason), count in sorted(report.reasons.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(state, reason, str(count))
    console.print(table)
    for one in report.differences[:_SHOWN]:
        console.print(f"case {one.result_no}: {one.column} is “{one.found}”, recomputed “{one.expected}”", markup=False)
    hidden = len(report.differences) - _SHOWN
    if hidden > 0:
        console.print(f"and {hidden} more differences")
    if report.consistent:
        console.print("consistent: every case comes out as the dossier says / 모든 신청의 결과가 일치합니다")
    else:
        count = len(report.differences)
        console.print(f"{count} differences / 다른 점 {count}건")
