from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.korea.text import Text
from panro.rules.edition.load import built_in_editions, load_edition
from panro.rules.eligibility.ask import Preference, Questions, Requirement, RuleUseError, prepare, requirement
from panro.rules.eligibility.registry import RULES
from panro.rules.findings import Answer, Assessment, Finding, Moment
from rules.eligibility.examples import CERTIFICATE
from rules.eligibility.world import (
    CLAUSE,
    CLOSES,
    CONSORTIUM_TABLE,
    edition,
    fact,
    facts,
    programme,
    rule_use,
    text,
    use,
)

if TYPE_CHECKING:
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.eligibility.ask import State

DAY = date(2021, 3, 20)


def questions(*uses: dict[str, object], shared: list[dict[str, object]] | None = None, **over: object) -> Questions:
    chosen = programme(eligibility=list(uses), **over)
    return prepare(edition(chosen, shared=shared), chosen, chosen.rounds[0])


def rules_asked(
    asked: Questions, moment: Moment, kind: ApplicantType = "merchant", track: str | None = None
) -> list[str]:
    assessment = asked.assess({}, moment=moment, on=DAY, applicant_type=kind, track=track)
    return [finding.rule for finding in assessment.findings]


def test_shared_rules_come_first_and_may_be_waived() -> None:
    shared = [use("credit_clear"), use("taxes_clear")]
    assert rules_asked(questions(use("nominated"), shared=shared), Moment.APPLICATION) == [
        "credit_clear",
        "taxes_clear",
        "nominated",
    ]
    waiving = questions(use("nominated"), shared=shared, waives=["taxes_clear"])
    assert rules_asked(waiving, Moment.APPLICATION) == ["credit_clear", "nominated"]


def test_a_rule_is_asked_at_its_moments_of_its_applicants_in_its_tracks() -> None:
    asked = questions(
        use("nominated", "application", "selection"),
        use("credit_clear", "closing", applicants=["cooperative"]),
        use("has_channel", "closing", tracks=["direct"]),
        tracks=[{"code": "direct", "name": text("direct")}, {"code": "agency", "name": text("agency")}],
    )
    assert rules_asked(asked, Moment.APPLICATION) == ["nominated"]
    assert rules_asked(asked, Moment.SELECTION) == ["nominated"]
    assert rules_asked(asked, Moment.AGREEMENT) == []
    assert rules_asked(asked, Moment.CLOSING) == []
    assert rules_asked(asked, Moment.CLOSING, track="agency") == []
    assert rules_asked(asked, Moment.CLOSING, track="direct") == ["has_channel"]
    assert rules_asked(asked, Moment.CLOSING, kind="cooperative", track="direct") == ["credit_clear", "has_channel"]
    assert asked.asks_anything(Moment.CLOSING, "cooperative", None)
    assert not asked.asks_anything(Moment.AGREEMENT, "cooperative", None)


def test_the_clause_names_the_notice_and_the_law() -> None:
    asked = questions(use("small_merchant_certificate"), use("nominated"))
    findings = asked.assess({}, moment=Moment.APPLICATION, on=DAY, applicant_type="merchant", track=None).findings
    assert [finding.clause for finding in findings] == [
        Text(
            "small_merchant_certificate 이름 (소상공인기본법 제2조)",
            "name of small_merchant_certificate (Framework Act on Small Merchants art. 2)",
        ),
        Text("nominated 이름", "name of nominated"),
    ]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (use("no_such_rule"), "programme 3-1, rule no_such_rule: no such rule; there are any_reason, applicant_type"),
        (
            use("no_unfair_practice", parameters={"within_months": 0}),
            "programme 3-1, rule no_unfair_practice: parameters.within_months: found 0; Input should be greater",
        ),
        (
            use("nominated", parameters={"by": "me"}),
            "programme 3-1, rule nominated: parameters.by: found 'me'; Extra inputs are not permitted",
        ),
        (use("located_in"), "programme 3-1, rule located_in: parameters: found {}; Value error, give either"),
        (use("located_in", parameters={"regions": ["77"]}), "no region has the code 77"),
        (use("consortium_composition"), r"the programme has no \[consortium\] table; add it"),
        (use("any_reason", parameters={"facts": ["region"]}), "its facts are wants_online"),
    ],
)
def test_a_rule_that_is_used_wrongly_is_refused_with_its_place(broken: dict[str, object], message: str) -> None:
    with pytest.raises(RuleUseError, match=message):
        questions(broken)


def test_a_consortium_table_is_enough() -> None:
    assert len(questions(use("consortium_composition"), consortium=CONSORTIUM_TABLE).rules) == 1


GROUPS = [
    {"code": code, "name": text(code), "evidence": text(code), "fact": key}
    for code, key in (("young", "first_time_online"), ("listed", "listed"), ("supported", "awards"))
]
BONUS: list[dict[str, object]] = [{"item": "listing", "group": "listed", "points": "3", "programmes": ["3-1", "3-2"]}]
OTHER_BONUS: list[dict[str, object]] = [{"item": "listing", "group": "listed", "points": "3", "programmes": ["3-2"]}]
PRIORITY = {"bonus": [{"item": "starter", "group": "young", "points": "2"}]}
PROOF = {"code": "course", "name": text("course"), "required": False, "evidence_of": "young"}


def preferring(bonus: list[dict[str, object]]) -> Questions:
    chosen = programme(priority=PRIORITY, documents=[PROOF])
    return prepare(edition(chosen, groups=GROUPS, bonus=bonus), chosen, chosen.rounds[0])


def test_groups_and_bonus_items_are_ascending_and_shared_ones_count_where_they_are_shared() -> None:
    known = facts(listed=True, first_time_online=True, awards=[{"edition": "2020"}])
    assert preferring(BONUS).preference(known) == Preference(("listed", "supported", "young"), ("listing", "starter"))
    assert preferring(OTHER_BONUS).preference(known) == Preference(("listed", "supported", "young"), ("starter",))
    assert preferring(BONUS).preference({}) == Preference((), ())
    assert preferring(BONUS).preference(facts(listed=False, awards=[])) == Preference((), ())


def test_what_the_applicant_says_counts_with_its_paper_only() -> None:
    said = {"first_time_online": fact("first_time_online", value=True, source="applicant")}
    with_paper = said | facts(documents=[{"code": "course", "issued_on": None}])
    other_paper = said | facts(documents=[{"code": "plan", "issued_on": None}])
    asked = preferring(BONUS)
    assert asked.preference(said) == Preference((), ())
    assert asked.preference(other_paper) == Preference((), ())
    assert asked.preference(with_paper) == Preference(("young",), ("starter",))
    listed = {"listed": fact("listed", value=True, source="applicant")}
    assert asked.preference(listed | with_paper) == Preference(("young",), ("starter",))


def test_only_what_can_still_decide_is_asked() -> None:
    asked = questions(use("industry_not_excluded"), use("credit_clear"), use("small_merchant_size"))

    def lacking(**known: object) -> tuple[str, ...]:
        return asked.questions(
            facts(**known),
            moment=Moment.APPLICATION,
            on=DAY,
            applicant_type="merchant",
            track=None,
        )

    assert lacking() == ("industry", "credit_default", "dishonoured", "average_sales", "employees")
    retail = {"code": "47911", "revision": 10}
    assert lacking(industry=retail, dishonoured=False, employees="1") == (
        "industry_answer",
        "credit_default",
        "average_sales",
    )
    assert lacking(credit_default=True) == ()


def test_the_facts_that_matter_are_those_read() -> None:
    papers = [{"code": "plan", "name": text("plan"), "when": {"fact": "overseas_account", "equals": "own"}}]
    chosen = programme(eligibility=[use("nominated")], documents=papers)
    asked = prepare(edition(chosen, groups=GROUPS), chosen, chosen.rounds[0])
    assert sorted(asked.keys_read()) == [
        "awards",
        "documents",
        "first_time_online",
        "listed",
        "nominated",
        "overseas_account",
        "region",
    ]


def finding(rule: str, answer: Answer, moment: Moment, clause: Text = CLAUSE) -> Finding:
    return Finding(rule, answer, f"{rule}_{answer.value}", clause, moment, (), CLAUSE)


def assessed(moment: Moment, **answers: Answer) -> Assessment:
    return Assessment(moment, tuple(finding(rule, answer, moment) for rule, answer in answers.items()))


YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
FIRST, SECOND = Moment.APPLICATION, Moment.CLOSING


@pytest.mark.parametrize(
    ("assessments", "state", "reason"),
    [
        ([], "eligible", ""),
        ([assessed(FIRST, a=YES), assessed(SECOND, a=YES)], "eligible", ""),
        ([assessed(FIRST, a=UNKNOWN, b=NO), assessed(SECOND, a=NO)], "ineligible", "b_no"),
        ([assessed(FIRST, a=YES, b=UNKNOWN), assessed(SECOND, c=NO, b=NO)], "ineligible", "c_no"),
        ([assessed(FIRST, a=NO), assessed(SECOND, a=YES)], "ineligible", "a_no"),
        ([assessed(FIRST, a=UNKNOWN), assessed(SECOND, a=YES)], "eligible", ""),
        ([assessed(FIRST, a=UNKNOWN, b=UNKNOWN), assessed(SECOND, a=YES)], "lapsed", "b_unknown"),
        ([assessed(FIRST, a=YES), assessed(SECOND, a=UNKNOWN)], "lapsed", "a_unknown"),
    ],
)
def test_what_becomes_of_assessments(assessments: list[Assessment], state: State, reason: str) -> None:
    expected = Requirement(state, reason, "공고 3" if reason else "")
    assert requirement(*assessments) == expected


def test_two_uses_of_one_rule_are_told_apart_by_their_clauses() -> None:
    other = Text("공고 4", "Notice 4")
    first = Assessment(FIRST, (finding("a", UNKNOWN, FIRST), finding("a", UNKNOWN, FIRST, other)))
    second = Assessment(SECOND, (finding("a", YES, SECOND, other),))
    assert requirement(first, second) == Requirement("lapsed", "a_unknown", "공고 3")


def test_the_cliff_lapses_an_application_that_brings_no_new_certificate() -> None:
    asked = questions(use("small_merchant_certificate", "application", "closing"))

    def outcome(at_closing: dict[str, str]) -> Requirement:
        known = ((Moment.APPLICATION, DAY, CERTIFICATE), (Moment.CLOSING, CLOSES, at_closing))
        return requirement(
            *(
                asked.assess(
                    facts(certificate=dict(paper)), moment=moment, on=on, applicant_type="merchant", track=None
                )
                for moment, on, paper in known
            )
        )

    renewed = {"number": "2", "valid_from": "2021-04-01", "valid_to": "2022-03-31"}
    assert outcome(renewed).state == "eligible"
    assert outcome(CERTIFICATE)[:2] == ("lapsed", "certificate_expired")


@pytest.mark.parametrize("code", built_in_editions())
def test_the_delivered_editions_use_their_rules_rightly(code: str) -> None:
    year = load_edition(code)
    for one in year.programmes:
        for round_ in one.rounds:
            prepared = prepare(year, one, round_)
            assert "applicant_type" in {rule.entry.name for rule in prepared.rules}


def test_a_moment_that_a_rule_cannot_be_asked_at_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace  # noqa: PLC0415 - for this test alone

    from panro.rules.eligibility import questions as module  # noqa: PLC0415 - the room whose register is replaced

    entry = replace(RULES["nominated"], moments=(Moment.SELECTION,))
    monkeypatch.setattr(module, "RULES", {"nominated": entry})
    with pytest.raises(RuleUseError, match="cannot be asked at application; its moments are selection"):
        module.prepared_rule(rule_use("nominated"), programme())
