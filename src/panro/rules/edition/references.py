"""Checks that every name in an edition stands for something: codes, groups, tracks, stages, programmes, rules."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from panro.rules.edition.problems import HEAD_FILE, Problem, entry_labels, one_of, problem_of, programme_file, shown
from panro.rules.eligibility import keys
from panro.rules.eligibility.registry import RULES
from panro.rules.kinds import Audition, Training

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import BaseModel

    from panro.rules.edition.model import Edition
    from panro.rules.edition.parts import RuleUse
    from panro.rules.edition.programme import Programme
    from panro.rules.eligibility.rule import RuleEntry

KNOWN_FACTS: Final = sorted(
    value for name, value in inspect.getmembers(keys) if name.isupper() and isinstance(value, str)
)
_IDENTITIES: Final = ("code", "name", "item", "type")


def reference_problems(edition: Edition) -> Iterator[Problem]:
    """Find every name that stands twice for something or for nothing, head first, then the programmes in order."""
    yield from _repeated(HEAD_FILE, edition.head)
    yield from _head_references(edition)
    for programme in edition.programmes:
        file = programme_file(programme.code)
        yield from _repeated(file, programme)
        yield from _programme_references(edition, programme, file)
        yield from _kind_references(edition, programme, file)
        yield from _rule_problems(programme.eligibility, file, edition, [programme])
    yield from _rule_problems(edition.head.eligibility, HEAD_FILE, edition, edition.programmes)


def _repeated(file: str, part: BaseModel) -> Iterator[Problem]:
    for key, entries in _lists(part.model_dump(mode="python", exclude={"sources"}), ""):
        for identity in _IDENTITIES:
            words = [word for entry in entries if isinstance(word := entry.get(identity), str)]
            for word in sorted({word for word in words if words.count(word) > 1}):
                yield Problem(file, f"{key}.{identity}", f"'{word}' {words.count(word)} times", "each one once")


def _lists(value: object, path: str) -> Iterator[tuple[str, list[dict[str, object]]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lists(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield path, [entry for entry in value if isinstance(entry, dict)]
        for label, entry in zip(entry_labels(value), value, strict=True):
            yield from _lists(entry, f"{path}.{label}")


def _unknown(file: str, key: str, words: Iterable[str] | None, known: Sequence[str]) -> Iterator[Problem]:
    for word in words or ():
        if word not in known:
            yield Problem(file, key, f"'{word}'", one_of(known, word))


def _head_references(edition: Edition) -> Iterator[Problem]:
    head = edition.head
    groups = [group.code for group in head.groups]
    for group in head.groups:
        yield from _unknown(HEAD_FILE, f"groups.{group.code}.fact", [group.fact], KNOWN_FACTS)
    for bonus in head.bonus:
        yield from _unknown(HEAD_FILE, f"bonus.{bonus.item}.group", [bonus.group], groups)
        yield from _unknown(HEAD_FILE, f"bonus.{bonus.item}.programmes", bonus.programmes, head.programmes)


def _programme_references(edition: Edition, programme: Programme, file: str) -> Iterator[Problem]:
    head = edition.head
    groups = [group.code for group in head.groups]
    priority = programme.priority
    yield from _unknown(file, "pillar", [programme.pillar], [pillar.code for pillar in head.pillars])
    yield from _unknown(file, "waives", programme.waives, [use.rule for use in head.eligibility])
    yield from _unknown(file, "follow_on", programme.follow_on, head.programmes)
    yield from _unknown(file, "priority.service_order", priority.service_order, groups)
    yield from _unknown(file, "priority.bonus", [bonus.group for bonus in priority.bonus], groups)
    yield from _unknown(file, "priority.steps", [step.group for step in priority.steps if step.group], groups)
    yield from _unknown(file, "priority.ladder", priority.ladder, _rungs(programme))
    shared = [bonus.item for bonus in head.bonus if programme.code in bonus.programmes]
    for bonus in priority.bonus:
        if bonus.item in shared:
            yield Problem(
                file, f"priority.bonus.{bonus.item}", "an item of the shared bonus too", "another item's name"
            )
    for document in programme.documents:
        key = f"documents.{document.code}"
        yield from _unknown(file, f"{key}.evidence_of", [document.evidence_of] if document.evidence_of else [], groups)
        if document.when:
            yield from _unknown(file, f"{key}.when.fact", [document.when.fact], KNOWN_FACTS)
    yield from _own_names(programme, file)


def _own_names(programme: Programme, file: str) -> Iterator[Problem]:
    """Check what names the programme's own tracks, stages and types of applicants."""
    tracks = [track.code for track in programme.tracks]
    stages = [stage.code for stage in programme.stages]
    types = [applicant.type for applicant in programme.applicants]
    for round_ in programme.rounds:
        yield from _unknown(file, f"rounds.{round_.code}.tracks", round_.tracks, tracks)
        yield from _unknown(file, f"rounds.{round_.code}.stages", round_.stages, stages)
    for track in programme.tracks:
        yield from _unknown(file, f"tracks.{track.code}.applicants", track.applicants, types)
    for cap in programme.caps:
        yield from _unknown(file, f"caps.{cap.name}.tracks", cap.tracks, tracks)
    for share in programme.funding:
        yield from _unknown(file, f"funding.{share.code}.tracks", share.tracks, tracks)
    for document in programme.documents:
        yield from _unknown(file, f"documents.{document.code}.tracks", document.tracks, tracks)
        yield from _unknown(file, f"documents.{document.code}.applicants", document.applicants, types)
    for label, use in zip(_labels(programme.eligibility), programme.eligibility, strict=True):
        yield from _unknown(file, f"eligibility.{label}.tracks", use.tracks, tracks)
        yield from _unknown(file, f"eligibility.{label}.applicants", use.applicants, types)


def _rungs(programme: Programme) -> list[str]:
    scored = [stage for stage in programme.stages if stage.scored]
    criteria = [f"criterion:{stage.code}.{criterion.code}" for stage in scored for criterion in stage.rubric]
    return [*(f"stage:{stage.code}" for stage in scored), *criteria, "bonus"]


def _kind_references(edition: Edition, programme: Programme, file: str) -> Iterator[Problem]:
    tracks = [track.code for track in programme.tracks]
    for label, kind in zip(_labels(programme.kinds), programme.kinds, strict=True):
        key = f"kinds.{label}"
        yield from _unknown(file, f"{key}.tracks", kind.tracks, tracks)
        if isinstance(kind, Training):
            yield from _unknown(file, f"{key}.refers_to", kind.refers_to, edition.head.programmes)
            for position, course in enumerate(kind.courses):
                earlier = [one.code for one in kind.courses[:position]]
                yield from _unknown(file, f"{key}.courses.{course.code}.after", course.after, earlier)
        if isinstance(kind, Audition):
            heats = [stage.code for stage in programme.stages if stage.kind == "heat"]
            yield from _unknown(file, f"{key}.heats", kind.heats, heats)


def _labels(entries: Sequence[BaseModel]) -> list[str]:
    return entry_labels([entry.model_dump(mode="python") for entry in entries])


def _rule_problems(
    uses: Sequence[RuleUse], file: str, edition: Edition, programmes: Sequence[Programme]
) -> Iterator[Problem]:
    for label, use in zip(_labels(uses), uses, strict=True):
        key = f"eligibility.{label}"
        entry = RULES.get(use.rule)
        if entry is None:
            yield Problem(file, f"{key}.rule", f"'{use.rule}'", one_of(list(RULES), use.rule))
            continue
        yield from _unknown(file, f"{key}.moments", use.moments, list(entry.moments))
        yield from _parameter_problems(use, entry, file, key)
        yield from _fit_problems(use, entry, file, key, edition=edition, programmes=programmes)


def _parameter_problems(use: RuleUse, entry: RuleEntry, file: str, key: str) -> Iterator[Problem]:
    try:
        entry.parameters.model_validate(use.parameters)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            found = problem_of(file, detail, use.parameters, entry.parameters)
            place = f"{key}.parameters.{found.key}" if found.key else f"{key}.parameters"
            yield Problem(file, place, found.found, found.expected)


def _fit_problems(
    use: RuleUse, entry: RuleEntry, file: str, key: str, *, edition: Edition, programmes: Sequence[Programme]
) -> Iterator[Problem]:
    """Check what parameters name, and what a rule needs from each programme that asks it."""
    named = use.parameters.get("programmes")
    if isinstance(named, list):
        codes = [code for code in named if isinstance(code, str)]
        yield from _unknown(file, f"{key}.parameters.programmes", codes, edition.head.programmes)
    try:
        parameters = entry.parameters.model_validate(use.parameters)
    except ValidationError:
        return
    if entry.check is not None:
        for programme in programmes:
            lack = None if use.rule in programme.waives else entry.check(parameters, programme)
            if lack:
                yield Problem(file, f"{key}.parameters", shown(use.parameters), f"{lack} ({programme.code})")
