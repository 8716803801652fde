"""How far a rehearsal is, shown in the terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from panro.korea.text import Text
from panro.rehearsal.schedule import Act, plan_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from panro.rehearsal.rehearse import Options
    from panro.rehearsal.schedule import RoundPlan
    from panro.rules.edition.model import Edition

_PEOPLE = Text("신청 기업 만들기", "making companies")
_ACTS = {
    Act.FREEZE: Text("접수 마감", "intake closed"),
    Act.SEAL: Text("평가 봉인", "evaluation sealed"),
    Act.PUBLISH: Text("결과 공개", "published"),
    Act.SETTLE: Text("이의·예비 정리", "settled"),
}


class TerminalProgress:
    """Two bars: the companies made, and the acts of the year's rounds done."""

    def __init__(self, bars: Progress, people: TaskID, acts: TaskID, lang: Literal["ko", "en"]) -> None:
        self._bars = bars
        self._people = people
        self._acts = acts
        self._lang = lang

    def people(self, made: int) -> None:
        """Move the first bar."""
        self._bars.update(self._people, completed=made)

    def act(self, plan: RoundPlan, act: Act) -> None:
        """Move the second bar, and say what was done."""
        self._bars.update(self._people, completed=self._bars.tasks[self._people].total)
        what = f"{plan.programme.code} {plan.round_.code} {_ACTS[act].in_(self._lang)}"
        self._bars.update(self._acts, advance=1, description=what)


@contextmanager
def shown(
    edition: Edition, options: Options, console: Console, lang: Literal["ko", "en"]
) -> Iterator[TerminalProgress]:
    """Show the bars while a rehearsal runs; they vanish when it is done."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bars:
        people = bars.add_task(_PEOPLE.in_(lang), total=0 if options.applications else options.companies)
        acts = bars.add_task("", total=len(plan_year(edition)) * len(Act))
        yield TerminalProgress(bars, people, acts, lang)
