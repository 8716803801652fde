"""Reading an edition from its folder, or by its code if it comes with the program, and from JSON."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from pydantic import BaseModel, ValidationError

from panro.rules.edition.model import Edition, EditionHead
from panro.rules.edition.problems import (
    HEAD_FILE,
    EditionError,
    Problem,
    one_of,
    problem_of,
    programme_file,
    shown,
)
from panro.rules.edition.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from panro.proof.canonical import Json

_BUILT_IN: Final = ("panro.editions", "data")
_PROGRAMMES: Final = "programmes"


def built_in_editions() -> list[str]:
    """List the codes of the editions that come with the program, in order."""
    return sorted(place.name for place in _built_in().iterdir() if (place / HEAD_FILE).is_file())


def load_edition(path_or_code: str | Path) -> Edition:
    """Read an edition: ``edition.toml`` and one file per programme, in the order that the head prints.

    Args:
        path_or_code: a folder, or the code of an edition that comes with the program, such as ``2021``. A code
            is tried first; write ``./2021`` for a folder of that name.

    Raises:
        EditionError: with every problem of every file: not there, not UTF-8, not TOML, unknown or missing keys, wrong
            values, a file whose name is not its programme's code.
    """
    folder = _folder(path_or_code)
    problems: list[Problem] = []
    head = _read(folder, HEAD_FILE, EditionHead, problems)
    programmes = {code: _read(folder, programme_file(code), Programme, problems) for code in _codes(folder)}
    for code, programme in programmes.items():
        if programme is not None and programme.code != code:
            problems.append(
                Problem(programme_file(code), "code", f"'{programme.code}'", f"'{code}', as the file's name")
            )
    if head is not None:
        problems += _differing_codes(head.programmes, list(programmes))
    if problems or head is None:
        raise EditionError(problems)
    return Edition(head=head, programmes=[cast("Programme", programmes[code]) for code in head.programmes])


def edition_to_json(edition: Edition) -> dict[str, Json]:
    """Give a year as JSON: dates as ISO texts, decimals as texts, no fractions; keys without a value are left out."""
    return _to_json(edition)


def edition_from_json(data: Mapping[str, Json]) -> Edition:
    """Read back what `edition_to_json` gave; raises EditionError naming the keys that are wrong."""
    return _from_json(Edition, data, "edition")


def head_to_json(head: EditionHead) -> dict[str, Json]:
    """Give a year's head as JSON, as `edition_to_json` does."""
    return _to_json(head)


def head_from_json(data: Mapping[str, Json]) -> EditionHead:
    """Read back what `head_to_json` gave; raises EditionError naming the keys that are wrong."""
    return _from_json(EditionHead, data, HEAD_FILE)


def programme_to_json(programme: Programme) -> dict[str, Json]:
    """Give a programme as JSON, as `edition_to_json` does."""
    return _to_json(programme)


def programme_from_json(data: Mapping[str, Json]) -> Programme:
    """Read back what `programme_to_json` gave; raises EditionError naming the keys that are wrong."""
    code = data.get("code")
    return _from_json(Programme, data, programme_file(code) if isinstance(code, str) else "programme")


def _to_json(model: BaseModel) -> dict[str, Json]:
    return cast("dict[str, Json]", model.model_dump(mode="json", exclude_none=True))


def _from_json[Model: BaseModel](model: type[Model], data: Mapping[str, Json], name: str) -> Model:
    try:
        return model.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise EditionError(_translated(name, error, data, model)) from error


def _built_in() -> Traversable:
    return files(_BUILT_IN[0]) / _BUILT_IN[1]


def _folder(path_or_code: str | Path) -> Traversable:
    if isinstance(path_or_code, str) and path_or_code in built_in_editions():
        return _built_in() / path_or_code
    folder = Path(path_or_code)
    if not folder.is_dir():
        codes = built_in_editions()
        raise EditionError([Problem(str(path_or_code), "", "no such folder", f"a folder, or {one_of(codes)}")])
    return folder


def _codes(folder: Traversable) -> list[str]:
    place = folder / _PROGRAMMES
    if not place.is_dir():
        return []
    return sorted(file.name.removesuffix(".toml") for file in place.iterdir() if file.name.endswith(".toml"))


def _differing_codes(named: list[str], found: list[str]) -> list[Problem]:
    missing = [Problem(programme_file(code), "", "no file", f"one, because {HEAD_FILE} names {code}") for code in named]
    extra = [
        Problem(HEAD_FILE, "programmes", f"no {code}", f"it, because there is {programme_file(code)}") for code in found
    ]
    twice = [
        Problem(HEAD_FILE, "programmes", f"{code} {named.count(code)} times", "each programme once")
        for code in dict.fromkeys(named)
        if named.count(code) > 1
    ]
    return [
        *(problem for code, problem in zip(named, missing, strict=True) if code not in found),
        *(problem for code, problem in zip(found, extra, strict=True) if code not in named),
        *twice,
    ]


def _read[Model: BaseModel](
    folder: Traversable, name: str, model: type[Model], problems: list[Problem]
) -> Model | None:
    raw = _toml(folder, name, problems)
    if raw is None:
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems += _translated(name, error, raw, model)
        return None


def _translated(name: str, error: ValidationError, raw: object, model: type[BaseModel]) -> list[Problem]:
    return [problem_of(name, detail, raw, model) for detail in error.errors(include_url=False)]


def _toml(folder: Traversable, name: str, problems: list[Problem]) -> dict[str, object] | None:
    try:
        text = (folder / name).read_bytes().decode("utf-8")
        return tomllib.loads(unicodedata.normalize("NFC", text))
    except FileNotFoundError:
        problems.append(Problem(name, "", "no file", "this file in the edition's folder"))
    except OSError as error:
        problems.append(Problem(name, "", f"a file that cannot be read ({error.strerror})", "a readable file"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(name, "", f"bytes that are not UTF-8 in line {line}", "a file saved as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(name, "", f"a fault of writing: {shown(str(error))[1:-1]}", "TOML"))
    return None
