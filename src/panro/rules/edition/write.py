"""Writing an edition as its folder of TOML, so that a person can read and change it.

The layout is fixed: keys in the order of the models, texts as one inline table, lists with one entry per line as
long as the lines stay readable, else a table for each entry. What equals its default is left out. `tomli_w` writes
the single values; it would give every text three lines and a heading of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeIs

import tomli_w

from panro.rules.edition.problems import HEAD_FILE, EditionError, Problem, entry_labels, programme_file

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from panro.rules.edition.model import Edition

type TomlValue = str | int | bool | date | Sequence[TomlValue] | Mapping[str, TomlValue]
type TomlTable = dict[str, TomlValue]

_WIDEST: Final = 200  # characters of a list's entry on one line
_TEXT_KEYS: Final = {"ko", "en"}


def write_edition(edition: Edition, folder: Path) -> None:
    """Write ``edition.toml`` and one file per programme; loading the folder gives an equal edition.

    Args:
        edition: the year.
        folder: made if it is not there; it must be empty.

    Raises:
        EditionError: the folder holds something already, or a value has no form in TOML.
    """
    texts = edition_files(edition)
    if folder.exists() and any(folder.iterdir()):
        raise EditionError([Problem(str(folder), "", "a folder that is not empty", "a new or an empty folder")])
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def edition_files(edition: Edition) -> dict[str, str]:
    """Give the text of every file of an edition's folder, by its name inside the folder."""
    models: dict[str, BaseModel] = {HEAD_FILE: edition.head}
    models |= {programme_file(programme.code): programme for programme in edition.programmes}
    return {name: toml_text(toml_table(model, name)) for name, model in models.items()}


def toml_table(model: BaseModel, file: str = "") -> TomlTable:
    """Give a model as TOML knows it: decimals are texts, dates stay dates, defaults and absent values are left out.

    Raises:
        EditionError: naming ``file`` and the key of a value that TOML has no form for.
    """
    dumped = model.model_dump(mode="python", exclude_defaults=True)
    return {key: _plain(value, file, key) for key, value in dumped.items() if value is not None}


def toml_text(table: Mapping[str, TomlValue]) -> str:
    """Write a table as TOML text; the same table always gives the same text."""
    return "\n".join(_lines(table, ())).strip("\n") + "\n"


def _plain(value: object, file: str, key: str) -> TomlValue:
    match value:
        case Decimal():
            return str(value)
        case str():
            return str(value)
        case bool() | int() | date():
            return value
        case Mapping():
            return {str(k): _plain(v, file, f"{key}.{k}") for k, v in value.items() if v is not None}
        case Sequence():
            labelled = zip(entry_labels(value), value, strict=True)
            return [_plain(entry, file, f"{key}.{label}") for label, entry in labelled]
        case _:
            raise EditionError([Problem(file, key, repr(value), "a value that TOML can hold")])


def _lines(table: Mapping[str, TomlValue], path: tuple[str, ...]) -> list[str]:
    """Write a table's own keys, then the tables under it."""
    own, below = [], []
    for key, value in table.items():
        place = (*path, _key(key))
        if isinstance(value, Mapping) and not _fits_inline(value):
            below += ["", f"[{'.'.join(place)}]", *_lines(value, place)]
        elif _is_list_of_tables(value):
            for entry in value:
                below += ["", f"[[{'.'.join(place)}]]", *_lines(entry, place)]
        else:
            own += _assignment(_key(key), value)
    return own + below


def _is_list_of_tables(value: TomlValue) -> TypeIs[Sequence[Mapping[str, TomlValue]]]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        return False
    return all(isinstance(entry, Mapping) for entry in value) and not all(map(_fits_inline, value))


def _fits_inline(value: TomlValue) -> bool:
    if not isinstance(value, Mapping) or value.keys() == _TEXT_KEYS:
        return True
    flat = not any(
        isinstance(inner, Sequence) and any(isinstance(e, Mapping) for e in inner) for inner in value.values()
    )
    return flat and len(_inline(value)) <= _WIDEST


def _assignment(key: str, value: TomlValue) -> list[str]:
    if isinstance(value, Sequence) and any(isinstance(entry, Mapping) for entry in value):
        return [f"{key} = [", *(f"    {_inline(entry)}," for entry in value), "]"]
    return [f"{key} = {_inline(value)}"]


def _inline(value: TomlValue) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_inline(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_inline(entry) for entry in value)}]"
    return tomli_w.dumps({"v": value}).removeprefix("v = ").removesuffix("\n")


def _key(key: str) -> str:
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
