"""Whether the papers are there: those that apply to this applicant, still valid on the asked day."""

from datetime import date, timedelta

from panro.korea.text import Text
from panro.rules.edition.programme import DocumentData
from panro.rules.eligibility import keys
from panro.rules.eligibility.rule import Asking, NoParameters, Ruling, rule, unknown, yes
from panro.rules.eligibility.shapes import date_in, records, text_in
from panro.rules.eligibility.words import day, listing
from panro.rules.facts import Fact, Facts

DOCUMENTS_COMPLETE = yes("documents_complete", "서류가 모두 있습니다.", "All papers are there.")
DOCUMENTS_MISSING = unknown(
    "documents_missing",
    message=("아직 내지 않은 서류가 있습니다: {missing}", "These papers are still missing: {missing}."),
    mend=("{until}위 서류를 올려 주세요.", "Upload them{until}."),
)
DOCUMENTS_EXPIRED = unknown(
    "documents_expired",
    message=(
        "{on}에 유효하지 않은 서류가 있습니다: {expired}",
        "These papers are not valid on {on}: {expired}.",
    ),
    mend=("{until}위 서류를 새로 발급받아 올려 주세요.", "Get them anew and upload them{until}."),
)


@rule(
    "documents_complete",
    parameters=NoParameters,
    reads=(keys.DOCUMENTS,),
    reasons=(DOCUMENTS_COMPLETE, DOCUMENTS_MISSING, DOCUMENTS_EXPIRED),
    papers=True,
)
def documents_complete(facts: Facts, _parameters: NoParameters, asking: Asking) -> Ruling:
    """Ask for every required paper of the programme that applies to this applicant and is valid on the day.

    Source: the programme's list of documents. A paper is valid for its days after the issue, the last one included; one
    issued later than the asked day vouches for more than is asked. Where the fact on which a paper hangs is not known,
    the paper is named too. A missing paper is never a no.
    """
    fact = facts.get(keys.DOCUMENTS)
    issued = {} if fact is None else _issued(fact)
    missing: list[Text] = []
    expired: list[Text] = []
    lacks: list[str] = []
    for document in papers_asked(facts, asking):
        if document.code not in issued:
            missing.append(document.name.text)
            lacks += _condition_lacking(document, facts)
        elif (last := _last_day(document, issued[document.code])) is not None and last < asking.on:
            expired.append(_with_end(document, last))
    used = () if fact is None else (fact,)
    if missing:
        return DOCUMENTS_MISSING(*used, lacks=(keys.DOCUMENTS, *lacks), missing=listing([*missing, *expired]))
    if expired:
        return DOCUMENTS_EXPIRED(*used, lacks=(keys.DOCUMENTS,), on=day(asking.on), expired=listing(expired))
    return DOCUMENTS_COMPLETE(*used)


def papers_asked(facts: Facts, asking: Asking) -> list[DocumentData]:
    """Return the required papers, without those whose condition is known not to hold."""
    return [document for document in asking.documents if not _not_asked(document, facts)]


def _issued(fact: Fact) -> dict[str, date | None]:
    """Return the day of issue per paper, the newest where one was handed in twice."""
    issued: dict[str, date | None] = {}
    for row in records(fact):
        code, on = text_in(fact, row, "code") or "", date_in(fact, row, "issued_on")
        known = issued.get(code)
        if code not in issued or (on is not None and (known is None or known < on)):
            issued[code] = on
    return issued


def _not_asked(document: DocumentData, facts: Facts) -> bool:
    """Tell whether the document's condition is known not to hold."""
    if document.when is None:
        return False
    fact = facts.get(document.when.fact)
    return fact is not None and fact.value != document.when.equals


def _condition_lacking(document: DocumentData, facts: Facts) -> list[str]:
    return [document.when.fact] if document.when is not None and document.when.fact not in facts else []


def _last_day(document: DocumentData, issued_on: date | None) -> date | None:
    """Return the last day on which a paper is valid; None where it does not run out or bears no date."""
    if document.valid_days is None or issued_on is None:
        return None
    return issued_on + timedelta(days=document.valid_days)


def _with_end(document: DocumentData, last: date) -> Text:
    end = day(last)
    return Text(ko=f"{document.name.ko}({end.ko}까지)", en=f"{document.name.en} (to {end.en})")
