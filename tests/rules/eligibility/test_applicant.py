from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from panro.korea.text import Text
from panro.rules.eligibility.applicant import region_of
from rules.eligibility.world import CONSORTIUM_TABLE, asking, fact, facts, found, programme, reason, text

if TYPE_CHECKING:
    from panro.rules.eligibility.rule import Asking
    from panro.rules.facts import Fact

PRIVATE_ENOUGH = CONSORTIUM_TABLE | {"required_with_public": "private"}


def test_the_type_is_that_of_the_application() -> None:
    finding = found("applicant_type", {}, asking(applicant_type="creator"))
    assert finding.message == Text(
        ko="크리에이터는 이 사업에 신청할 수 없습니다. 신청 대상: 소상공인, 소상공인 협동조합, 컨소시엄",
        en="This programme is not for creators. "
        "It is for: small merchants, cooperatives of small merchants, consortia.",
    )
    institution = found("applicant_type", {}, asking(applicant_type="institution"))
    assert institution.message.ko.startswith("기관은 ")


def test_a_track_may_be_for_some_of_the_types_only() -> None:
    name = {"ko": "공동 입점", "en": "Joint listing"}
    of = programme(
        tracks=[{"code": "together", "name": name, "applicants": ["cooperative"]}, {"code": "own", "name": name}]
    )
    merchant = found("applicant_type", {}, asking(of=of, track="together"))
    assert (merchant.reason, merchant.message) == (
        "track_not_for_type",
        Text(
            ko="소상공인은 ‘공동 입점’에 신청할 수 없습니다. 신청 대상: 소상공인 협동조합",
            en="“Joint listing” is not for small merchants. It is for: cooperatives of small merchants.",
        ),
    )
    assert reason("applicant_type", {}, asking(of=of, track="own")) == "applicant_type_admitted"
    together = asking(of=of, track="together", applicant_type="cooperative")
    assert reason("applicant_type", {}, together) == "applicant_type_admitted"
    assert reason("applicant_type", {}, asking(of=of, applicant_type="creator")) == "applicant_type_not_admitted"


@pytest.mark.parametrize(
    ("region", "capital", "expected"),
    [
        ("11", True, "located_in"),
        ("28", True, "located_in"),
        ("41", True, "located_in"),
        ("42", True, "located_outside"),
        ("11", False, "located_outside"),
        ("50", False, "located_in"),
    ],
)
def test_the_capital_region(region: str, capital: bool, expected: str) -> None:  # noqa: FBT001 - a table of answers
    assert reason("located_in", facts(region=region), capital=capital) == expected


@pytest.mark.parametrize(
    ("region", "on", "regions", "expected"),
    [
        ("42", date(2023, 6, 10), ["42"], "located_in"),
        ("42", date(2023, 6, 11), ["42"], "located_in"),
        ("42", date(2023, 6, 11), ["51"], "located_in"),
        ("42", date(2023, 6, 10), ["51"], "located_outside"),
        ("29", date(2026, 6, 30), ["46"], "located_outside"),
        ("29", date(2026, 7, 1), ["46"], "located_in"),
        ("11", date(2021, 3, 20), ["26", "11"], "located_in"),
    ],
)
def test_provinces_follow_their_succession(region: str, on: date, regions: list[str], expected: str) -> None:
    assert reason("located_in", facts(region=region), asking(on=on), regions=regions) == expected


def test_a_code_newer_than_the_asked_day_is_read_on_its_own_day() -> None:
    known = {"region": fact("region", "51", date(2023, 6, 11))}
    assert reason("located_in", known, asking(on=date(2023, 6, 1)), regions=["42"]) == "located_in"


def test_the_region_of_a_case() -> None:
    assert region_of(facts(region="42"), on=date(2023, 6, 10)) == "42"
    assert region_of(facts(region="42"), on=date(2023, 6, 11)) == "51"
    assert region_of(facts(region="99"), on=date(2023, 6, 11)) == ""
    assert region_of({}, on=date(2023, 6, 11)) == ""


@pytest.mark.parametrize(
    ("table", "members", "expected"),
    [
        (PRIVATE_ENOUGH, ["private"], "consortium_fits"),
        (PRIVATE_ENOUGH, ["private_retail_platform"], "consortium_fits"),
        (PRIVATE_ENOUGH, ["public_body"], "public_body_alone"),
        (PRIVATE_ENOUGH, ["local_government"], "public_body_alone"),
        (PRIVATE_ENOUGH, ["public_body", "private"], "consortium_fits"),
        (PRIVATE_ENOUGH, ["public_body", "private_retail_platform"], "consortium_fits"),
        (PRIVATE_ENOUGH, ["public_body", "local_government"], "consortium_partner_lacking"),
        (PRIVATE_ENOUGH, ["private", "private"], "consortium_fits"),
        (PRIVATE_ENOUGH, [], "consortium_missing"),
        (CONSORTIUM_TABLE, ["public_body", "private"], "consortium_partner_lacking"),
        (CONSORTIUM_TABLE, ["local_government", "private_retail_platform"], "consortium_fits"),
        (CONSORTIUM_TABLE | {"allowed_alone": []}, ["private", "private"], "alone_not_allowed"),
    ],
)
def test_who_may_stand_together(table: dict[str, object], members: list[str], expected: str) -> None:
    asked = asking(of=programme(consortium=table), applicant_type="consortium")
    assert reason("consortium_composition", facts(consortium=members), asked) == expected


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [("private", "consortium_fits"), ("public_body", "public_body_alone"), ("local_government", "public_body_alone")],
)
def test_who_does_not_apply_as_a_consortium_stands_alone(organisation: str, expected: str) -> None:
    asked = asking(of=programme(consortium=CONSORTIUM_TABLE), applicant_type="institution")
    known = facts(organisation=organisation, consortium=["public_body", "private_retail_platform"])
    assert reason("consortium_composition", known, asked) == expected


def test_a_local_government_needs_no_word_about_its_kind() -> None:
    asked = asking(of=programme(consortium=CONSORTIUM_TABLE), applicant_type="local_government")
    finding = found("consortium_composition", {}, asked)
    assert finding.message.ko == "지방자치단체는 민간과 함께해야 신청할 수 있습니다."
    assert finding.mend == Text(
        "2021. 4. 16.까지 민간 유통플랫폼 기업과 컨소시엄을 이루어 협약서를 내 주세요.",
        "Form a consortium with a private retail-platform company and hand in the agreement by 16 April 2021.",
    )


@pytest.mark.parametrize(
    ("accept", "state", "expected"),
    [
        (["listed"], "listed", "market_listing_accepted"),
        (["listed"], "planned", "market_listing_lacking"),
        (["listed", "planned"], "planned", "market_listing_accepted"),
    ],
)
def test_listing_as_the_year_accepts_it(accept: list[str], state: str, expected: str) -> None:
    assert reason("market_listing", facts(market_listing=state), accept=accept) == expected


@pytest.mark.parametrize(
    ("accept", "state", "expected"),
    [
        (["own"], "able", "overseas_account_lacking"),
        (["own", "able"], "able", "overseas_account_accepted"),
        (["none"], "none", "overseas_account_accepted"),
    ],
)
def test_accounts_abroad_as_the_year_accepts_them(accept: list[str], state: str, expected: str) -> None:
    assert reason("overseas_account", facts(overseas_account=state), accept=accept) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://video.example/@a", "has_channel"),
        ("http://video.example", "has_channel"),
        ("ftp://video.example", "channel_unreadable"),
        ("https://nowhere", "channel_unreadable"),
        ("http://[", "channel_unreadable"),
        ("", "no_channel"),
    ],
)
def test_the_address_of_a_channel(address: str, expected: str) -> None:
    assert reason("has_channel", facts(channel_url=address)) == expected


PLAN: dict[str, object] = {"code": "plan", "name": text("plan"), "valid_days": 30}
PROOF: dict[str, object] = {
    "code": "proof",
    "name": text("proof"),
    "when": {"fact": "overseas_account", "equals": "own"},
}


def papers(*documents: dict[str, object], on: date = date(2021, 3, 31), **over: object) -> Asking:
    return asking(of=programme(documents=list(documents), **over), on=on)


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [
        ("2021-02-28", "documents_expired"),
        ("2021-03-01", "documents_complete"),
        ("2021-04-20", "documents_complete"),
        (None, "documents_complete"),
    ],
)
def test_a_paper_is_valid_for_its_days_after_the_issue(issued_on: str | None, expected: str) -> None:
    known = facts(documents=[{"code": "plan", "issued_on": issued_on}])
    assert reason("documents_complete", known, papers(PLAN)) == expected


@pytest.mark.parametrize("days", [("2021-02-01", "2021-03-20"), ("2021-03-20", "2021-02-01")])
def test_of_two_copies_the_newer_counts(days: tuple[str, str]) -> None:
    known = facts(documents=[{"code": "plan", "issued_on": day} for day in days])
    assert reason("documents_complete", known, papers(PLAN)) == "documents_complete"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (facts(), "documents_missing"),
        (facts(overseas_account="none"), "documents_complete"),
        (facts(overseas_account="own"), "documents_missing"),
        (facts(overseas_account="own", documents=[{"code": "proof", "issued_on": None}]), "documents_complete"),
        (facts(documents=[{"code": "proof", "issued_on": None}]), "documents_complete"),
    ],
)
def test_a_condition_that_is_not_known_keeps_the_paper_on_the_list(known: dict[str, Fact], expected: str) -> None:
    assert reason("documents_complete", known, papers(PROOF)) == expected


def test_papers_of_others_and_optional_ones_are_not_asked() -> None:
    asked = papers(
        PLAN | {"required": False},
        PLAN | {"applicants": ["cooperative"]},
        PLAN | {"tracks": ["direct"]},
        tracks=[{"code": "direct", "name": text("direct")}],
    )
    assert reason("documents_complete", {}, asked) == "documents_complete"


def test_all_that_is_missing_or_run_out_is_listed() -> None:
    known = facts(documents=[{"code": "plan", "issued_on": "2021-01-01"}], overseas_account="own")
    message = found("documents_complete", known, papers(PLAN, PROOF)).message
    assert message == Text(
        "아직 내지 않은 서류가 있습니다: proof 이름, plan 이름(2021. 1. 31.까지)",
        "These papers are still missing: name of proof, name of plan (to 31 January 2021).",
    )
