"""The night after a round's last day the tax service is asked about everybody who applied."""

from datetime import timedelta

import pytest

from intake import world
from intake.world import CLOSES, OPENS, Shop, noon
from panro.editions.models import EditionVersion
from panro.intake import actions
from panro.intake.rechecks import LATEST, recheck_closed
from panro.parties.models import RecheckBatch, RecheckRun


def test_the_night_after_the_last_day_and_once_only(notice: EditionVersion, minji: Shop) -> None:
    bora, gone = world.shop("보라상회", "박보라"), world.shop("그만둔가게", "최그만")
    for who in (minji, bora, gone):
        row = world.handed_in(who, notice)
    actions.withdraw(row.pk, by=gone.owner, now=noon(OPENS), today=OPENS)
    world.draft(world.shop("망설이는집", "이망설"), notice)
    assert recheck_closed(CLOSES, now=noon(CLOSES)) == 0
    night = CLOSES + timedelta(days=1)
    assert [recheck_closed(night, now=noon(night)) for _ in range(2)] == [1, 0]
    run, batch = RecheckRun.objects.get(), RecheckBatch.objects.get()
    assert (run.key, run.parties) == ("2021/3-1/R1", 2)
    assert set(batch.parties) == {minji.party.pk, bora.party.pk}


@pytest.mark.parametrize(("late", "begun"), [(LATEST, 1), (LATEST + timedelta(days=1), 0)])
def test_a_round_nobody_applied_for_is_settled_and_one_long_past_is_left(
    notice: EditionVersion, late: timedelta, begun: int
) -> None:
    del notice
    day = CLOSES + late
    recheck_closed(day, now=noon(day))  # other rounds of the notice may have closed by then too
    assert [run.finished for run in RecheckRun.objects.filter(key="2021/3-1/R1")] == [noon(day)] * begun
