"""The names of all facts that rules read, with the shape of their values.

Dates are ISO texts, money whole won, decimals texts. A key that is absent is not known; a value of None is known to be
none. Dates "since" and "until" include their day.
"""

from typing import Final

APPLICANT_TYPE: Final = "applicant_type"  # one of ApplicantType
ORGANISATION: Final = "organisation"  # "private" | "public_body" | "local_government"
BUSINESS_NUMBER: Final = "business_number"  # ten digits
REGION: Final = "region"  # province code valid on the fact's day
INDUSTRY: Final = "industry"  # {"code": KSIC code, "revision": 10 | 11}
INDUSTRY_ANSWER: Final = (
    "industry_answer"  # {"row": code of the asked row, "excluded": bool}: answer where only a part is out
)
AVERAGE_SALES: Final = "average_sales"  # won a year, mean of the last three business years
EMPLOYEES: Final = "employees"  # decimal text, part-timers count half
SIZE_GRACE: Final = "size_grace"  # {"from", "to"} in which an outgrown firm still counts as small, or None
CERTIFICATE: Final = "certificate"  # {"number", "valid_from", "valid_to"} of the small-merchant certificate, or None
MEMBERS_CERTIFIED: Final = "members_certified"  # {"members": n, "certified": m} of a cooperative
OPERATING: Final = "operating"  # {"status": "open" | "suspended" | "closed", "ended_on": date or None}
DISHONOURED: Final = "dishonoured"  # bool: bills dishonoured, current account stopped
NATIONAL_TAX: Final = "national_tax"  # {"arrears": won, "deferred": won of it put off, "valid_to": date}
LOCAL_TAX: Final = "local_tax"  # same shape
CREDIT_DEFAULT: Final = "credit_default"  # bool: default on debts registered
UNFAIR_PRACTICE: Final = "unfair_practice"  # list of decision dates, newest first, may be empty
SANCTIONS: Final = "sanctions"  # list of {"from", "to", "reason"}, may be empty
# list of {"code", "name", "origin": ISO country, "maker": "small" | "medium" | "large"}; None inside is not known
PRODUCTS: Final = "products"
MARKET_LISTING: Final = "market_listing"  # "listed" | "planned" | "none"
OVERSEAS_ACCOUNT: Final = "overseas_account"  # "own" | "able" | "none"
CONSORTIUM: Final = (
    "consortium"  # list of member kinds: "private" | "private_retail_platform" | "public_body" | "local_government"
)
AWARDS: Final = "awards"  # list of {"edition", "programme", "round"}, may be empty
DOCUMENTS: Final = "documents"  # list of {"code", "issued_on"} handed in
OWN_SHARE: Final = "own_share"  # basis points of the total that the applicant commits to bring
CHANNEL_URL: Final = "channel_url"  # a creator's channel
WANTS_ONLINE: Final = "wants_online"  # bool
SHORT_OF_STAFF_OR_MONEY: Final = "short_of_staff_or_money"  # bool
CANNOT_RUN_MALL: Final = "cannot_run_mall"  # bool
LISTED: Final = "listed"  # bool with evidence: listed on the market platform
DESIGNATED: Final = "designated"  # bool with evidence: outstanding merchant designated by the ministry
FIRST_TIME_ONLINE: Final = "first_time_online"  # bool with evidence
MINISTRY_PARTICIPANT: Final = "ministry_participant"  # bool with evidence
INNOVATIVE: Final = "innovative"  # bool with evidence
COOPERATIVE: Final = "cooperative_member"  # bool with evidence
BUDGET_TOTAL: Final = "budget_total"  # won
NOMINATED: Final = "nominated"  # bool: named by an officer (method nomination)
