"""What-if: the same year with some of its data changed, such as ``3-1.quota=5000``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, cast

from panro.rules.edition.check import check_edition
from panro.rules.edition.load import edition_from_json, edition_to_json
from panro.rules.edition.problems import EditionError
from panro.rules.freeze import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from panro.proof.canonical import Json
    from panro.rules.edition.model import Edition

_NUMBER: Final = re.compile(r"-?[0-9]+")
_HEAD: Final = "edition"
FULL_SCALE: Final = 30_000
"""Companies for which the places of a year are meant (guide 2021: 30,000-odd)."""
_FEW_PLACES: Final = 50
_SMALLEST: Final = 600  # fewer companies count as so many: a funnel of several stages needs some places
_NAMES: Final = ("code", "item", "kind", "rule", "type", "name")


class ChangeError(ValueError):
    """A change cannot be made; one line that says which, and what there is instead."""


def changed_edition(edition: Edition, changes: Sequence[str]) -> Edition:
    """Give a year with changes of the form ``PATH=VALUE``.

    A path begins with a programme's code or with ``edition``; entries of lists go by their code (``tracks.listing``,
    ``rounds.R1``) or their place from 0. A number is written as it is, a text that is a number in quotes, ``none``
    takes a value away. A changed quota is shared out over rounds and tracks in their old proportion.

    Raises:
        ChangeError: the path leads nowhere, or the edition would not be valid.
    """
    data = cast("dict[str, object]", json.loads(json.dumps(edition_to_json(edition))))
    for change in changes:
        path, sign, value = change.partition("=")
        keys = path.strip().split(".")
        if not sign or len(keys) < 2:  # noqa: PLR2004 - a place and a key
            raise ChangeError(f"{change!r}: write PROGRAMME.KEY=VALUE, for example 3-1.quota=5000")
        target = _target(data, keys, change)
        before = target.get(keys[-1]) if isinstance(target, dict) else None
        _put(target, keys[-1], _value(value.strip(), before), change)
        if keys[1:] == ["quota"]:
            _share_out(cast("dict[str, object]", target), before, change)
        elif keys[1] == "tracks" and keys[-1] == "seats":
            _add_up(data, keys[0])
    return _checked(data)


def scaled_edition(edition: Edition, companies: int) -> Edition:
    """Give a year whose larger programmes have places in proportion to the companies, 30,000 having them all.

    In a small rehearsal nobody would otherwise ever be refused for want of places. Programmes with few places keep
    them; limits of steps, caps and cuts that are numbers shrink alike, to one at least.

    Raises:
        ChangeError: the shrunken year would not be valid.
    """
    data = cast("dict[str, object]", json.loads(json.dumps(edition_to_json(edition))))
    for programme in cast("list[dict[str, object]]", data["programmes"]):
        quota = programme.get("quota")
        if isinstance(quota, int) and quota >= _FEW_PLACES:
            programme["quota"] = _scaled(quota, companies)
            _share_out(programme, quota, "scale")
            for row, key in _limits(programme):
                row[key] = _scaled(cast("int", row[key]), companies)
    return _checked(data)


def _scaled(number: int, companies: int) -> int:
    return max(-(-number * max(companies, _SMALLEST) // FULL_SCALE), 1)


def _limits(programme: Mapping[str, object]) -> Iterator[tuple[dict[str, object], str]]:
    """Give all tables of a programme with a number of places or applicants, and the key of the number."""
    priority = cast("Mapping[str, object]", programme.get("priority", {}))
    for rows, key in (
        (programme.get("stages"), "keep"),
        (programme.get("caps"), "limit"),
        (priority.get("steps"), "seats"),
    ):
        for row in cast("list[dict[str, object]]", rows or []):
            if isinstance(row.get(key), int):
                yield row, key


def _checked(data: Mapping[str, object]) -> Edition:
    try:
        edition = edition_from_json(cast("Mapping[str, Json]", data))
    except EditionError as error:
        raise ChangeError(str(error.problems[0])) from error
    errors = check_edition(edition).errors
    if errors:
        raise ChangeError(str(errors[0]))
    return edition


def _target(data: Mapping[str, object], keys: Sequence[str], change: str) -> object:
    """Walk to the table or list that holds the last key."""
    programmes = cast("list[dict[str, object]]", data["programmes"])
    by_code = {str(programme["code"]): programme for programme in programmes}
    at: object = data["head"] if keys[0] == _HEAD else by_code.get(keys[0])
    if at is None:
        raise ChangeError(f"{change!r}: no programme {keys[0]}; there are {', '.join(by_code)} and edition")
    for key in keys[1:-1]:
        at = _step(at, key, change)
    return at


def _step(at: object, key: str, change: str) -> object:
    if isinstance(at, dict) and key in at:
        return at[key]
    if isinstance(at, list):
        for place, entry in enumerate(at):
            if key == str(place) or (isinstance(entry, dict) and key in _names(entry)):
                return entry
    raise ChangeError(f"{change!r}: no {key}; there {_there(at)}")


def _names(entry: Mapping[str, object]) -> list[str]:
    return [str(entry[name]) for name in _NAMES if isinstance(entry.get(name), str)]


def _there(at: object) -> str:
    if isinstance(at, dict):
        return f"are {', '.join(map(str, at))}"
    if isinstance(at, list) and at:
        named = (_names(entry) if isinstance(entry, dict) else [] for entry in at)
        return f"are {', '.join((names or [str(place)])[0] for place, names in enumerate(named))}"
    return "is nothing below"


def _put(at: object, key: str, value: object, change: str) -> None:
    if isinstance(at, dict):
        if key not in at and not _may_be_absent(at, key):
            raise ChangeError(f"{change!r}: no {key}; there {_there(at)}")
        if value is None:
            at.pop(key, None)
        else:
            at[key] = value
    elif isinstance(at, list) and key.isdecimal() and int(key) < len(at):
        at[int(key)] = value
    else:
        raise ChangeError(f"{change!r}: no {key}; there {_there(at)}")


def _may_be_absent(at: Mapping[str, object], key: str) -> bool:
    """Tell whether a key that has no value may be given one: keys that the data leaves out where there is none."""
    if "steps" in at:
        return key in {"waiting", "bonus_cap"}
    return "code" in at and key in {"quota", "seats", "pass_mark", "keep"}


def _value(text: str, before: object) -> object:
    """Read a value as the data writes it: texts stay texts, so that decimals do."""
    if text == "none":
        return None
    if text in {"true", "false"}:
        return text == "true"
    if text[:1] in {'"', "'", "[", "{"}:
        try:
            return cast("object", json.loads(text.replace("'", '"')))
        except json.JSONDecodeError:
            return text
    if _NUMBER.fullmatch(text) and not isinstance(before, str):
        return int(text)
    return text


def _add_up(data: Mapping[str, object], code: str) -> None:
    """Let the quota follow its tracks where each has places of its own, and the rounds follow the quota."""
    programme = next(one for one in cast("list[dict[str, object]]", data["programmes"]) if one["code"] == code)
    seats = [track.get("seats") for track in cast("list[dict[str, object]]", programme["tracks"])]
    numbers = [number for number in seats if isinstance(number, int)]
    together = sum(numbers)
    if len(numbers) == len(seats) and together:
        before = programme.get("quota")
        programme["quota"] = together
        _share_out(programme, before, code, ("rounds",))


def _share_out(
    programme: dict[str, object], before: object, change: str, among: Sequence[str] = ("rounds", "tracks")
) -> None:
    """Share a new quota out over rounds and tracks in their old proportion."""
    quota = programme.get("quota")
    if not isinstance(quota, int) or not isinstance(before, int):
        raise ChangeError(f"{change!r}: a quota can be changed, but neither given nor taken away: rounds need places")
    for key in among:
        rows = [row for row in cast("list[dict[str, object]]", programme.get(key, [])) if row.get("seats") is not None]
        old = [cast("int", row["seats"]) for row in rows]
        if rows and sum(old):
            new = largest_remainder(sum(old) * quota // before if sum(old) != before else quota, old)
            for row, seats in zip(rows, new, strict=True):
                row["seats"] = seats
