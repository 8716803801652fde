"""What happens to applications when their applicant closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.intake.actions.handed_in import call_for
from panro.intake.actions.withdrawing import withdraw_many
from panro.intake.models import Application
from panro.intake.states import LIVE, State
from panro.korea.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from uuid import UUID

    from panro.accounts.models import User

WHY = "신청자가 문을 닫았습니다."


class OfApplications:
    """Drafts stay until their term is over; what still runs is withdrawn, and what has its result stays."""

    def lock(self, party: UUID) -> None:
        """Lock what may still be handed in or withdrawn, as handing in does before it looks at its applicant."""
        rows = Application.objects.filter(party=party, state__in=[State.DRAFT, *LIVE]).order_by("pk")
        list(rows.select_for_update().values_list("pk"))

    def obstacles(self, party: UUID, *, on: date) -> Iterator[Text]:
        """Nothing here keeps an applicant from closing."""
        del party, on
        yield from ()

    def consequences(self, party: UUID, *, on: date) -> Iterator[Text]:
        """Name what is withdrawn, and say what becomes of drafts."""
        for row in _running(party, on):
            call = call_for(row)
            name, round_ = call.programme.name.text, call.round_.name.text
            yield Text(
                ko=f"진행 중인 신청을 취소합니다: {name.ko} {round_.ko}",
                en=f"A running application is withdrawn: {name.en}, {round_.en}",
            )
        if drafts := Application.objects.filter(party=party, state=State.DRAFT).count():
            yield Text(
                ko=f"쓰고 있던 신청서 {drafts}건은 제출할 수 없게 됩니다.",
                en=f"Drafts that can no longer be handed in: {drafts}.",
            )

    def end(self, party: UUID, *, by: User, now: datetime, today: date) -> None:
        """Withdraw what still runs."""
        ids = [row.pk for row in _running(party, today)]
        if ids:
            withdraw_many(ids, by=by.pk, now=now, today=today, why=WHY)


def _running(party: UUID, on: date) -> list[Application]:
    rows = Application.objects.filter(party=party, state__in=LIVE).select_related("version").order_by("pk")
    found = list(rows.defer("version__document", "version__changes"))
    return [row for row in found if on < call_for(row).round_.results_on]
