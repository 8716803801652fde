"""The register of all rules by name: what an edition may use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from panro.rules.eligibility import (
    applicant,
    certificate,
    channels,
    consortium,
    documents,
    dues,
    history,
    industry,
    products,
    size,
    standing,
)
from panro.rules.eligibility.rule import Reason, RuleEntry, rule

__all__ = ["REASONS", "RULES", "Reason", "RuleEntry", "rule"]

_ENTRIES: Final = (
    applicant.applicant_type,
    certificate.small_merchant_certificate,
    size.small_merchant_size,
    industry.industry_not_excluded,
    standing.open_for_business,
    dues.taxes_clear,
    dues.credit_clear,
    history.no_unfair_practice,
    history.no_sanction,
    history.not_already_supported,
    products.products_eligible,
    channels.market_listing,
    channels.overseas_account,
    channels.has_channel,
    consortium.consortium_composition,
    applicant.own_share_committed,
    applicant.located_in,
    applicant.any_reason,
    applicant.nominated,
    documents.documents_complete,
)

RULES: Final[Mapping[str, RuleEntry]] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {code: reason for entry in _ENTRIES for code, reason in entry.reasons.items()}
)
"""Every reason that a case can bear, by its code."""
