"""The kinds of papers: data, and a seam for the kinds that only rooms above know."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, Self

from pydantic import Field, model_validator

from panro.korea import certificates
from panro.vault.knowledge import known_keys
from panro.vault.tables import Both, Code, Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from panro.korea.certificates import Validity

type Asked = Literal["none", "optional", "required"]
type Term = Literal["none", "printed", "national_tax_clearance", "local_tax_clearance", "hundred_year_store"]


type Issuer = Literal["applicant", "tax_office", "public_office", "bank", "expert", "partner"]


class UnknownKindError(LookupError):
    """No paper goes by this code."""


class Form(StrEnum):
    """In which form a fact is asked beside its paper."""

    YES = "yes"
    """The paper being there is the fact."""
    OPEN = "open"
    """The business was open on the day of issue."""
    CERTIFICATE = "certificate"
    """Number and validity of the paper are the fact."""
    TAX = "tax"
    """Arrears and what of them is put off, in won."""
    MEMBERS = "members"
    """Members, and how many of them are certified."""


class Proof(Row):
    """A fact that a paper shows."""

    fact: Code
    form: Form
    source: Code


class Group(Row):
    """Papers that stand together on a page; ``where`` helps with those that do not say it themselves."""

    name: Both
    where: Both


class Kind(Row):
    """A kind of paper."""

    code: Code
    group: Code
    name: Both
    where: Both | None = None
    number: Asked = "none"
    document_number: bool = False
    validity: Term = "none"
    issued_by: Issuer = "applicant"
    """Who issues it; the applicant's own papers are those it writes, makes or signs itself."""
    proves: tuple[Proof, ...] = ()

    @model_validator(mode="after")
    def _has_an_issuer(self) -> Self:
        bears = self.number == "required" or self.document_number or self.validity != "none"
        if bears and self.issued_by == "applicant":
            raise ValueError(f"{self.code}: bears its issuer's number or term, but issued_by does not say who that is")
        return self

    @property
    def is_own(self) -> bool:
        """Whether the applicant makes it itself, so that nobody else need be waited for."""
        return self.issued_by == "applicant"

    @property
    def bears_validity(self) -> bool:
        """Whether days of validity are asked."""
        return self.validity != "none"

    @property
    def bears_issue(self) -> bool:
        """Whether the day of issue must be known: validity and facts hang on it."""
        return self.bears_validity or bool(self.proves)

    def asks(self, form: Form) -> bool:
        """Whether a fact is asked in a form."""
        return any(proof.form is form for proof in self.proves)


class _Table(Row):
    groups: dict[Code, Group]
    papers: tuple[Kind, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        codes = [kind.code for kind in self.papers]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"there twice: {sorted(twice)}")
        for kind in self.papers:
            if kind.group not in self.groups:
                raise ValueError(f"{kind.code}: there is no group {kind.group!r}")
            if unknown := {proof.fact for proof in kind.proves} - known_keys():
                raise ValueError(f"{kind.code}: no rule reads {sorted(unknown)}")
        return self


_TERMS: Final[Mapping[str, Callable[[date], Validity]]] = {
    "national_tax_clearance": certificates.national_tax_clearance_validity,
    "local_tax_clearance": certificates.local_tax_clearance_validity,
    "hundred_year_store": certificates.hundred_year_store_validity,
}
_more: dict[str, Kind] = {}


@cache
def _table() -> _Table:
    return read_rows(_Table, "papers.toml")


def register(kind: Kind) -> None:
    """Add a kind that the room's own data does not know; a seam for papers of which only an edition tells.

    One that the data knows stays as the data has it.
    """
    if kind.code not in {known.code for known in _table().papers}:
        _more[kind.code] = kind


def kinds() -> Mapping[str, Kind]:
    """Return all kinds by code, in the order of the pages."""
    return {kind.code: kind for kind in _table().papers} | _more


def groups() -> Mapping[str, Group]:
    """Return the groups by code, in the order of the pages."""
    return _table().groups


def kind(code: str) -> Kind:
    """Return a kind.

    Raises:
        UnknownKindError: names the code.
    """
    try:
        return kinds()[code]
    except KeyError:
        raise UnknownKindError(f"no paper goes by the code {code!r}") from None


def name_of(code: str) -> str:
    """Return what a paper is called in the language of the page; its code if nobody knows it any more."""
    found = kinds().get(code)
    return str(found.name) if found is not None else code


def where_to_get(found: Kind) -> str:
    """Return where to get a paper, in the language of the page."""
    return str(found.where or groups()[found.group].where)


def validity(
    found: Kind, issued_on: date | None, first: date | None, last: date | None
) -> tuple[date | None, date | None]:
    """Return the first and the last day of a paper's validity, both included; None where it has none.

    What is printed on the paper goes before what its term says.
    """
    reckon = _TERMS.get(found.validity)
    if reckon is None or issued_on is None:
        return first, last
    reckoned = reckon(issued_on)
    return first or reckoned.first_day, last or reckoned.last_day
