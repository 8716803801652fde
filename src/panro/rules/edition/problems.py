"""What is wrong with an edition's files: the file, the key, what was found there and what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

HEAD_FILE: Final = "edition.toml"
_LABEL_KEYS: Final = ("code", "name", "item", "type", "rule", "kind")
_LONGEST_FOUND: Final = 80


def programme_file(code: str) -> str:
    """Name the file of a programme inside an edition's folder."""
    return f"programmes/{code}.toml"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. ``key`` is a dotted path in which list entries go by their code; empty for a whole file."""

    file: str
    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Say it in one sentence."""
        place = f"{self.file}, {self.key}" if self.key else self.file
        return f"{place}: found {self.found}, expected {self.expected}."


class EditionError(ValueError):
    """An edition cannot be used; ``problems`` holds everything that is to be mended, in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


def shown(value: object) -> str:
    """Show a found value in a sentence, shortened."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    if isinstance(value, Mapping):
        text = "a table" + (f" with the keys {', '.join(map(str, value))}" if value else " without keys")
    return text if len(text) <= _LONGEST_FOUND else f"{text[: _LONGEST_FOUND - 1]}…"


def one_of(names: Sequence[str], found: str | None = None) -> str:
    """Say which names there are, the one nearest to what was found first."""
    if not names:
        return "none, because there are none here"
    near = difflib.get_close_matches(found, names, n=1, cutoff=0.5) if found else []
    listed = ", ".join(names)
    return f"'{near[0]}' (there are: {listed})" if near else f"one of: {listed}"


def entry_labels(entries: Sequence[object]) -> list[str]:
    """Name the entries of a list for a path: by their code where they have one, else by number from 1.

    A word that comes again gets its count: ``content``, ``content-2``.
    """
    seen: dict[str, int] = {}
    labels = []
    for number, entry in enumerate(entries, start=1):
        word = _own_word(entry) or str(number)
        seen[word] = seen.get(word, 0) + 1
        labels.append(word if seen[word] == 1 else f"{word}-{seen[word]}")
    return labels


def _own_word(entry: object) -> str | None:
    if not isinstance(entry, Mapping):
        return None
    words = (entry.get(key) for key in _LABEL_KEYS)
    return next((word for word in words if isinstance(word, str) and word), None)


def problem_of(file: str, error: ErrorDetails, raw: object, model: type[BaseModel]) -> Problem:
    """Turn one of pydantic's errors over a file's content into a problem."""
    path, parts = _path(error["loc"], raw)
    found, expected = _found_and_expected(error, parts, model)
    return Problem(file, path, found, expected)


def _path(loc: tuple[int | str, ...], raw: object) -> tuple[str, list[int | str]]:
    """Follow a location through the content; the names of union members, which are no keys, are left out."""
    words: list[str] = []
    parts: list[int | str] = []
    at: object = raw
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(part, int) and isinstance(at, Sequence) and not isinstance(at, str):
            words.append(entry_labels(at)[part])
            at = at[part]
        elif isinstance(at, Mapping) and (part in at or last):
            words.append(str(part))
            at = at.get(part)
        else:
            continue
        parts.append(part)
    return ".".join(words), parts


def _found_and_expected(error: ErrorDetails, parts: Sequence[int | str], model: type[BaseModel]) -> tuple[str, str]:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "nothing", "this key, which is required"
    if kind == "extra_forbidden":
        siblings = _keys_beside(model, parts)
        return "an unknown key", one_of(siblings, str(parts[-1])) if siblings else "no such key"
    if kind == "union_tag_not_found":
        return "no kind", "a key 'kind' that names the kind of support"
    if kind == "union_tag_invalid":
        return f"'{context['tag']}'", one_of(context["expected_tags"].replace("'", "").split(", "), str(context["tag"]))
    found = shown(error["input"])
    if kind == "value_error":
        return found, f"something else: {context['error']}"
    return found, _EXPECTED.get(kind, "{msg}").format(msg=_lower(error["msg"]), **context)


def _lower(message: str) -> str:
    return message.removeprefix("Input should be ").rstrip(".")


_EXPECTED: Final = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "date_type": "a date such as 2021-03-17, without quotes",
    "date_from_datetime_inexact": "a date such as 2021-03-17, without a time",
    "decimal_type": "a decimal in quotes, for example '0.5'",
    "finite_number": "a finite decimal",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "literal_error": "one of: {expected}",
    "enum": "one of: {expected}",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_short": "a text that is not empty",
    "string_pattern_mismatch": "a word that fits {pattern}",
    "too_short": "at least {min_length} entry",
}


def _keys_beside(model: type[BaseModel], parts: Sequence[int | str]) -> list[str]:
    """The keys that a table may have at the place where an unknown one stands, as far as its model is plain."""
    at: type[BaseModel] | None = model
    for part in parts[:-1]:
        if isinstance(part, str):
            at = _model_within(at, part) if at else None
    return list(at.model_fields) if at else []


def _model_within(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    field = model.model_fields.get(key)
    return _plain_model(field.annotation) if field else None


def _plain_model(annotation: object) -> type[BaseModel] | None:
    from pydantic import BaseModel  # noqa: PLC0415 - needed only where an error is explained

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [_plain_model(argument) for argument in getattr(annotation, "__args__", ())]
    models = [one for one in inner if one is not None]
    return models[0] if len(models) == 1 else None
