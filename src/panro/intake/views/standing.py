"""Screens that show what lies in other rooms: the business, its catalogue, the consortium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.shortcuts import render
from django.utils import timezone

from panro.accounts.ids import as_uuid
from panro.catalog import queries as catalog
from panro.intake import actions
from panro.intake.errors import StaleError
from panro.intake.profile_facts import kind_of_member, members_of
from panro.intake.views.frame import frame, move_on, revision_of
from panro.parties.queries import standing_of
from panro.parties.states import Kind, Standing
from panro.rules.eligibility import keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from panro.intake.questions import Screen
    from panro.intake.views.wizard import Wizard
    from panro.parties.models import ConsortiumMember
    from panro.proof.canonical import Json


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A member of the consortium; ``may_be_platform`` where only the application can tell whether it runs one."""

    member: ConsortiumMember
    may_be_platform: bool
    is_platform: bool


def verify(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """What is known of the business, and whether it is verified; an open check holds nobody up."""
    if request.method == "POST":
        _visited(request, wizard, screen)
        wizard.tell()
        return move_on(request, wizard, screen)
    party = wizard.opened.acting.party
    operating = wizard.facts.get(keys.OPERATING)
    context = {
        **frame(wizard, screen),
        "party": party,
        "is_verified": standing_of(party) in {Standing.VERIFIED, Standing.DISPUTED, None},
        "is_business": party.kind == Kind.BUSINESS,
        "operating": operating,
        "operating_status": operating.value.get("status")
        if operating is not None and isinstance(operating.value, dict)
        else None,
    }
    return render(request, "intake/steps/verify.html", context)


def products(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """How many products the catalogue holds, and where to add one."""
    if request.method == "POST":
        _visited(request, wizard, screen)
        return move_on(request, wizard, screen)
    rows = catalog.products(wizard.opened.acting.party)
    context = {**frame(wizard, screen), "count": rows.count(), "newest": rows[:5]}
    return render(request, "intake/steps/products.html", context)


def consortium(request: HttpRequest, wizard: Wizard, screen: Screen) -> HttpResponse:
    """Who stands together and who has signed; which of them run a retail platform is said here."""
    party = wizard.opened.acting.party
    members = members_of(party)
    if request.method == "POST":
        known = {str(one.party_id) for one in members}
        platforms = [text for text in request.POST.getlist("platforms") if text in known and as_uuid(text)]
        _visited(request, wizard, screen, {"platforms": platforms})
        wizard.application.refresh_from_db(fields=["answers", "revision"])
        type(wizard)(wizard.opened).tell()
        return move_on(request, wizard, screen)
    table = wizard.opened.call.programme.consortium
    wants_platform = table is not None and table.required_with_public == "private_retail_platform"
    shown = [
        MemberShown(
            one,
            may_be_platform=wants_platform and kind_of_member(one, ()) == "private",
            is_platform=str(one.party_id) in wizard.platforms,
        )
        for one in members
    ]
    context = {
        **frame(wizard, screen),
        "members": shown,
        "all_signed": all(one.member.state == "signed" for one in shown),
        "table": table,
        "lead": next((one.member.party_id for one in shown if one.member.role == "lead"), None),
    }
    return render(request, "intake/steps/consortium.html", context)


def _visited(request: HttpRequest, wizard: Wizard, screen: Screen, values: Mapping[str, Json] | None = None) -> None:
    """Note that the screen was seen. Where another window changed its answer, the one sent now counts: it is shown."""
    user = wizard.opened.acting.user
    revision = revision_of(request.POST)
    given = cast("Mapping[str, Json]", values or {})
    for attempt in (revision, None):
        try:
            actions.save_step(
                wizard.application.pk,
                screen.code,
                given,
                revision=wizard.application.revision if attempt is None else attempt,
                by=user,
                now=timezone.now(),
            )
        except StaleError as stale:
            wizard.application.revision = stale.stored.revision
        else:
            return
