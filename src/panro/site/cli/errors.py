"""How a command says that it cannot go on."""

from __future__ import annotations

from typer import TyperException

USAGE = 2
INTERRUPTED = 130


class CommandError(TyperException):
    """One line that says what was wrong and how to mend it; ``code`` becomes the exit status."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = code
