"""What the people who look after a party's papers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import override

from panro.files.refusals import Refusal, sentence
from panro.notify.actions import Notice, ToAccount, queue
from panro.notify.models import Preference
from panro.parties.access import RIGHTS, Right
from panro.parties.models import Membership
from panro.ui.addresses import absolute
from panro.vault import kinds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from panro.vault.models import Paper

DEFAULT_LANGUAGE: Final = "ko"


def paper_address(paper: Paper) -> str:
    """Return the address of a paper's page."""
    return absolute(reverse("vault:paper", kwargs={"party": paper.party_id, "paper": paper.pk}))


def keepers(parties: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Return who looks after the papers of parties, each with the language of their messages. Two queries."""
    roles = [role for role, rights in RIGHTS.items() if Right.EDIT in rights]
    members = list(
        Membership.objects.filter(party__in=parties, role__in=roles, user__is_active=True)
        .order_by("party_id", "user_id")
        .values_list("party_id", "user_id")
    )
    languages = dict(
        Preference.objects.filter(account__in={user for _party, user in members}).values_list("account", "language")
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for party, user in members:
        found.setdefault(party, []).append((user, languages.get(user, DEFAULT_LANGUAGE)))
    return found


def tell_rejected(papers: Sequence[Paper], *, now: datetime) -> None:
    """Tell why papers cannot be used, in the caller's transaction."""
    if papers:
        people = keepers({paper.party_id for paper in papers})
        queue([notice for paper in papers for notice in _rejections(paper, people.get(paper.party_id, []))], now=now)


def _rejections(paper: Paper, people: Sequence[tuple[UUID, str]]) -> Iterator[Notice]:
    for account, language in people:
        with override(language):
            values = {
                "file": kinds.name_of(paper.kind),
                "reason": reason_in_words(paper.reason),
                "link": paper_address(paper),
            }
        yield Notice("file_refused", ToAccount(account), values, key=f"paper_rejected:{paper.pk}:{account}")


def reason_in_words(reason: str) -> str:
    """Return the reason of a paper in the language of the page: a word of the examination, or what an officer wrote."""
    return sentence(Refusal(reason)) if reason in set(Refusal) else reason
