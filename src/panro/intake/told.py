"""From answers to facts and back: what an applicant said, as the rules read it, and as it was typed.

The other way round serves questions that are asked anew: the stored fact fills the form.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from panro.intake import asked
from panro.intake.asked import Kind
from panro.intake.questions import EXCLUDED, INCLUDED
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from panro.intake.asked import Question
    from panro.intake.questions import Answer
    from panro.rules.facts import Fact, Facts, FactValue

    type Values = Mapping[str, object]
    type Told = dict[str, FactValue]
    type Reader = Callable[[Values, date, str], Told]

TEN_THOUSAND: Final = 10_000  # won: amounts are asked in this unit
PERCENT: Final = 100  # basis points
KSIC: Final = 10  # revision of the classification in which industries are asked
_TRUTH: Final = {"yes": True, "no": False}


def facts_told(questions: Sequence[Question], values: Values, *, on: date, edition: str) -> Told:
    """Return the facts that valid answers tell; what was left open tells nothing.

    Args:
        questions: those that were on the screen.
        values: cleaned values by code of question, as the form gives them.
        on: the day of answering.
        edition: code of the year, for support given in it.
    """
    told: Told = {}
    for question in questions:
        if question.code == asked.GROUPS.code:
            told |= _several(values, asked.GROUPS.code, question.facts)
        elif (reader := _READERS.get(question.code)) is not None:
            told |= reader(values, on, edition)
    mine = {key for question in questions for key in question.facts}
    return {key: value for key, value in told.items() if key in mine}


def _word(values: Values, code: str) -> str:
    return str(values.get(code) or "")


def _plain(code: str, key: str) -> Reader:
    def read(values: Values, _on: date, _edition: str) -> Told:
        return {key: word} if (word := _word(values, code)) else {}

    return read


def _industry(values: Values, _on: date, _edition: str) -> Told:
    code = _word(values, "industry")
    return {keys.INDUSTRY: {"code": code, "revision": KSIC}} if code else {}


def _industry_part(values: Values, _on: date, _edition: str) -> Told:
    verdict, _colon, row = _word(values, "industry_part").partition(":")
    return {keys.INDUSTRY_ANSWER: {"row": row, "excluded": verdict == EXCLUDED}} if row else {}


def _employees(values: Values, _on: date, _edition: str) -> Told:
    count = values.get("employees")
    return {keys.EMPLOYEES: f"{count.normalize():f}"} if isinstance(count, Decimal) else {}


def _sales(values: Values, _on: date, _edition: str) -> Told:
    amount = values.get("sales")
    return {keys.AVERAGE_SALES: amount * TEN_THOUSAND} if isinstance(amount, int) else {}


def _own_share(values: Values, _on: date, _edition: str) -> Told:
    share = values.get("own_share")
    return {keys.OWN_SHARE: int(share * PERCENT)} if isinstance(share, Decimal) else {}


def _grace(values: Values, _on: date, _edition: str) -> Told:
    match _word(values, "grace"):
        case "no":
            return {keys.SIZE_GRACE: None}
        case "yes":
            starts, ends = values.get("grace_from"), values.get("grace_to")
            if isinstance(starts, date) and isinstance(ends, date):
                return {keys.SIZE_GRACE: {"from": starts.isoformat(), "to": ends.isoformat()}}
    return {}


def _members(values: Values, _on: date, _edition: str) -> Told:
    members, certified = values.get("cooperative_members"), values.get("certified_members")
    if isinstance(members, int) and isinstance(certified, int):
        return {keys.MEMBERS_CERTIFIED: {"members": members, "certified": certified}}
    return {}


def _credit(values: Values, _on: date, _edition: str) -> Told:
    said = _TRUTH.get(_word(values, "credit"))
    return {} if said is None else {keys.CREDIT_DEFAULT: said, keys.DISHONOURED: said}


def _unfair(values: Values, _on: date, _edition: str) -> Told:
    match _word(values, "unfair"), values.get("unfair_on"):
        case "no", _:
            return {keys.UNFAIR_PRACTICE: []}
        case "yes", date() as decided:
            return {keys.UNFAIR_PRACTICE: [decided.isoformat()]}
    return {}


def _supported(values: Values, _on: date, edition: str) -> Told:
    match _word(values, "supported"), values.get("supported_by"):
        case "no", _:
            return {keys.AWARDS: []}
        case "yes", [_, *_] as programmes:
            return {keys.AWARDS: [{"edition": edition, "programme": str(one), "round": None} for one in programmes]}
    return {}


def _several(values: Values, code: str, facts: Sequence[str]) -> Told:
    """Ticked boxes: once something was ticked, "none of these" too, the others are known not to hold."""
    ticked = values.get(code)
    if not isinstance(ticked, list) or not ticked:
        return {}
    return {key: key in ticked for key in facts}


def _reasons(values: Values, _on: date, _edition: str) -> Told:
    return _several(values, "reasons", asked.REASONS.facts)


_READERS: Final[dict[str, Reader]] = {
    "region": _plain("region", keys.REGION),
    "organisation": _plain("organisation", keys.ORGANISATION),
    "market": _plain("market", keys.MARKET_LISTING),
    "overseas": _plain("overseas", keys.OVERSEAS_ACCOUNT),
    "channel": _plain("channel", keys.CHANNEL_URL),
    "industry": _industry,
    "industry_part": _industry_part,
    "employees": _employees,
    "sales": _sales,
    "own_share": _own_share,
    "grace": _grace,
    "certified_members": _members,
    "credit": _credit,
    "unfair": _unfair,
    "supported": _supported,
    "reasons": _reasons,
}


def as_typed(question: Question, facts: Facts) -> Answer | None:
    """Return a known fact as the answer that would have told it; None where there is none.

    The answer of a question with parts (a day that belongs to a yes) is told from the same fact.
    """
    if question.code in _SHOWERS:
        fact = facts.get(question.facts[0])
        return None if fact is None else _SHOWERS[question.code](fact)
    if question.kind is Kind.CHOICES:
        known = [facts[key] for key in question.facts if key in facts]
        if not known:
            return None
        return [fact.key for fact in known if fact.value is True] or [asked.NOTHING.code]
    fact = facts.get(question.facts[0]) if question.facts else None
    return None if fact is None or fact.value is None else str(fact.value)


def _inside(fact: Fact, name: str) -> str:
    return str(fact.value.get(name, "")) if isinstance(fact.value, dict) else ""


def _show_part(fact: Fact) -> str:
    if not isinstance(fact.value, dict):
        return ""
    return f"{EXCLUDED if fact.value.get('excluded') else INCLUDED}:{_inside(fact, 'row')}"


def _show_yes_no(fact: Fact) -> str:
    return "yes" if fact.value else "no"


def _show_sales(fact: Fact) -> str:
    return str(fact.value // TEN_THOUSAND) if isinstance(fact.value, int) else ""


def _show_share(fact: Fact) -> str:
    try:
        return f"{(Decimal(str(fact.value)) / PERCENT).normalize():f}"
    except InvalidOperation:
        return ""


def _show_first(fact: Fact) -> str:
    return str(fact.value[0]) if isinstance(fact.value, list) and fact.value else ""


def _show_awards(fact: Fact) -> list[str]:
    rows = fact.value if isinstance(fact.value, list) else []
    return [str(row.get("programme", "")) for row in rows if isinstance(row, dict)]


_SHOWERS: Final[dict[str, Callable[[Fact], Answer]]] = {
    "industry": lambda fact: _inside(fact, "code"),
    "industry_part": _show_part,
    "sales": _show_sales,
    "own_share": _show_share,
    "grace": _show_yes_no,
    "grace_from": lambda fact: _inside(fact, "from"),
    "grace_to": lambda fact: _inside(fact, "to"),
    "cooperative_members": lambda fact: _inside(fact, "members"),
    "certified_members": lambda fact: _inside(fact, "certified"),
    "credit": _show_yes_no,
    "unfair": _show_yes_no,
    "unfair_on": _show_first,
    "supported": _show_yes_no,
    "supported_by": _show_awards,
}
