"""A small year for tests of eligibility: one programme, and short ways to write facts and askings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from panro.korea.text import Text
from panro.rules.edition.model import Edition, EditionHead
from panro.rules.edition.parts import RuleUse
from panro.rules.edition.programme import Programme
from panro.rules.eligibility.registry import RULES
from panro.rules.eligibility.rule import Asking, Ruling, finding_of
from panro.rules.facts import Fact, facts_by_key
from panro.rules.findings import Moment

if TYPE_CHECKING:
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.edition.programme import Round
    from panro.rules.facts import FactValue
    from panro.rules.findings import Finding

OPENS = date(2021, 3, 17)
CLOSES = date(2021, 4, 16)
SUPPLEMENT = date(2021, 4, 26)
CLAUSE = Text("공고 3", "Notice 3")


def text(word: str) -> dict[str, str]:
    return {"ko": f"{word} 이름", "en": f"name of {word}"}


CONSORTIUM_TABLE: dict[str, object] = {
    "allowed_alone": ["private"],
    "required_with_public": "private_retail_platform",
    "text": text("c"),
}


def programme(**over: object) -> Programme:
    data: dict[str, object] = {
        "code": "3-1",
        "pillar": "channels",
        "name": text("malls"),
        "summary": text("summary"),
        "for_whom": text("for_whom"),
        "offers": [text("offer")],
        "how_chosen": text("how"),
        "unit": "company",
        "quota": 10,
        "method": "ranked",
        "applicants": [{"type": kind, "steps": ["apply"]} for kind in ("merchant", "cooperative", "consortium")],
        "rounds": [round_data()],
        "reapplication": {"text": text("again")},
        "kinds": [{"kind": "content", "product": "video", "formats": [text("mp4")], "pieces_per_company": 1}],
        "sources": [],
    }
    return Programme.model_validate(data | over)


def round_data(code: str = "R1", opens: date = OPENS, closes: date = CLOSES, **over: object) -> dict[str, object]:
    days = {"supplement_until": SUPPLEMENT, "results_on": date(2021, 5, 10), "objections_until": date(2021, 5, 20)}
    if closes > SUPPLEMENT:
        days = dict.fromkeys(days, closes)
    return {"code": code, "name": text(code), "opens": opens, "closes": closes, "seats": 5, **days, **over}


def head(**over: object) -> EditionHead:
    data: dict[str, object] = {
        "code": "2021",
        "name": text("year"),
        "summary": text("summary"),
        "agency": {"name": text("agency"), "portal": text("portal"), "market": text("market")},
        "window": {"opens": OPENS, "closes": date(2021, 12, 31)},
        "industry_revision": 10,
        "programmes": ["3-1"],
        "pillars": [{"code": "channels", "name": text("pillar"), "gives": text("gives")}],
        "groups": [],
        "bonus": [],
        "eligibility": [],
        "calendar": [],
        "tallies": [],
        "draw_event": text("draw"),
        "assignment_event": text("assignment"),
        "sources": [],
    }
    return EditionHead.model_validate(data | over)


def use(rule: str, *moments: str, **over: object) -> dict[str, object]:
    return {"rule": rule, "moments": list(moments or ("application",)), "clause": text(rule), **over}


def rule_use(rule: str, *moments: str, **over: object) -> RuleUse:
    return RuleUse.model_validate(use(rule, *moments, **over))


def edition(*programmes: Programme, shared: list[dict[str, object]] | None = None, **over: object) -> Edition:
    chosen = list(programmes) or [programme()]
    codes = [one.code for one in chosen]
    return Edition(head=head(programmes=codes, eligibility=shared or [], **over), programmes=chosen)


def asking(
    *,
    moment: Moment = Moment.APPLICATION,
    on: date = date(2021, 3, 20),
    of: Programme | None = None,
    applicant_type: str = "merchant",
    track: str | None = None,
    year: EditionHead | None = None,
    without_round: bool = False,
) -> Asking:
    chosen = of or programme()
    round_: Round | None = None if without_round else chosen.rounds[0]
    return Asking(moment, on, year or head(), chosen, round_, cast("ApplicantType", applicant_type), track)


def fact(key: str, value: object, as_of: date = date(2021, 3, 20), source: str = "officer") -> Fact:
    return Fact(key, cast("FactValue", value), as_of, source)


def facts(**values: object) -> dict[str, Fact]:
    return facts_by_key(*(fact(key, value) for key, value in values.items()))


def rule_on(name: str, known: dict[str, Fact], asked: Asking, **parameters: object) -> Ruling:
    entry = RULES[name]
    return entry.function(known, entry.parameters.model_validate(parameters), asked)


def reason(name: str, known: dict[str, Fact], asked: Asking | None = None, **parameters: object) -> str:
    return rule_on(name, known, asked or asking(), **parameters).reason.code


def found(name: str, known: dict[str, Fact], asked: Asking | None = None, **parameters: object) -> Finding:
    chosen = asked or asking()
    return finding_of(rule_on(name, known, chosen, **parameters), name, CLAUSE, chosen)
