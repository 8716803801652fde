"""The facts of one case as an auditor's dossier keeps them.

The payload of a row of ``auditor/facts.csv``::

    {"applicant_type": "merchant", "track": "listing" or null, "withdrawn": false,
     "facts": [{"key": "region", "value": "11", "as_of": "2021-03-20", "source": "applicant"}, ...],
     "moments": [{"moment": "application", "on": "2021-03-20", "facts": [0, 1, 4]}, ...]}

``facts`` holds every distinct fact once, ascending by key; a moment names those that were known then by their place,
from 0. The moments are in the order in which they were asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple, cast, get_args

from panro.dossier.snapshot import fact_text
from panro.proof.canonical import composed, encode_text
from panro.rules.edition.parts import ApplicantType
from panro.rules.facts import Fact, Facts, facts_by_key
from panro.rules.findings import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from panro.proof.canonical import CanonicalText, Json
    from panro.rules.facts import FactValue

_TYPES: Final = frozenset(get_args(ApplicantType.__value__))
_PAYLOAD_KEYS: Final = frozenset({"applicant_type", "track", "withdrawn", "facts", "moments"})


class MomentFacts(NamedTuple):
    """What was known at one moment, and the day on which it was asked."""

    moment: Moment
    on: date
    facts: Facts


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All that the requirement review of one case rests on."""

    applicant_type: ApplicantType
    track: str | None
    moments: tuple[MomentFacts, ...]
    withdrawn: bool = False


def facts_text(case: CaseFacts, write: Callable[[Fact], str] = fact_text) -> CanonicalText:
    """Give the payload that a row of ``auditor/facts.csv`` opens, as canonical JSON; same facts, same text.

    Args:
        case: what is known at each moment.
        write: gives the text of a fact, where somebody remembers it.

    Raises:
        CanonicalError: a fact holds text that is not Unicode NFC.
    """
    versions: dict[str, list[Fact]] = {}
    chosen = [_chosen(known.facts, versions) for known in case.moments]
    ordered = sorted(versions)
    starts = dict(zip(ordered, accumulate((len(versions[key]) for key in ordered), initial=0), strict=False))
    facts = ",".join([write(fact) for key in ordered for fact in versions[key]])
    moments = ",".join(
        [
            _moment_text(known, sorted([starts[key] + version for key, version in chosen_then]))
            for known, chosen_then in zip(case.moments, chosen, strict=True)
        ]
    )
    return composed(
        {
            "applicant_type": encode_text(case.applicant_type),
            "facts": f"[{facts}]",
            "moments": f"[{moments}]",
            "track": encode_text(case.track),
            "withdrawn": encode_text(case.withdrawn),
        }
    )


def _chosen(facts: Facts, versions: dict[str, list[Fact]]) -> list[tuple[str, int]]:
    """Give each fact's key and its place among the versions of that key, adding it there if it is new."""
    chosen = []
    for key, fact in facts.items():
        known = versions.setdefault(key, [])
        if not known or (fact is not known[0] and fact not in known):
            known.append(fact)
        chosen.append((key, 0 if fact is known[0] else known.index(fact)))
    return chosen


def _moment_text(known: MomentFacts, places: Sequence[int]) -> str:
    """Write one moment; its facts lie in the order of their keys, so that their places ascend."""
    return f'{{"facts":[{",".join(map(str, places))}],"moment":"{known.moment.value}","on":"{known.on.isoformat()}"}}'


def read_facts_payload(payload: Json) -> CaseFacts:
    """Read back what `facts_text` gave, once parsed.

    Raises:
        ValueError: it has another form; the message names the place.
    """
    if not isinstance(payload, dict) or payload.keys() != _PAYLOAD_KEYS:
        raise ValueError(f"the payload is no object with the keys {', '.join(sorted(_PAYLOAD_KEYS))}")
    kind, track, withdrawn = payload["applicant_type"], payload["track"], payload["withdrawn"]
    if kind not in _TYPES or not isinstance(withdrawn, bool) or not (track is None or isinstance(track, str)):
        raise ValueError("applicant_type, track or withdrawn has another form")
    facts = [_fact(row) for row in _rows(payload["facts"], "facts")]
    moments = tuple(_moment(row, facts) for row in _rows(payload["moments"], "moments"))
    return CaseFacts(cast("ApplicantType", kind), track, moments, withdrawn)


def _fact(row: Mapping[str, Json]) -> Fact:
    try:
        return Fact.from_json(cast("Mapping[str, FactValue]", row))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"facts: {row!r} is no fact") from error


def _moment(row: Mapping[str, Json], facts: Sequence[Fact]) -> MomentFacts:
    places = row.get("facts")
    try:
        moment, on = Moment(cast("str", row["moment"])), date.fromisoformat(cast("str", row["on"]))
        known = [facts[_place(place)] for place in cast("list[int]", places)]
        return MomentFacts(moment, on, facts_by_key(*known))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"moments: {row!r} is no moment ({error})") from error


def _place(place: int) -> int:
    if place < 0:
        raise ValueError(f"a place is a whole number from 0, not {place}")
    return place


def _rows(value: Json, name: str) -> list[Mapping[str, Json]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError(f"{name} is no list of objects")
    return cast("list[Mapping[str, Json]]", value)
