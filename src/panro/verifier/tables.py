"""Canonical CSV and JSON (sections 1 and 2): what is read must be what would be written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from operator import methodcaller
from typing import TYPE_CHECKING, NoReturn

from .numbers import is_hash
from .report import DifferenceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_JSON_DEPTH = 64
LARGEST_INTEGER = 2**53 - 1
MOST_KNOWN = 1 << 12
_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",]*)),')
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {0x0A})
_SPLIT = methodcaller("split", ",")
_COUNT_COMMAS = methodcaller("count", ",")
_ESCAPE = re.compile(r"\\(?:u[0-9a-f]{4}|.)")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NO_BRACKETS = bytes({*range(0x100)} - {*b"[]{}"})
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * len(str(LARGEST_INTEGER))


class _NotCanonicalError(ValueError):
    """Says what is wrong with a JSON text."""


def _integer(text: str) -> int:
    if len(text) > len(f"-{LARGEST_INTEGER}") or abs(int(text)) > LARGEST_INTEGER:
        raise _NotCanonicalError("an integer beyond 2^53 - 1")
    return int(text)


def _no_fraction(_text: str) -> NoReturn:
    raise _NotCanonicalError("a number that is no integer")


class _KeyLists(set[tuple[str, ...]]):
    """The keys of objects that were found right before: millions of objects have the same few lists of keys."""

    def check(self, members: dict[str, object]) -> dict[str, object]:
        """Return the members of an object; an error unless their keys are ASCII and ascend."""
        keys = tuple(members)
        if keys not in self:
            if any(key >= following for key, following in pairwise(keys)):
                raise _NotCanonicalError("a key that is out of order")
            if not "".join(keys).isascii():
                raise _NotCanonicalError("a key that is not ASCII")
            if len(self) < MOST_KNOWN:
                self.add(keys)
        return members


_KNOWN_KEYS = _KeyLists()
_DECODER = json.JSONDecoder(object_hook=_KNOWN_KEYS.check, parse_float=_no_fraction, parse_constant=_no_fraction)
_DECODER_OF_LONG_NUMBERS = json.JSONDecoder(
    object_hook=_KNOWN_KEYS.check, parse_int=_integer, parse_float=_no_fraction, parse_constant=_no_fraction
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_ENCODER_OF_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


def canonical_json(value: object) -> str:
    """Write `value` (strings, integers, true, false, null, arrays, objects) as canonical JSON."""
    return _ENCODER.encode(value)


def parse_json(text: str, file: str, place: str) -> object:
    """Read canonical JSON; a difference if the text is not exactly what canonical JSON would be.

    The decoder refuses fractions and keys out of order. What it read is then written again, in the order in which
    it was read: that gives the same text only if there was no white space, no other escape, no other way to
    write a number and no key twice.
    """
    if text.count("[") + text.count("{") > MOST_JSON_DEPTH and _too_deep(text):
        raise DifferenceError(file, place, f"JSON nested at most {MOST_JSON_DEPTH} deep", "deeper nesting")
    try:
        long_number = _LONG_NUMBER in text.encode().translate(_DIGITS_ALIKE)
        value: object = (_DECODER_OF_LONG_NUMBERS if long_number else _DECODER).decode(text)
        again = _ENCODER_OF_SORTED.encode(value)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _NotCanonicalError) else "no JSON"
        raise DifferenceError(file, place, "canonical JSON", f"{reason}: {text[:80]}") from error
    if again != text:
        at = next((i for i, (a, b) in enumerate(zip(again, text, strict=False)) if a != b), len(again))
        raise DifferenceError(
            file, place, f"canonical JSON, …{again[at : at + 40]}", f"…{text[at : at + 40]} at character {at + 1}"
        )
    return value


def parse_json_file(text: str, file: str) -> Node:
    """Read a JSON file's line; a difference unless it is canonical and no text in it holds a control character.

    Canonical JSON escapes nothing but quotes, backslashes and the control characters below U+0020.
    """
    value = parse_json(text, file, "the whole file")
    sign = _CONTROL.search(text) if not text.isprintable() else None
    escaped = next((one for one in _ESCAPE.findall(text) if one[1] not in '"\\'), None) if "\\" in text else None
    if sign is not None or escaped is not None:
        found = escaped or f"U+{ord(sign[0] if sign else ''):04X}"
        raise DifferenceError(file, "the whole file", "no control characters in texts", found)
    return Node(value, file, "")


def _too_deep(text: str) -> bool:
    """Whether brackets are nested too deep, or do not close: the innermost pairs are taken away again and again."""
    outside = "".join(text.split('"')[::2]) if "\\" not in text else _STRING.sub("", text)
    brackets = outside.encode().translate(None, _NO_BRACKETS)
    for _ in range(MOST_JSON_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


@dataclass(frozen=True, slots=True)
class Node:
    """A value inside a JSON file, with its place for messages."""

    value: object
    file: str
    place: str

    def differs(self, expected: str, found: str | None = None) -> DifferenceError:
        """Return the error that this value is not what was expected."""
        shown = _brief(self.value) if found is None else found
        return DifferenceError(self.file, self.place or "the whole file", expected, shown)

    def fields(self, keys: Sequence[str]) -> dict[str, Node]:
        """Return the members of an object that must have exactly `keys`."""
        members = self.members()
        for key in keys:
            if key not in members:
                raise self.differs(f"the key {key}", "no such key")
        for key in members:
            if key not in keys:
                raise self.differs(f"only the keys {', '.join(keys)}", f"the key {key}")
        return members

    def members(self) -> dict[str, Node]:
        """Return the members of an object, with whatever keys it has."""
        if not isinstance(self.value, dict):
            raise self.differs("an object")
        prefix = f"{self.place}." if self.place else ""
        return {key: Node(value, self.file, f"{prefix}{key}") for key, value in self.value.items()}

    def items(self) -> list[Node]:
        """Return the items of an array."""
        if not isinstance(self.value, list):
            raise self.differs("an array")
        return [Node(value, self.file, f"{self.place}[{i}]") for i, value in enumerate(self.value)]

    def text(self) -> str:
        """Return a string."""
        if not isinstance(self.value, str):
            raise self.differs("a text")
        return self.value

    def name(self) -> str:
        """Return a string fit for a name in a list cell: not empty, no semicolon, no control character."""
        text = self.text()
        if not text or ";" in text or "\n" in text or _CONTROL.search(text):
            raise self.differs("a name: not empty, without semicolon and control characters")
        return text

    def hash(self) -> str:
        """Return a string of 64 hexadecimal digits."""
        text = self.text()
        if not is_hash(text):
            raise self.differs("64 lower-case hexadecimal digits")
        return text

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.differs("true or false")
        return self.value

    def whole(self, least: int = 0) -> int:
        """Return a whole number not below `least`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < least:
            raise self.differs(f"a whole number from {least}")
        return self.value

    def whole_or_null(self, least: int = 0) -> int | None:
        """Return a whole number not below `least`, or None."""
        return None if self.value is None else self.whole(least)


def _brief(value: object) -> str:
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'an array'} of {len(value)}"
    return canonical_json(value)


def encode_line(cells: Sequence[str]) -> str:
    """Write one CSV line, without its line feed."""
    line = ",".join(cells)
    if '"' not in line and line.count(",") == len(cells) - 1:
        return line
    return ",".join('"' + c.replace('"', '""') + '"' if '"' in c or "," in c else c for c in cells)


def _split_line(line: str) -> list[str] | None:
    """Read one CSV line with quotes; None if it is not what would be written for its cells."""
    head, _, tail = line.partition(',"')
    cell = tail[:-1].replace('""', '"')
    doubled = len(tail) - 1 - len(cell)
    if tail[-1:] == '"' and '"' not in head and doubled == cell.count('"') and (doubled or "," in cell):
        return [*head.split(","), cell]  # most often: the last cell alone has quotes, a payload
    cells = [quoted.replace('""', '"') or bare for quoted, bare in _CELL.findall(line + ",")]
    return cells if encode_line(cells) == line else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file: its columns, and its lines below the header, without line feeds."""

    file: str
    columns: tuple[str, ...]
    lines: list[str]
    quoted: bool

    def rows(self) -> Iterator[list[str]]:
        """Return every line's cells; a difference where a line is not canonical."""
        return map(_SPLIT, self.lines) if self._plain() else self._rows_with_quotes()

    def cells(self) -> list[list[str]]:
        """Return the cells of every column, from the first line to the last; a difference as in `rows`."""
        if not self.lines:
            return [[] for _ in self.columns]
        if not self._plain():
            return [list(column) for column in zip(*self.rows(), strict=True)]
        width, together = len(self.columns), ",".join(self.lines).split(",")
        return [together[at::width] for at in range(width)]

    def _plain(self) -> bool:
        """Whether all lines have the right number of cells, and none a quote: then commas alone part the cells."""
        commas = {len(self.columns) - 1}
        return not self.quoted and commas.issuperset(map(_COUNT_COMMAS, self.lines))

    def _rows_with_quotes(self) -> Iterator[list[str]]:
        width = len(self.columns)
        for index, line in enumerate(self.lines):
            cells = _split_line(line) if '"' in line else line.split(",")
            if cells is None:
                raise self.differs(index, "", "quotes only around cells with a comma or a quote, doubled inside", line)
            if len(cells) != width:
                raise self.differs(index, "", f"{width} cells", f"{len(cells)} cells: {line}")
            yield cells

    def differs(self, index: int, column: str, expected: str, found: str) -> DifferenceError:
        """Return the error for a cell of the line with `index` below the header."""
        place = f"line {index + 2}"
        if column and column != "result_no" and "result_no" in self.columns and index < len(self.lines):
            cells = _split_line(self.lines[index]) or []
            key = self.columns.index("result_no")
            place += f" (result_no {cells[key]})" if key < len(cells) else ""
        return DifferenceError(self.file, f"{place}, {column}" if column else place, expected, found)

    def must_equal(self, expected: Iterable[Sequence[str]]) -> None:
        """Compare with the rows that were computed; a difference at the first cell that is another."""
        rows = list(expected)
        if [*map(",".join, rows)] == self.lines and self._plain():
            return
        computed = iter(rows)
        for index, line in enumerate(self.lines):
            cells = next(computed, None)
            if cells is None:
                raise self.differs(index, "", "the end of the file", line)
            if encode_line(cells) != line:
                self._raise_first(index, cells, line)
        cells = next(computed, None)
        if cells is not None:
            raise self.differs(len(self.lines), "", encode_line(cells), "the end of the file")

    def _raise_first(self, index: int, cells: Sequence[str], line: str) -> NoReturn:
        found = _split_line(line) or []
        if len(found) == len(self.columns):
            for column, want, have in zip(self.columns, cells, found, strict=True):
                if want != have:
                    raise self.differs(index, column, want or "an empty cell", have or "an empty cell")
        raise self.differs(index, "", encode_line(cells), line)


def parse_sheet(text: str, file: str, columns: tuple[str, ...]) -> Sheet:
    """Read a CSV text whose last line feed has been taken off; a difference if header or signs are wrong."""
    data = text.encode()
    # U+0080 to U+009F begin with the byte C2. Looking for bytes first is far quicker than the search.
    suspect = len(data.translate(None, _CONTROL_BYTES)) != len(data) or b"\xc2" in data
    bad = _CONTROL.search(text) if suspect else None
    if bad is not None:
        line = text.count("\n", 0, bad.start()) + 1
        raise DifferenceError(file, f"line {line}", "no control characters", f"U+{ord(bad[0]):04X}")
    header, *lines = text.split("\n")
    if header != ",".join(columns):
        raise DifferenceError(file, "line 1", ",".join(columns), header)
    return Sheet(file, columns, lines, '"' in text)
