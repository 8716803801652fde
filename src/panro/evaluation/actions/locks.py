"""Taking the rows of an evaluation, always in one order: the round, its stages by position, seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from panro.evaluation.errors import EvaluationError, SealedError
from panro.evaluation.models import Evaluation, StageRun
from panro.evaluation.states import RunState

if TYPE_CHECKING:
    from uuid import UUID


def lock_run(run_id: UUID, *states: RunState) -> StageRun:
    """Take a stage for oneself, with its round; it must be in one of the states.

    Raises:
        SealedError: the stage is sealed.
        EvaluationError: it is in another state.
    """
    evaluation = Evaluation.objects.select_for_update().get(runs=run_id)
    run = StageRun.objects.select_for_update().get(pk=run_id)
    run.evaluation = evaluation
    if run.state == RunState.SEALED:
        raise SealedError(_("This evaluation is sealed. Nothing in it changes any more."))
    if run.state not in states:
        raise EvaluationError(
            _("This stage is %(state)s, so this cannot be done now.") % {"state": RunState(run.state).label}
        )
    return run
