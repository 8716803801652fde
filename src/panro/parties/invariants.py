"""What the tables of parties cannot hold by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from panro.parties.actions.consortia import TAG
from panro.parties.models import (
    Business,
    CheckRequest,
    Consortium,
    ConsortiumMember,
    Dispute,
    Membership,
    Organisation,
    Party,
    RecheckBatch,
)
from panro.parties.states import ConsortiumState, DisputeState, Kind, PartyState, Role, Signature, Standing, WorkState
from panro.proof.hashing import tagged_hash
from panro.record.doctor import Broken, Check, register

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE: Final = timedelta(hours=6)
"""After so long a question that is due should have been asked."""


def register_checks() -> None:
    """Add the checks of this room."""
    register(Check("parties: every active party has an owner and the row of its kind", incomplete))
    register(Check("parties: who is shown as disputed is disputed", strangely_disputed))
    register(Check("parties: a consortium is formed when all signed its text, and only then", strangely_formed))
    register(Check("parties: the tax service is asked what is due", unasked))


def incomplete() -> Iterator[Broken]:
    """Yield active parties without an owner, or without the row of their kind."""
    active = Party.objects.filter(state=PartyState.ACTIVE)
    owners = Membership.objects.filter(party=OuterRef("pk"), role=Role.OWNER)
    for identity in active.exclude(Exists(owners)).order_by("id").values_list("id", flat=True):
        yield Broken(f"party {identity}", "an owner", "none")
    without = (
        Q(kind=Kind.PERSON, person=None)
        | Q(kind=Kind.BUSINESS, business=None)
        | Q(kind=Kind.ORGANISATION, organisation=None)
        | Q(kind=Kind.CONSORTIUM, consortium=None)
    )
    for identity, kind in Party.objects.filter(without).order_by("id").values_list("id", "kind"):
        yield Broken(f"party {identity}", f"a row that makes it a {kind}", "none")


def strangely_disputed() -> Iterator[Broken]:
    """Yield holders of a number whose standing and open disputes do not fit."""
    open_ones = Dispute.objects.filter(state=DisputeState.OPEN, holder=OuterRef("party_id"))
    for model in (Business, Organisation):
        rows = model.objects.annotate(is_disputed=Exists(open_ones))
        odd = rows.filter(
            Q(standing=Standing.DISPUTED, is_disputed=False) | Q(standing=Standing.VERIFIED, is_disputed=True)
        )
        for identity, standing in odd.order_by("party_id").values_list("party_id", "standing"):
            yield Broken(f"party {identity}", "a standing that fits its disputes", standing)


def strangely_formed() -> Iterator[Broken]:
    """Yield consortia whose text, hash, signatures and state do not fit."""
    missing = ConsortiumMember.objects.filter(consortium=OuterRef("pk")).exclude(
        state=Signature.SIGNED, text_hash=OuterRef("text_hash")
    )
    rows = Consortium.objects.annotate(is_signed=~Exists(missing)).order_by("party_id")
    for consortium in rows.iterator():
        if tagged_hash(TAG, consortium.text) != consortium.text_hash:
            yield Broken(f"consortium {consortium.pk}", "the hash of its text", consortium.text_hash)
        expected = ConsortiumState.FORMED if consortium.is_signed else ConsortiumState.FORMING
        if consortium.state != expected:
            yield Broken(f"consortium {consortium.pk}", expected.value, consortium.state)


def unasked() -> Iterator[Broken]:
    """Yield questions to the tax service that were due long ago."""
    late = Q(state__in=[WorkState.WAITING, WorkState.ASKING], due__lt=timezone.now() - PATIENCE)
    for model, name in ((CheckRequest, "question"), (RecheckBatch, "batch")):
        for identity, due in model.objects.filter(late).order_by("due", "id").values_list("id", "due"):
            yield Broken(f"{name} {identity}", f"asked within {PATIENCE} after {due}", "not asked")
