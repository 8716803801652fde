"""What a letter tells, worked out from stored facts alone: the same words for page, PDF and HWPX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from panro.editions.documents import edition_of
from panro.intake.models import Receipt
from panro.korea.text import Text
from panro.proof.canonical import encode_text
from panro.proof.hashing import tagged_hash
from panro.rules.selection.round_rules import RoundRules
from panro.selection.after.wording import wording
from panro.selection.models import Letter, ResultLine, StageLine
from panro.selection.names import RoundNames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from panro.accounts.models import User
    from panro.selection.after.wording import Line, Point, Told

TAG: Final = "panro-letter-1"
SYLLABLES: Final = "가나다라마바사아자차카타파하"


@dataclass(frozen=True, slots=True)
class Numbered:
    """One line of the body with its mark: ``1.`` on level 1, ``가.`` on level 2."""

    level: int
    mark: str
    text: Text


@dataclass(frozen=True, slots=True)
class Document:
    """A letter as an official document (행정업무규정 시행규칙 별지 제1호서식): everything that stands on it."""

    agency: Text
    number: str
    """Of the document, with its prefix."""
    day: date
    recipient: str
    title: Text
    body: Sequence[Numbered]
    sender: Text
    office: Text
    drafter: str
    approver: str
    simulated: bool


def digest_of(line: ResultLine, stages: Iterable[StageLine]) -> str:
    """Give the hash of what a letter tells of a line: outcome, reason, clause, position and points.

    Ranks are left out: that others moved past somebody whose own outcome and points stayed is no new result.
    """
    points = [
        [stage.stage, _points(stage.score), [_points(mean) for mean in stage.criteria], stage.standing]
        for stage in sorted(stages, key=lambda one: one.stage)
    ]
    told = [line.outcome, line.reason, line.clause, line.position, *map(_points, (line.base, line.bonus, line.total))]
    return tagged_hash(TAG, encode_text([*told, points]))


def document_number(letter: Letter, edition: str) -> str:
    """The number as it stands on the letter; it names the year, so that no two years have the same."""
    return f"{wording().prefix}{edition}-{letter.number}"


def document(letter: Letter) -> Document:
    """Work out what a letter says. Four queries; ``application__party``, people and the replaced one come with it."""
    published = letter.published
    line = ResultLine.objects.get(published=published, result_no=letter.result_no)
    stages = list(StageLine.objects.filter(published=published, result_no=letter.result_no).order_by("stage"))
    receipt = Receipt.objects.get(application=letter.application_id)
    names = RoundNames(published)
    head = edition_of(published.version).head
    replaced = letter.replaces
    values = {
        **values_of(line, names, receipt.receipt_no),
        "replaces": "" if replaced is None else document_number(replaced, published.edition),
        "agency": head.agency.name.text,
    }
    texts = wording()
    written = texts.of(line.outcome)
    facts = {name for name, value in values.items() if value} | ({"scores"} if stages else set())
    points = [one for one in written.points if (not one.only or one.only in facts) and _is_for(one, line.outcome)]
    return Document(
        agency=head.agency.name.text,
        number=document_number(letter, published.edition),
        day=letter.issued_on,
        recipient=letter.application.party.name,
        title=written.title.filled(values),
        body=list(_numbered(points, values, facts, score_lines(stages, names))),
        sender=texts.sender.filled(values),
        office=texts.office.filled({}),
        drafter=_name(letter.drafter),
        approver=_name(letter.approver),
        simulated=published.simulated,
    )


def values_of(line: ResultLine, names: RoundNames, receipt_no: str) -> dict[str, Text | str]:
    """What the places of texts are filled with for one line."""
    until = names.round.objections_until
    answer = wording().answers[cast("Told", line.outcome)]
    return {
        "programme": names.programme.name.text,
        "round": names.round.name.text,
        "receipt": receipt_no,
        "answer": answer.filled({"position": str(line.position or "")}),
        "position": str(line.position or ""),
        "reason": names.explain(line),
        "clause": line.clause,
        "base": _points(line.base),
        "bonus": _points(line.bonus),
        "total": _points(line.total),
        "until": Text(official_day(until), until.isoformat()),
    }


def score_lines(stages: Iterable[StageLine], names: RoundNames) -> list[Text]:
    """The points of each stage and criterion, a line per stage, in the order in which the round was run.

    The rules of the publication say what was scored; the notice says what it is called.
    """
    found = {stage.stage: stage for stage in stages}
    called = {stage.code: stage for stage in names.programme.stages}
    lines = []
    for stage in RoundRules.from_json(names.published.rules).stages:
        row = found.get(stage.code)
        if row is None:
            continue
        notice = called.get(stage.code)
        own = Text(stage.code, stage.code) if notice is None else notice.name.text
        words = {} if notice is None else {one.code: one.name.text for one in notice.rubric}
        criteria = [words.get(one.code, Text(one.code, one.code)) for one in stage.criteria]
        texts = {
            language: ", ".join(
                f"{name.in_(language)} {_points(mean)}/{one.max.normalize():f}"
                for name, mean, one in zip(criteria, row.criteria, stage.criteria, strict=True)
            )
            for language in ("ko", "en")
        }
        lines.append(
            Text(
                f"{own.ko}: {_points(row.score)}점 ({texts['ko']})",
                f"{own.en}: {_points(row.score)} points ({texts['en']})",
            )
        )
    return lines


def official_day(day: date) -> str:
    """A day as official documents write it: ``2021. 5. 17.``."""
    return f"{day.year}. {day.month}. {day.day}."


def _numbered(
    points: Sequence[Point], values: Mapping[str, Text | str], facts: set[str], scores: Sequence[Text]
) -> Iterable[Numbered]:
    for number, point in enumerate(points, 1):
        yield Numbered(1, f"{number}.", point.text.filled(values))
        below = [one.text.filled(values) for one in point.under if _is_told(one, facts)]
        if point.list == "scores":
            below += scores
        for place, text in enumerate(below):
            yield Numbered(2, f"{SYLLABLES[place]}.", text)


def _is_for(point: Point, outcome: str) -> bool:
    return not point.outcomes or outcome in point.outcomes


def _is_told(line: Line, facts: set[str]) -> bool:
    return not line.only or line.only in facts


def _points(value: object) -> str:
    return "" if value is None else format(value, "f")


def _name(user: User | None) -> str:
    return "" if user is None else user.name or user.email
