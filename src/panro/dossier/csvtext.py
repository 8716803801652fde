"""Canonical CSV: one way to write a table, so that its bytes can be compared (selection-spec, 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from panro.proof.canonical import is_clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class TableError(ValueError):
    """A table cannot be written; the message names the file and the line."""


def csv_lines(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[bytes]:
    """Write a table as its lines, header first, without line feeds.

    Args:
        name: the file's name, for messages.
        header: the columns.
        rows: the cells of each row, as many as there are columns.

    Raises:
        TableError: if a cell holds a control character or text that is not Unicode NFC.
    """
    commas = len(header) - 1
    lines = [",".join(header)]
    for row in rows:
        line = ",".join(row)
        if '"' in line or line.count(",") != commas:
            line = ",".join([_quoted(cell) for cell in row])
        lines.append(line)
    text = "\n".join(lines)
    # What is printable holds no control character, which is told much faster than by searching for one.
    suspect = not "".join(lines).isprintable() and _CONTROL.search(text) is not None
    if suspect or text.count("\n") != len(lines) - 1 or not is_clean_text(text):
        raise TableError(_first_bad(name, lines))
    return text.encode().split(b"\n")


def _quoted(cell: str) -> str:
    if '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return f'"{cell}"' if "," in cell else cell


def _first_bad(name: str, lines: Sequence[str]) -> str:
    for number, line in enumerate(lines, 1):
        if _CONTROL.search(line) or "\n" in line:
            return (
                f"{name}, line {number}: a cell holds a control character; take it out where the text enters: {line!r}"
            )
        if not is_clean_text(line):
            return f"{name}, line {number}: text that is not Unicode NFC; normalise it where it enters: {line!r}"
    return f"{name}: text that is not Unicode NFC"
