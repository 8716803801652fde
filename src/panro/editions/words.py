"""What codes of an edition are called on a page, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from panro.editions.rounds import RoundState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from panro.korea.text import Text
    from panro.rules.edition.base import TextData

type Label = _StrPromise | str

APPLICANTS: Final[dict[str, Label]] = {
    "merchant": _("Small merchant"),
    "cooperative": _("Cooperative of small merchants"),
    "creator": _("Creator"),
    "trainee": _("Trainee (a person)"),
    "institution": _("Institution or company"),
    "consortium": _("Consortium"),
    "local_government": _("Local government"),
}
METHODS: Final[dict[str, Label]] = {
    "ranked": _("Ranked by score"),
    "gate": _("Review against criteria"),
    "nomination": _("Nomination, no open intake"),
    "contest": _("Open contest"),
}
WIZARD_STEPS: Final[dict[str, Label]] = {
    "sign_up": _("Sign up"),
    "log_in": _("Log in"),
    "verify": _("Verify the business"),
    "products": _("Register products"),
    "apply": _("Fill in the application"),
    "choose_products": _("Choose products"),
    "documents": _("Add papers and send"),
    "consortium": _("Name the consortium"),
}
STAGE_KINDS: Final[dict[str, Label]] = {
    "requirement": _("Requirement check"),
    "paper": _("Paper evaluation"),
    "panel": _("Panel"),
    "presentation": _("Presentation"),
    "site_visit": _("Site visit"),
    "heat": _("Heat"),
}
AGGREGATES: Final[dict[str, Label]] = {
    "mean": _("The mean of all reviewers"),
    "trimmed_mean": _("The mean without the highest and the lowest score"),
    "panel_adjusted": _("The mean, adjusted for how strict each reviewer is"),
}
MOMENTS: Final[dict[str, Label]] = {
    "application": _("when applying"),
    "closing": _("on the closing date"),
    "selection": _("at selection"),
    "agreement": _("at the agreement"),
}
CHANNELS: Final[dict[str, Label]] = {
    "mall": _("Internet mall"),
    "tv_home_shopping": _("TV home shopping"),
    "t_commerce": _("T-commerce"),
    "v_commerce": _("V-commerce"),
    "overseas": _("Overseas mall"),
    "live": _("Live commerce"),
    "iptv": _("IPTV"),
    "subscription": _("Subscription"),
    "market": _("Market platform"),
    "offline": _("Shop on site"),
    "sns": _("Social media"),
}
SOURCES: Final[dict[str, Label]] = {
    "guide": _("guide"),
    "press": _("press"),
    "law": _("law"),
    "reading": _("reading"),
    "decision": _("decision"),
    "illustrative": _("example"),
}
SOURCE_MEANINGS: Final[dict[str, Label]] = {
    "reading": _("The public guide can be read in two ways. This is the one taken here."),
    "decision": _("The public guide is silent. This was decided here and can be changed in the data."),
    "illustrative": _("The real figure is not public. This one is an example."),
}
RULES: Final[dict[str, Label]] = {
    "applicant_type": _("Who may apply"),
    "small_merchant_certificate": _("Small-merchant certificate"),
    "small_merchant_size": _("Size of a small merchant"),
    "industry_not_excluded": _("Industry that may be supported"),
    "open_for_business": _("Open for business"),
    "taxes_clear": _("No tax arrears"),
    "credit_clear": _("No default on debts"),
    "no_unfair_practice": _("No unfair practice"),
    "no_sanction": _("No running exclusion"),
    "products_eligible": _("Eligible products"),
    "market_listing": _("Listed on the market platform"),
    "overseas_account": _("Account on an overseas mall"),
    "consortium_composition": _("Members of the consortium"),
    "not_already_supported": _("Not supported already"),
    "documents_complete": _("Papers complete"),
    "own_share_committed": _("Own share"),
    "located_in": _("Location"),
    "any_reason": _("Reason for support"),
    "nominated": _("Nominated by the agency"),
    "has_channel": _("A channel of one's own"),
}
STATES: Final[dict[RoundState | None, tuple[Label, str]]] = {
    RoundState.UPCOMING: (_("Opens soon"), "information"),
    RoundState.OPEN: (_("Open"), "success"),
    RoundState.CLOSING: (_("Closing soon"), "warning"),
    RoundState.REVIEW: (_("Under review"), "primary"),
    RoundState.OBJECTIONS: (_("Results, objections open"), "primary"),
    RoundState.OVER: (_("Closed"), ""),
    None: (_("Separate notice"), ""),
}


def is_english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


def in_page_language(text: Text | TextData) -> str:
    """A text of the data in the language of the page."""
    return text.en if is_english() else text.ko


def column(row: object, name: str) -> str:
    """A bilingual column of a row, such as ``name``, in the language of the page."""
    return str(getattr(row, f"{name}_{'en' if is_english() else 'ko'}"))


def rule_label(rule: str) -> Label:
    """What a rule is called; a rule without a name of its own goes by its code."""
    return RULES.get(rule, rule)


def amount(count: int, unit: str) -> str:
    """A quota with its unit: ``1,200 companies``."""
    patterns = {
        "company": ngettext("%(count)s company", "%(count)s companies", count),
        "person": ngettext("%(count)s person", "%(count)s people", count),
        "place": ngettext("%(count)s place", "%(count)s places", count),
        "product": ngettext("%(count)s product", "%(count)s products", count),
    }
    return patterns[unit] % {"count": f"{count:,}"}
