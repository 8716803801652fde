"""What happened to an application, in words that a merchant understands, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from panro.intake.following import name_of
from panro.intake.models import Application, Extension, Nomination
from panro.intake.states import State, SupplementState
from panro.korea.text import Text
from panro.ui.clock import SEOUL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from panro.accounts.models import User
    from panro.intake.models import Supplement, SupplementItem

APPLICANT: Final = Text("신청자", "The applicant")
OFFICER: Final = Text("담당자", "The officer")
AGENCY: Final = Text("운영기관", "The agency")
ENDINGS: Final[dict[SupplementState, tuple[Text, Text]]] = {
    SupplementState.ANSWERED: (
        Text("요청한 것을 모두 보완했습니다.", "Everything asked for was completed."),
        APPLICANT,
    ),
    SupplementState.EXPIRED: (
        Text(
            "보완 기한이 지났습니다. 내지 않은 것은 확인하지 못한 것으로 남습니다.",
            "The time for it has passed. What was not answered stays unconfirmed.",
        ),
        AGENCY,
    ),
    SupplementState.DROPPED: (Text("보완 요청이 취소되었습니다.", "The request was dropped."), AGENCY),
}
"""How a request came to its end, and by whom."""
PROMISES_ENDED: Final[dict[SupplementState, tuple[Text, Text]]] = {
    SupplementState.ANSWERED: (
        Text("나중에 내기로 한 서류를 모두 냈습니다.", "All papers that were to follow were handed in."),
        APPLICANT,
    ),
    SupplementState.EXPIRED: (
        Text(
            "나중에 내기로 한 서류의 기한이 지났습니다. 내지 않은 것은 확인하지 못한 것으로 남습니다.",
            "The time for the papers that were to follow has passed. What did not come stays unconfirmed.",
        ),
        AGENCY,
    ),
    SupplementState.DROPPED: (
        Text("나중에 내기로 한 서류를 더 기다리지 않습니다.", "The papers that were to follow are awaited no more."),
        AGENCY,
    ),
}
"""The same for papers that the applicant promised."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, what in Korean and English, and who.

    ``detail`` says more where there is more to say; ``due`` is a day that matters, such as the last one for an answer.
    """

    when: datetime
    what: Text
    who: Text
    detail: str = ""
    due: date | None = None


def timeline(application: Application) -> list[Happening]:
    """Return what happened to an application, the oldest first. Five queries at most, whatever happened.

    What lies ahead is not in it: the round's own days are printed in the notice.
    """
    row = Application.objects.select_related("created_by", "submitted_by", "receipt", "pool").get(pk=application.pk)
    asked = row.supplements.order_by("clock_stopped", "pk").prefetch_related("items")
    found = [*_of_itself(row), *_of_allowances(row)]
    for one in asked:
        found += _of_supplement(one)
    return sorted(found, key=lambda one: one.when)


def _of_itself(row: Application) -> Iterator[Happening]:
    began = Text("고쳐 쓰기를 시작했습니다.", "A correction was begun.")
    if row.corrects_id is None:
        began = Text("신청서를 쓰기 시작했습니다.", "The application was begun.")
    yield Happening(row.created, began, _member(row.created_by))
    if row.submitted_at is not None:
        what = Text("신청서를 제출하고 접수증을 받았습니다.", "It was handed in, and a receipt was issued.")
        yield Happening(row.submitted_at, what, _member(row.submitted_by), detail=row.receipt.receipt_no)
    if row.state == State.MISSED:
        what = Text("제출하지 않은 채 접수가 끝났습니다.", "The intake ended before it was handed in.")
        yield Happening(_end_of(row.closes), what, AGENCY)
    if row.pool is not None and row.pool.frozen_at is not None:
        what = Text(
            f"접수가 끝나 신청 {row.pool.count:,}건의 명단이 확정되었습니다. 요건검토로 넘어갑니다.",
            f"The intake ended; the list of {row.pool.count:,} applications is final. The requirements come next.",
        )
        yield Happening(row.pool.frozen_at, what, AGENCY)
    if row.withdrawn_at is not None:
        what = Text("신청을 취소했습니다.", "The application was withdrawn.")
        if row.replaced and row.withdrawn_why == "":
            what = Text("고쳐 쓴 신청서가 이 신청을 대신합니다.", "A corrected application takes its place.")
        yield Happening(row.withdrawn_at, what, APPLICANT, detail=row.withdrawn_why)
    if row.destroyed_at is not None:
        what = Text(
            "보존 기간이 끝나 신청서의 내용을 파기했습니다. 접수번호와 접수증 해시값은 남습니다.",
            "Its term was over and its contents were destroyed. The number and the hash of its receipt stay.",
        )
        yield Happening(row.destroyed_at, what, AGENCY)


def _of_allowances(row: Application) -> Iterator[Happening]:
    of_round = {
        "party": row.party_id,
        "edition": row.edition_id,
        "programme": row.programme,
        "round_code": row.round_code,
    }
    for named in Nomination.objects.filter(**of_round):
        what = Text("추천 대상으로 정해졌습니다.", "The applicant was nominated.")
        yield Happening(named.named_at, what, OFFICER, detail=named.reason)
    for given in Extension.objects.filter(**of_round):
        what = Text(f"제출 기한이 {given.until}까지로 늘었습니다.", f"The last day was put off to {given.until}.")
        yield Happening(given.given_at, what, OFFICER, detail=given.reason, due=given.until)


def _of_supplement(asked: Supplement) -> Iterator[Happening]:
    items = list(asked.items.all())
    if asked.promised:
        yield from _of_promises(asked, items)
        return
    what = Text(f"보완할 것 {len(items)}가지를 요청했습니다.", f"{len(items)} points are to be completed.")
    whys = "\n".join(item.why for item in items)
    yield Happening(asked.clock_stopped, what, OFFICER, detail=whys, due=asked.due)
    if asked.clock_started is not None:
        what, who = ENDINGS[SupplementState(asked.state)]
        yield Happening(asked.clock_started, what, who)


def _of_promises(waited: Supplement, items: Sequence[SupplementItem]) -> Iterator[Happening]:
    names = [name_of(item.code) for item in items]
    what = Text(
        f"나중에 내기로 한 서류: {', '.join(name.ko for name in names)}",
        f"Papers that are to follow: {', '.join(name.en for name in names)}",
    )
    yield Happening(waited.clock_stopped, what, APPLICANT, due=waited.due)
    if waited.clock_started is not None:
        ended, who = PROMISES_ENDED[SupplementState(waited.state)]
        yield Happening(waited.clock_started, ended, who)


def _member(user: User | None) -> Text:
    """Somebody of the applicant, by name."""
    return Text(user.name, user.name) if user is not None and user.name else APPLICANT


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=SEOUL)
