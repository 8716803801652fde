"""What an act of this room refuses. Each message is a sentence for the person who acts."""

from __future__ import annotations


class EvaluationError(ValueError):
    """An act was refused; says what was wrong and how to mend it."""


class SealedError(EvaluationError):
    """The evaluation is sealed, or the stage is not open: nothing can be scored."""


class NotYoursError(EvaluationError):
    """The reviewer does not sit in this panel, or not any more."""


class FellBehindError(EvaluationError):
    """Another window saved the sheet since this one was loaded; ``revision`` is the newer one."""

    def __init__(self, message: str, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


class IncompleteSheetError(EvaluationError):
    """Points are missing or impossible; ``faults`` says what is wrong by criterion."""

    def __init__(self, message: str, faults: dict[str, str]) -> None:
        super().__init__(message)
        self.faults = faults


class SheetsMissingError(EvaluationError):
    """The stage cannot be closed or sealed; ``missing`` names whose sheets are not in, with their number."""

    def __init__(self, message: str, missing: dict[str, int]) -> None:
        super().__init__(message)
        self.missing = missing


class PanelsDifferError(EvaluationError):
    """The stored panels are not those that the procedure gives."""
