"""A programme's rules, prepared once per round, then asked of every applicant."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from pydantic import ValidationError

from panro.korea.text import Text
from panro.rules.edition.base import Strict
from panro.rules.edition.model import Edition, EditionHead
from panro.rules.edition.parts import ApplicantType, RuleUse
from panro.rules.edition.programme import Programme, Round
from panro.rules.eligibility import keys
from panro.rules.eligibility.registry import RULES
from panro.rules.eligibility.rule import Asking, RuleEntry, RuleFunction, finding_of
from panro.rules.eligibility.shapes import records, text_in
from panro.rules.facts import Facts
from panro.rules.findings import Answer, Assessment, Moment

CLAIMANT: Final = "applicant"
"""Source of what an applicant merely says."""


class RuleUseError(ValueError):
    """A rule cannot be asked as the edition writes it; the message names programme, rule and what to change."""


class Preference(NamedTuple):
    """The preferred groups that the facts show and the bonus items on evidence, both ascending."""

    groups: tuple[str, ...]
    bonus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """One rule use with its parameters validated and its clause joined."""

    entry: RuleEntry
    parameters: Strict
    use: RuleUse
    clause: Text

    def concerns(self, moment: Moment, applicant_type: str, track: str | None) -> bool:
        """Tell whether the rule is asked at this moment of this type of applicant in this track."""
        use = self.use
        return (
            moment in use.moments
            and (use.applicants is None or applicant_type in use.applicants)
            and (use.tracks is None or track in use.tracks)
        )


type _Plan = tuple[Asking, tuple[tuple[RuleFunction[Strict], Strict, str, Text], ...]]


@dataclass(frozen=True, slots=True)
class Questions:
    """The rules of one programme and round, ready to be asked."""

    edition: EditionHead
    programme: Programme
    round_: Round | None
    rules: tuple[PreparedRule, ...]
    _plans: dict[tuple[Moment, date, str, str | None], _Plan] = field(default_factory=dict, repr=False, compare=False)

    def assess(
        self, facts: Facts, *, moment: Moment, on: date, applicant_type: ApplicantType, track: str | None
    ) -> Assessment:
        """Ask every rule of this moment, in the order of the notice: the shared ones, then the programme's.

        Args:
            facts: one fact per key, as known for the moment.
            moment: when it is asked.
            on: the asked day.
            applicant_type: as what the applicant applies.
            track: the chosen track, None where the programme has none.

        Raises:
            FactShapeError: a fact's value has another shape than its key demands.
        """
        asking, asked = self._plan(moment, on, applicant_type, track)
        return Assessment(
            moment,
            tuple(
                [
                    finding_of(function(facts, parameters, asking), name, clause, asking)
                    for function, parameters, name, clause in asked
                ]
            ),
        )

    def questions(
        self, facts: Facts, *, moment: Moment, on: date, applicant_type: ApplicantType, track: str | None
    ) -> tuple[str, ...]:
        """Return the keys of the facts that could still decide, in the order of the rules.

        None where one rule says no already. Ask again with the new facts: an answer may raise the next question.
        """
        asking, asked = self._plan(moment, on, applicant_type, track)
        rulings = [function(facts, parameters, asking) for function, parameters, _, _ in asked]
        if any(ruling.reason.answer is Answer.NO for ruling in rulings):
            return ()
        return tuple(dict.fromkeys(key for ruling in rulings for key in ruling.lacks))

    def asks_anything(self, moment: Moment, applicant_type: str, track: str | None) -> bool:
        """Tell whether any rule is asked at this moment of this type of applicant in this track."""
        return any(rule.concerns(moment, applicant_type, track) for rule in self.rules)

    def keys_read(self) -> frozenset[str]:
        """Return the keys of all facts that can matter: to rules, conditions of papers, groups and caps per region."""
        rules = {key for rule in self.rules for key in rule.entry.reads}
        papers = {document.when.fact for document in self.programme.documents if document.when is not None}
        groups = {group.fact for group in self.edition.groups}
        return frozenset(rules | papers | groups | {keys.DOCUMENTS, keys.REGION})

    def preference(self, facts: Facts) -> Preference:
        """Return the groups that the facts show on evidence, and the bonus items that these groups earn.

        What only the applicant says counts once a paper that the programme names as evidence was handed in.
        """
        groups = {group.code for group in self.edition.groups if self._shown(group.fact, group.code, facts)}
        items = {item.item for item in self.programme.priority.bonus if item.group in groups}
        items |= {
            shared.item
            for shared in self.edition.bonus
            if shared.group in groups and self.programme.code in shared.programmes
        }
        return Preference(tuple(sorted(groups)), tuple(sorted(items)))

    def _shown(self, key: str, group: str, facts: Facts) -> bool:
        fact = facts.get(key)
        if fact is None or not (fact.value is True or (isinstance(fact.value, list) and fact.value)):
            return False
        if fact.source != CLAIMANT:
            return True
        papers = {document.code for document in self.programme.documents if document.evidence_of == group}
        handed_in = facts.get(keys.DOCUMENTS)
        if not papers or handed_in is None:
            return False
        return any(text_in(handed_in, row, "code") in papers for row in records(handed_in))

    def _plan(self, moment: Moment, on: date, applicant_type: ApplicantType, track: str | None) -> _Plan:
        """Return what is asked, worked out once per moment, day, type and track."""
        key = (moment, on, applicant_type, track)
        plan = self._plans.get(key)
        if plan is None:
            asking = Asking(moment, on, self.edition, self.programme, self.round_, applicant_type, track)
            asked = tuple(
                (rule.entry.function, rule.parameters, rule.entry.name, rule.clause)
                for rule in self.rules
                if rule.concerns(moment, applicant_type, track)
            )
            plan = self._plans[key] = (asking, asked)
        return plan


def prepare(edition: Edition, programme: Programme, round_: Round | None) -> Questions:
    """Make a programme's rules ready for one round; parameters are validated here, once.

    Args:
        edition: the year, whose shared rules come first.
        programme: one of its programmes.
        round_: one of its rounds; None where the programme has none, then the year's window stands in.

    Raises:
        RuleUseError: a rule that does not exist, wrong parameters, a moment at which it cannot be asked, or something
            that the programme lacks for it.
    """
    rules = tuple(prepared_rule(use, programme) for use in edition.rules_of(programme))
    return Questions(edition.head, programme, round_, rules)


def prepared_rule(use: RuleUse, programme: Programme) -> PreparedRule:
    """Validate one rule use against its rule; raises RuleUseError as `prepare`."""
    entry = RULES.get(use.rule)
    where = f"programme {programme.code}, rule {use.rule}"
    if entry is None:
        raise RuleUseError(f"{where}: no such rule; there are {', '.join(sorted(RULES))}")
    strange = [moment.value for moment in use.moments if moment not in entry.moments]
    if strange:
        allowed = ", ".join(moment.value for moment in entry.moments)
        raise RuleUseError(f"{where}: cannot be asked at {', '.join(strange)}; its moments are {allowed}")
    try:
        parameters = entry.parameters.model_validate(use.parameters)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in ("parameters", *fault["loc"]))
        raise RuleUseError(f"{where}: {place}: found {fault['input']!r}; {fault['msg']}") from error
    lacking = entry.check(parameters, programme) if entry.check is not None else None
    if lacking is not None:
        raise RuleUseError(f"{where}: {lacking}")
    return PreparedRule(entry, parameters, use, _joined(use.clause.text, entry.law))


def _joined(notice: Text, law: Text | None) -> Text:
    """Name the place in the notice, and the law's in brackets."""
    return notice if law is None else Text(ko=f"{notice.ko} ({law.ko})", en=f"{notice.en} ({law.en})")
