"""The tables at the end of a rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from rich.table import Table

from panro.korea.text import Text

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from panro.rehearsal.rehearse import Rehearsal
    from panro.rehearsal.year import Tally

type Language = Literal["ko", "en"]

_TOP: Final = 3
_TITLE: Final = Text(
    "{edition} 모의 운영 · 신청자 {people:,} · 난수 씨앗 {seed}",
    "Rehearsal of {edition} · {people:,} applicants · random seed {seed}",
)
_COLUMNS: Final = (
    (Text("사업", "programme"), "left"),
    (Text("신청", "applied"), "right"),
    (Text("부적격(첫 사유)", "ineligible, by first reason"), "left"),
    (Text("미보완", "lapsed"), "right"),
    (Text("철회", "withdrawn"), "right"),
    (Text("평가", "evaluated"), "right"),
    (Text("선정", "selected"), "right"),
    (Text("예비", "waiting"), "right"),
    (Text("물량", "quota"), "right"),
    (Text("추첨 탈락", "lost draws"), "right"),
    (Text("초", "seconds"), "right"),
)
_COMPARED: Final = (
    (Text("사업", "programme"), "left"),
    (Text("물량", "quota"), "right"),
    (Text("신청", "applied"), "right"),
    (Text("평가", "evaluated"), "right"),
    (Text("선정", "selected"), "right"),
    (Text("예비", "waiting"), "right"),
    (Text("추첨 탈락", "lost draws"), "right"),
    (Text("선정 증감", "change in selected"), "right"),
)
_TOTAL: Final = Text("합계", "total")
_WHAT_IF: Final = Text("바꾸기 전 → 바꾼 뒤", "as it is → what if")
_TALLY: Final = Text(
    "{name}: 목표 {target:,} 가운데 {count:,} ({share}%)", "{name}: {count:,} of {target:,} ({share}%)"
)
_REJECTED: Final = Text(
    "{count:,}줄을 뺐습니다. 이유는 {file}에 있습니다.", "{count:,} lines were left out; {file} tells why."
)
_VERIFY: Final = Text("한 차수를 다시 계산해 보려면:", "To recompute one round yourself:")


def year_table(done: Rehearsal, lang: Language) -> Table:
    """Give the one table of a rehearsal."""
    title = _TITLE.in_(lang).format(
        edition=done.edition.head.name.text.in_(lang), people=done.parties, seed=done.options.seed
    )
    table = _table(title, _COLUMNS, lang)
    for tally in done.tallies:
        table.add_row(_name(done, tally, lang), *_cells(tally))
    table.add_section()
    table.add_row(
        _TOTAL.in_(lang),
        f"{sum(tally.applied for tally in done.tallies):,}",
        f"{sum(tally.ineligible.total() for tally in done.tallies):,}",
        f"{sum(tally.lapsed.total() for tally in done.tallies):,}",
        f"{sum(tally.withdrawn for tally in done.tallies):,}",
        f"{sum(tally.evaluated for tally in done.tallies):,}",
        f"{sum(tally.selected for tally in done.tallies):,}",
        f"{sum(tally.waiting for tally in done.tallies):,}",
        f"{sum(tally.quota or 0 for tally in done.tallies):,}",
        f"{sum(tally.drawn for tally in done.tallies):,}",
        f"{sum(tally.seconds for tally in done.tallies):.1f}",
    )
    return table


def tallies(done: Rehearsal, lang: Language) -> Iterator[str]:
    """Compare the year with the figures announced for it."""
    for tally in done.edition.head.tallies:
        count = done.counted(tally.units)
        name = tally.name.text.in_(lang)
        yield _TALLY.in_(lang).format(name=name, target=tally.target, count=count, share=100 * count // tally.target)


def hints(done: Rehearsal, lang: Language) -> Iterator[str]:
    """Say what was left out, and how to verify one dossier."""
    folder = done.options.folder
    if done.rejects.rows and folder is not None:
        yield _REJECTED.in_(lang).format(count=len(done.rejects.rows), file=folder / "rejects.csv")
    public = [one for one in done.dossiers if one.folder.endswith("/public")]
    if public and folder is not None:
        largest = max(done.tallies, key=lambda tally: tally.applied).code
        one = next((one for one in public if one.folder.startswith(f"{largest}/")), public[0])
        yield _VERIFY.in_(lang)
        yield f"  panro verify {folder / one.folder} --head {one.head}"


def comparison_table(before: Rehearsal, after: Rehearsal, lang: Language) -> Table:
    """Give both runs in one table: one number where they agree, else both."""
    table = _table(_WHAT_IF.in_(lang), _COMPARED, lang)
    rows = list(zip(before.tallies, after.tallies, strict=True))
    for old, new in rows:
        table.add_row(
            _name(before, old, lang),
            _pair(old.quota, new.quota),
            _pair(old.applied, new.applied),
            _pair(old.evaluated, new.evaluated),
            _pair(old.selected, new.selected),
            _pair(old.waiting, new.waiting),
            _pair(old.drawn, new.drawn),
            _change(old.selected, new.selected),
        )
    table.add_section()
    table.add_row(
        _TOTAL.in_(lang),
        _pair(*(sum(tally.quota or 0 for tally in run.tallies) for run in (before, after))),
        _pair(*(sum(tally.applied for tally in run.tallies) for run in (before, after))),
        _pair(*(sum(tally.evaluated for tally in run.tallies) for run in (before, after))),
        _pair(*(sum(tally.selected for tally in run.tallies) for run in (before, after))),
        _pair(*(sum(tally.waiting for tally in run.tallies) for run in (before, after))),
        _pair(*(sum(tally.drawn for tally in run.tallies) for run in (before, after))),
        _change(*(sum(tally.selected for tally in run.tallies) for run in (before, after))),
    )
    return table


def _table(title: str, columns: tuple[tuple[Text, str], ...], lang: Language) -> Table:
    table = Table(title=title, title_justify="left")
    for name, justify in columns:
        table.add_column(name.in_(lang), justify="right" if justify == "right" else "left")
    return table


def _name(done: Rehearsal, tally: Tally, lang: Language) -> str:
    return f"{tally.code} {done.edition.programme(tally.code).name.text.in_(lang)}"


def _cells(tally: Tally) -> tuple[str, ...]:
    return (
        f"{tally.applied:,}",
        _reasons(tally.ineligible),
        f"{tally.lapsed.total():,}",
        f"{tally.withdrawn:,}",
        f"{tally.evaluated:,}",
        f"{tally.selected:,}",
        f"{tally.waiting:,}",
        "–" if tally.quota is None else f"{tally.quota:,}",
        f"{tally.drawn:,}",
        f"{tally.seconds:.1f}",
    )


def _reasons(counts: Counter[str]) -> str:
    """Give the number and its most frequent reasons, equal ones by name."""
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    named = ", ".join(f"{reason} {count:,}" for reason, count in top)
    return f"{counts.total():,}" + (f" ({named}{', …' if len(counts) > _TOP else ''})" if named else "")


def _pair(before: int | None, after: int | None) -> str:
    shown = ["–" if number is None else f"{number:,}" for number in (before, after)]
    return shown[0] if before == after else " → ".join(shown)


def _change(before: int, after: int) -> str:
    return f"{after - before:+,}" if after != before else "0"
