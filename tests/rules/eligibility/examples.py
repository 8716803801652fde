"""One situation for every reason that a rule declares: ``(rule, facts, asking, parameters, reason)``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from panro.rules.findings import Moment
from rules.eligibility.world import CLOSES, CONSORTIUM_TABLE, asking, fact, facts, programme, text

if TYPE_CHECKING:
    from pydantic import JsonValue

    from panro.rules.eligibility.rule import Asking
    from panro.rules.facts import Fact


@dataclass(frozen=True)
class Example:
    rule: str
    reason: str
    facts: dict[str, Fact] = field(default_factory=dict)
    asking: Asking = field(default_factory=asking)
    parameters: dict[str, JsonValue] = field(default_factory=dict)


CLOSING = asking(moment=Moment.CLOSING, on=CLOSES)
COOPERATIVE = asking(applicant_type="cooperative")
CREATOR = asking(applicant_type="creator")
TOGETHER = programme(consortium=CONSORTIUM_TABLE)
NOBODY_ALONE = programme(consortium=CONSORTIUM_TABLE | {"allowed_alone": []})
CONSORTIUM = asking(of=TOGETHER, applicant_type="consortium")
INSTITUTION = asking(of=TOGETHER, applicant_type="institution")
FOR_COOPERATIVES = programme(tracks=[{"code": "together", "name": text("together"), "applicants": ["cooperative"]}])
PAPERS = programme(documents=[{"code": "plan", "name": text("plan"), "valid_days": 30}])
WITH_PAPERS = asking(of=PAPERS)

CERTIFICATE = {"number": "0010-2020-1", "valid_from": "2020-04-01", "valid_to": "2021-03-31"}
NEXT_CERTIFICATE = {"number": "0010-2021-1", "valid_from": "2021-04-01", "valid_to": "2022-03-31"}
RETAIL = {"code": "47911", "revision": 10}
FOOD = {"code": "10797", "revision": 10}
CLEAR = {"arrears": 0, "deferred": 0, "valid_to": "2021-04-19"}
OWING = {"arrears": 1_000, "deferred": 0, "valid_to": "2021-04-19"}
DEFERRED = {"arrears": 1_000, "deferred": 1_000, "valid_to": "2021-04-19"}
RUN_OUT = {"arrears": 0, "deferred": 0, "valid_to": "2021-03-19"}
JAM = {"code": "P1", "name": "사과잼", "origin": "KR", "maker": "small"}
LAMP = {"code": "P2", "name": "전등", "origin": "CN", "maker": "small"}
PHONE = {"code": "P3", "name": "전화기", "origin": "KR", "maker": "large"}
VAGUE = {"code": "P4", "name": "양말", "origin": None, "maker": "small"}
WANTS: dict[str, JsonValue] = {"facts": ["wants_online", "cannot_run_mall"]}

SMALL = facts(industry=FOOD, average_sales=500_000_000, employees="9.5")
LARGE = facts(industry=FOOD, average_sales=12_000_000_001, employees="9.5")


def _size(reason: str, known: dict[str, Fact], asked: Asking | None = None) -> Example:
    return Example("small_merchant_size", reason, known, asked or asking())


EXAMPLES = [
    Example("applicant_type", "applicant_type_admitted", facts(applicant_type="merchant")),
    Example("applicant_type", "applicant_type_not_admitted", asking=CREATOR),
    Example("applicant_type", "track_not_for_type", asking=asking(of=FOR_COOPERATIVES, track="together")),
    Example("small_merchant_certificate", "certificate_valid", facts(certificate=CERTIFICATE)),
    Example("small_merchant_certificate", "certificate_missing"),
    Example("small_merchant_certificate", "certificate_not_held_yet", facts(certificate=None)),
    Example("small_merchant_certificate", "certificate_none", facts(certificate=None), CLOSING),
    Example("small_merchant_certificate", "certificate_expired", facts(certificate=CERTIFICATE), CLOSING),
    Example("small_merchant_certificate", "certificate_not_yet_valid", facts(certificate=NEXT_CERTIFICATE)),
    Example(
        "small_merchant_certificate",
        "members_certified",
        facts(members_certified={"members": 6, "certified": 3}),
        COOPERATIVE,
    ),
    Example("small_merchant_certificate", "members_missing", asking=COOPERATIVE),
    Example(
        "small_merchant_certificate",
        "members_too_few",
        facts(members_certified={"members": 4, "certified": 4}),
        COOPERATIVE,
    ),
    Example(
        "small_merchant_certificate",
        "members_too_few_certified",
        facts(members_certified={"members": 5, "certified": 2}),
        COOPERATIVE,
    ),
    _size("size_within", SMALL),
    _size("size_in_grace", LARGE | facts(size_grace={"from": "2020-01-01", "to": "2022-12-31"})),
    _size("size_figures_missing", facts(industry=FOOD)),
    _size("size_limit_unknown", SMALL, asking(on=date(2025, 9, 1))),
    _size("size_too_large", LARGE | facts(certificate=None)),
    _size("size_grace_unknown", LARGE | facts(certificate=CERTIFICATE)),
    Example("industry_not_excluded", "industry_not_excluded", facts(industry=FOOD)),
    Example(
        "industry_not_excluded",
        "industry_part_not_excluded",
        facts(industry=RETAIL, industry_answer={"row": "47911", "excluded": False}),
    ),
    Example(
        "industry_not_excluded",
        "industry_outside_excluded_parts",
        facts(industry={"code": "47", "revision": 10}, industry_answer={"row": "47", "excluded": False}),
    ),
    Example("industry_not_excluded", "industry_excluded", facts(industry={"code": "56211", "revision": 10})),
    Example(
        "industry_not_excluded",
        "industry_part_excluded",
        facts(industry=RETAIL, industry_answer={"row": "47911", "excluded": True}),
    ),
    Example("industry_not_excluded", "industry_missing"),
    Example("industry_not_excluded", "industry_to_be_asked", facts(industry=RETAIL)),
    Example("industry_not_excluded", "industry_revision_unknown", facts(industry={"code": "56211", "revision": 11})),
    Example("industry_not_excluded", "industry_code_unclear", facts(industry={"code": "5621", "revision": 10})),
    Example("open_for_business", "open_for_business", facts(operating={"status": "open", "ended_on": None})),
    Example("open_for_business", "no_business_needed", facts(operating=None), CREATOR),
    Example("open_for_business", "closed", facts(operating={"status": "closed", "ended_on": "2021-02-28"})),
    Example(
        "open_for_business",
        "suspended",
        {"operating": fact("operating", {"status": "suspended", "ended_on": "2021-04-01"}, CLOSES)},
        CLOSING,
    ),
    Example("open_for_business", "suspended_for_now", facts(operating={"status": "suspended", "ended_on": None})),
    Example("open_for_business", "not_in_business", facts(operating=None)),
    Example("open_for_business", "operating_missing"),
    Example("open_for_business", "operating_stale", facts(operating={"status": "open", "ended_on": None}), CLOSING),
    Example("taxes_clear", "taxes_clear", facts(national_tax=CLEAR, local_tax=CLEAR)),
    Example("taxes_clear", "taxes_deferred", facts(national_tax=CLEAR, local_tax=DEFERRED)),
    Example("taxes_clear", "tax_arrears", facts(local_tax=OWING)),
    Example("taxes_clear", "tax_certificate_missing", facts(national_tax=CLEAR)),
    Example("taxes_clear", "tax_certificate_expired", facts(national_tax=RUN_OUT, local_tax=CLEAR)),
    Example("credit_clear", "credit_clear", facts(credit_default=False, dishonoured=False)),
    Example("credit_clear", "credit_default", facts(credit_default=True)),
    Example("credit_clear", "dishonoured", facts(dishonoured=True)),
    Example("credit_clear", "credit_missing", facts(credit_default=False)),
    Example("no_unfair_practice", "no_unfair_practice", facts(unfair_practice=[])),
    Example("no_unfair_practice", "unfair_practice", facts(unfair_practice=["2021-01-04", "2019-01-04"])),
    Example("no_unfair_practice", "unfair_practice_missing"),
    Example("no_sanction", "no_sanction", facts(sanctions=[])),
    Example(
        "no_sanction",
        "sanctioned",
        facts(sanctions=[{"from": "2020-01-01", "to": "2021-12-31", "reason": "거짓 신청"}]),
    ),
    Example("no_sanction", "sanctions_missing"),
    Example("not_already_supported", "not_already_supported", facts(awards=[])),
    Example(
        "not_already_supported",
        "already_supported",
        facts(awards=[{"edition": "2021", "programme": "3-1", "round": "R1"}]),
    ),
    Example("not_already_supported", "awards_missing"),
    Example("products_eligible", "products_eligible", facts(products=[LAMP, JAM])),
    Example("products_eligible", "products_too_few", facts(products=[LAMP, PHONE])),
    Example("products_eligible", "products_missing"),
    Example("products_eligible", "products_unclear", facts(products=[LAMP, VAGUE])),
    Example("market_listing", "market_listing_accepted", facts(market_listing="planned")),
    Example("market_listing", "market_listing_lacking", facts(market_listing="none")),
    Example("market_listing", "market_listing_missing"),
    Example("overseas_account", "overseas_account_accepted", facts(overseas_account="able")),
    Example("overseas_account", "overseas_account_lacking", facts(overseas_account="none")),
    Example("overseas_account", "overseas_account_missing"),
    Example("has_channel", "has_channel", facts(channel_url="https://video.example/a")),
    Example("has_channel", "no_channel", facts(channel_url=None)),
    Example("has_channel", "channel_missing"),
    Example("has_channel", "channel_unreadable", facts(channel_url="내 채널")),
    Example(
        "consortium_composition",
        "consortium_fits",
        facts(consortium=["public_body", "private_retail_platform"]),
        CONSORTIUM,
    ),
    Example("consortium_composition", "public_body_alone", facts(organisation="public_body"), INSTITUTION),
    Example(
        "consortium_composition",
        "alone_not_allowed",
        facts(organisation="private"),
        asking(of=NOBODY_ALONE, applicant_type="institution"),
    ),
    Example(
        "consortium_composition",
        "consortium_partner_lacking",
        facts(consortium=["public_body", "private"]),
        CONSORTIUM,
    ),
    Example("consortium_composition", "consortium_missing", asking=CONSORTIUM),
    Example("consortium_composition", "organisation_missing", asking=INSTITUTION),
    Example("own_share_committed", "own_share_committed", facts(own_share=2000), parameters={"minimum": 2000}),
    Example("own_share_committed", "own_share_too_small", facts(own_share=1999), parameters={"minimum": 2000}),
    Example("own_share_committed", "own_share_missing", parameters={"minimum": 2000}),
    Example("located_in", "located_in", facts(region="41"), parameters={"capital": True}),
    Example("located_in", "located_outside", facts(region="26"), parameters={"capital": True}),
    Example("located_in", "location_missing", parameters={"capital": True}),
    Example("located_in", "location_unreadable", facts(region="99"), parameters={"capital": True}),
    Example("any_reason", "any_reason", facts(wants_online=False, cannot_run_mall=True), parameters=WANTS),
    Example("any_reason", "no_reason", facts(wants_online=False, cannot_run_mall=False), parameters=WANTS),
    Example("any_reason", "reason_missing", facts(wants_online=False), parameters=WANTS),
    Example("nominated", "nominated", facts(nominated=True)),
    Example("nominated", "not_nominated", facts(nominated=False)),
    Example("nominated", "nomination_unknown"),
    Example("documents_complete", "documents_complete"),
    Example("documents_complete", "documents_missing", asking=WITH_PAPERS),
    Example(
        "documents_complete",
        "documents_expired",
        facts(documents=[{"code": "plan", "issued_on": "2021-02-01"}]),
        WITH_PAPERS,
    ),
]
