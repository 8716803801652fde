"""From answers to facts: what a visitor said, as the rules read it, and in words to show it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from panro.editions.forms import PRODUCTS, BusinessForm, StepForm
from panro.rules.eligibility import keys
from panro.rules.facts import Fact, FactValue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

SOURCE: Final = "applicant"
KSIC: Final = 10
TEN_THOUSAND: Final = 10_000  # won: sales are asked in this unit
PERCENT: Final = 100  # basis points
OVERDUE: Final = 1  # won; how much is not asked
YES_OR_NO: Final = {"yes": True, "no": False}


@dataclass
class Answers:
    """Facts by key, and for each of them the question and the answer as the visitor saw them."""

    day: date
    edition: str
    facts: dict[str, Fact] = field(default_factory=dict)
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)

    def add(self, key: str, value: FactValue, question: str, answer: str) -> None:
        """Keep a fact with its words."""
        self.facts[key] = Fact(key, value, self.day, SOURCE)
        self.words[key] = (question, answer)


def answers_of(forms: Sequence[StepForm], *, day: date, edition: str) -> Answers:
    """The facts that valid forms hold; what was left open is absent."""
    answers = Answers(day, edition)
    for form in forms:
        for step in _READERS:
            step(_Asked(form), answers)
    return answers


class _Asked:
    """A valid form, by its answers and how they looked."""

    def __init__(self, form: StepForm) -> None:
        self.form = form
        self.values = form.cleaned_data

    def __contains__(self, name: str) -> bool:
        return name in self.form.fields

    def word(self, name: str) -> str:
        """The chosen word; empty for "I don't know" and for what was not asked."""
        return str(self.values.get(name) or "")

    def whole(self, name: str) -> int | None:
        """A whole number."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def day(self, name: str) -> str | None:
        """A day as ISO text."""
        value = self.values.get(name)
        return None if value is None else value.isoformat()

    def several(self, name: str) -> list[str]:
        """The boxes that were ticked."""
        return [str(value) for value in self.values.get(name) or []]

    def question(self, name: str) -> str:
        """How it was asked."""
        return str(self.form.fields[name].label)

    def said(self, name: str) -> str:
        """How it was answered."""
        choices = dict(getattr(self.form.fields[name], "choices", []))
        value = self.values.get(name)
        if isinstance(value, list):
            return ", ".join(str(choices[one]) for one in value)
        return str(choices.get(value, value))


def _who(asked: _Asked, answers: Answers) -> None:
    for name, key in (("applicant_type", keys.APPLICANT_TYPE), ("region", keys.REGION)):
        if value := asked.word(name):
            answers.add(key, value, asked.question(name), asked.said(name))


def _organisation(asked: _Asked, answers: Answers) -> None:
    if value := asked.word("organisation"):
        answers.add(keys.ORGANISATION, value, asked.question("organisation"), asked.said("organisation"))
    if members := asked.several("members"):
        answers.add(keys.CONSORTIUM, list(members), asked.question("members"), asked.said("members"))
    if (share := asked.whole("own_share")) is not None:
        answers.add(keys.OWN_SHARE, share * PERCENT, asked.question("own_share"), f"{share}%")
    if channel := asked.word("channel"):
        answers.add(keys.CHANNEL_URL, channel, asked.question("channel"), channel)


def _industry(asked: _Asked, answers: Answers) -> None:
    form = asked.form
    if not isinstance(form, BusinessForm) or form.industry_code is None:
        return
    code = form.industry_code
    answers.add(keys.INDUSTRY, {"code": code, "revision": KSIC}, asked.question("industry"), code)
    said = YES_OR_NO.get(asked.word("industry_part"))
    if form.part is not None and said is not None:
        value: FactValue = {"row": form.part.row, "excluded": said is form.part.yes_excludes}
        answers.add(keys.INDUSTRY_ANSWER, value, asked.question("industry_part"), asked.said("industry_part"))


def _size(asked: _Asked, answers: Answers) -> None:
    if (employees := asked.values.get("employees")) is not None:
        answers.add(keys.EMPLOYEES, str(employees), asked.question("employees"), f"{employees:f}")
    if (sales := asked.whole("sales")) is not None:
        answers.add(keys.AVERAGE_SALES, sales * TEN_THOUSAND, asked.question("sales"), f"{sales:,}")
    members, certified = asked.whole("cooperative_members"), asked.whole("certified_members")
    if members is not None and certified is not None:
        answers.add(
            keys.MEMBERS_CERTIFIED,
            {"members": members, "certified": certified},
            asked.question("certified_members"),
            f"{certified:,} / {members:,}",
        )


def _operating(asked: _Asked, answers: Answers) -> None:
    if status := asked.word("operating"):
        value: FactValue = {"status": status, "ended_on": None}
        answers.add(keys.OPERATING, value, asked.question("operating"), asked.said("operating"))


def _certificate(asked: _Asked, answers: Answers) -> None:
    if asked.word("certificate") == "no":
        answers.add(keys.CERTIFICATE, None, asked.question("certificate"), asked.said("certificate"))
    starts, ends = asked.day("certificate_from"), asked.day("certificate_to")
    if asked.word("certificate") == "yes" and starts is not None and ends is not None:
        value: FactValue = {"number": None, "valid_from": starts, "valid_to": ends}
        answers.add(keys.CERTIFICATE, value, asked.question("certificate"), f"{starts} – {ends}")


def _dues(asked: _Asked, answers: Answers) -> None:
    if taxes := asked.word("taxes"):
        value: FactValue = {
            "arrears": 0 if taxes == "none" else OVERDUE,
            "deferred": OVERDUE if taxes == "deferred" else 0,
            "valid_to": answers.day.isoformat(),
        }
        for key in (keys.NATIONAL_TAX, keys.LOCAL_TAX):
            answers.add(key, value, asked.question("taxes"), asked.said("taxes"))
    if (credit := YES_OR_NO.get(asked.word("credit"))) is not None:
        for key in (keys.CREDIT_DEFAULT, keys.DISHONOURED):
            answers.add(key, credit, asked.question("credit"), asked.said("credit"))


def _history(asked: _Asked, answers: Answers) -> None:
    unfair, decided = asked.word("unfair"), asked.day("unfair_on")
    if unfair == "no" or (unfair == "yes" and decided is not None):
        value: FactValue = [] if unfair == "no" or decided is None else [decided]
        said = asked.said("unfair") if unfair == "no" else f"{asked.said('unfair')} ({decided})"
        answers.add(keys.UNFAIR_PRACTICE, value, asked.question("unfair"), said)
    if (excluded := YES_OR_NO.get(asked.word("sanction"))) is not None:
        running: FactValue = [{"from": None, "to": None, "reason": None}] if excluded else []
        answers.add(keys.SANCTIONS, running, asked.question("sanction"), asked.said("sanction"))
    if "supported" in asked:
        awards: FactValue = [
            {"edition": answers.edition, "programme": code, "round": None} for code in asked.several("supported")
        ]
        answers.add(keys.AWARDS, awards, asked.question("supported"), asked.said("supported") or _("none"))


def _products(asked: _Asked, answers: Answers) -> None:
    rows: list[FactValue] = []
    names = []
    for place in range(1, PRODUCTS + 1):
        name, origin, maker = (asked.word(f"{part}_{place}") for part in ("product", "origin", "maker"))
        if not (name or origin or maker):
            continue
        names.append(name or _("product %(number)d") % {"number": place})
        # Which country it is does not matter to the rules: ZZ is no country's code (ISO 3166-1, user-assigned).
        country = {"home": "KR", "abroad": "ZZ"}.get(origin)
        rows.append({"code": str(place), "name": names[-1], "origin": country, "maker": maker or None})
    if rows:
        answers.add(keys.PRODUCTS, rows, _("Your products"), ", ".join(names))


def _channels(asked: _Asked, answers: Answers) -> None:
    for name, key in (("market", keys.MARKET_LISTING), ("overseas", keys.OVERSEAS_ACCOUNT)):
        if value := asked.word(name):
            answers.add(key, value, asked.question(name), asked.said(name))
    if asked.word("market"):
        answers.groups += [keys.LISTED] if asked.word("market") == "listed" else []
    if reasons := asked.several("reasons"):
        for key in (keys.WANTS_ONLINE, keys.SHORT_OF_STAFF_OR_MONEY, keys.CANNOT_RUN_MALL):
            answers.add(key, key in reasons, asked.question("reasons"), asked.said("reasons"))
    answers.groups += asked.several("groups")


_READERS: Final = (
    _who,
    _organisation,
    _industry,
    _size,
    _operating,
    _certificate,
    _dues,
    _history,
    _products,
    _channels,
)
