"""Why something is refused at the desk, in words that help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from panro.screening.refusals import Refusal


class ScreeningError(ValueError):
    """Something cannot be done at the desk; the message says why and what to do."""


class ReasonMissingError(ScreeningError):
    """An act needs a reason, and none was given."""

    def __init__(self) -> None:
        super().__init__(_("Please say why."))


class NotYetError(ScreeningError):
    """The rules of a moment are asked from its day on."""

    def __init__(self, first: date) -> None:
        super().__init__(_("This can be done from %s on.") % first.isoformat())


class SettledError(ScreeningError):
    """The review of a round is settled."""

    def __init__(self) -> None:
        super().__init__(_("The requirement review of this round is settled; nothing in it changes any more."))


class UndecidedError(ScreeningError):
    """Some cases of a round have no decision yet."""

    def __init__(self, count: int) -> None:
        super().__init__(_("%d cases of this round are not decided yet.") % count)
        self.count = count


class RefusedError(ScreeningError):
    """A single case was refused; the message is that of the refusal."""

    def __init__(self, refused: Sequence[Refusal]) -> None:
        super().__init__(" ".join(str(one.text) for one in refused))
        self.refused = tuple(refused)


class DaysError(ScreeningError):
    """A last day lies before the first."""

    def __init__(self) -> None:
        super().__init__(_("The last day must not lie before the first."))


class AlreadyThereError(ScreeningError):
    """Exactly this stands in the register already, or was ended before."""

    def __init__(self) -> None:
        super().__init__(_("This stands in the register already, or was ended before. Please look at it again."))
