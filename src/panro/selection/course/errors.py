"""What an act on a round refuses. Each message is a sentence for the person who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import date


class CourseError(ValueError):
    """An act was refused; says what was wrong and how to mend it."""


class NotYetClosedError(CourseError):
    """Somebody may still apply; names the last day."""

    def __init__(self, last: date) -> None:
        super().__init__(
            _("Applications are taken until %(day)s. The course opens on the day after.") % {"day": last.isoformat()}
        )


class WrongStepError(CourseError):
    """The round stands where this act does not lead on."""


class NotOverError(CourseError):
    """Something of the round is still open, so that it cannot be settled."""


class ValueFormError(CourseError):
    """A public value is not written as its event demands; says how it is written."""


class RecordedError(CourseError):
    """A refusal that leaves its line in the record; ``why`` is the word that stands there."""

    why = "refused"


class SeedKnownError(RecordedError):
    """Something is tried after the seed was drawn."""

    why = "seed_known"

    def __init__(self) -> None:
        super().__init__(_("The seed is known, so nothing is tried any more. This attempt stands in the record."))


class ConflictError(RecordedError):
    """The officer may not judge somebody who applied in this round."""

    why = "conflict"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody whom you may not judge applied in this round, so a colleague has to do this. "
                "This attempt stands in the record."
            )
        )


class ChangedError(CourseError):
    """The rows of the round give something else than was fixed before; an auditor has to look."""


class ClockError(CourseError):
    """An earlier step of the round bears a later time than this one would."""

    def __init__(self) -> None:
        super().__init__(
            _("An earlier step of this round bears a later time. Please have an engineer look at the server's clock.")
        )
