"""May I apply? For whom, as what, and what the rules say on what is known; then the application begins."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from panro.accounts.ids import as_uuid
from panro.accounts.language import say
from panro.editions.queries import public_versions
from panro.editions.rounds import ACCEPTING, RoundState, state_on
from panro.editions.words import APPLICANTS
from panro.intake import actions
from panro.intake.again import answers
from panro.intake.calls import call_of
from panro.intake.errors import IntakeError, UnknownRoundError
from panro.intake.models import Application, Extension, Nomination
from panro.intake.profile_facts import facts_of_agency, facts_of_profile
from panro.intake.questions import Case, screens
from panro.intake.states import LIVE, State
from panro.intake.views.judged import judge
from panro.parties.access import Right, may
from panro.parties.queries import applicant_type, memberships_of
from panro.parties.states import Kind
from panro.parties.views.guard import person
from panro.ui.clock import today
from panro.vault.kinds import kinds
from panro.vault.queries import facts as vault_facts

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from panro.editions.models import EditionVersion
    from panro.editions.words import Label
    from panro.intake.calls import Call
    from panro.intake.views.judged import Judged
    from panro.parties.models import Membership
    from panro.rules.edition.parts import ApplicantType
    from panro.rules.reapplication import Answer

OF_A_PERSON: Final = ("trainee", "creator")


@dataclass(frozen=True, slots=True)
class Applicant:
    """A party that somebody acts for, as what it would apply, and what it has in this round already."""

    member: Membership
    types: list[tuple[str, Label]]
    draft: Application | None
    live: Application | None
    closes: date

    @property
    def may_start(self) -> bool:
        """Whether it may begin here, rules aside."""
        return bool(self.types) and self.draft is None and self.live is None


def start(request: HttpRequest, edition: str, programme: str, round_code: str) -> HttpResponse:
    """Choose for whom, see what the rules say, begin."""
    version, call = _call(edition, programme, round_code)
    user, day = person(request), today()
    applicants = _applicants(memberships_of(user), version, call)
    wanted = as_uuid(request.POST.get("party") or request.GET.get("party"))
    chosen = _chosen(applicants, wanted)
    as_what = _as_what(chosen, request.POST.get("as") or request.GET.get("as") or "")
    error = ""
    if request.method == "POST" and chosen is not None and as_what is not None:
        if not may(chosen.member, Right.EDIT):
            raise PermissionDenied
        try:
            made = actions.open_draft(
                chosen.member.party,
                version,
                programme,
                round_code,
                by=user,
                now=timezone.now(),
                today=day,
                applicant_type=as_what,
            )
        except IntakeError as wrong:
            error = say(wrong.text)
        else:
            return redirect("intake:application", made.pk)
    nominated = _nominated(chosen, version, call)
    context = {
        "call": call,
        "version": version,
        "state": state_on(call.round_, day),
        "is_open": state_on(call.round_, day) in ACCEPTING or (chosen is not None and day <= chosen.closes),
        "is_upcoming": state_on(call.round_, day) == RoundState.UPCOMING,
        "applicants": applicants,
        "fitting": [one for one in applicants if one.types],
        "others": [one for one in applicants if not one.types],
        "chosen": chosen,
        "as_what": as_what,
        "as_label": APPLICANTS.get(as_what or "", ""),
        "judged": _judged(call, version.edition_id, chosen, as_what, day),
        "nominated": nominated,
        "again": _again(chosen, version, call),
        "by_nomination": call.programme.method == "nomination",
        "by_gate": call.programme.method == "gate",
        "admitted": [APPLICANTS[one.type] for one in call.programme.applicants],
        "error": error,
        "day": day,
    }
    return render(request, "intake/start.html", context, status=HTTPStatus.CONFLICT if error else HTTPStatus.OK)


def _call(edition: str, programme: str, round_code: str) -> tuple[EditionVersion, Call]:
    version = next((one for one in public_versions() if one.edition.code == edition), None)
    if version is None:
        raise Http404
    try:
        return version, call_of(version, programme, round_code)
    except UnknownRoundError:
        raise Http404 from None


def _applicants(members: list[Membership], version: EditionVersion, call: Call) -> list[Applicant]:
    """Every party with what it has in this round. Two queries."""
    parties = [member.party_id for member in members]
    of_round = {"edition": version.edition_id, "programme": call.programme.code, "round_code": call.round_.code}
    held: dict[UUID, list[Application]] = {}
    for row in Application.objects.filter(**of_round, party__in=parties, replaced=False):
        held.setdefault(row.party_id, []).append(row)
    later: dict[UUID, date] = {}
    for party, until in Extension.objects.filter(**of_round, party__in=parties).values_list("party_id", "until"):
        later[party] = max(until, later.get(party, until))
    return [
        Applicant(
            member,
            _types(member, call),
            next((one for one in held.get(member.party_id, []) if one.state == State.DRAFT), None),
            next((one for one in held.get(member.party_id, []) if one.state in LIVE), None),
            max(call.round_.closes, later.get(member.party_id, call.round_.closes)),
        )
        for member in members
    ]


def _types(member: Membership, call: Call) -> list[tuple[str, Label]]:
    admitted = [one.type for one in call.programme.applicants]
    own = OF_A_PERSON if member.party.kind == Kind.PERSON else (applicant_type(member.party),)
    return [(kind, APPLICANTS[kind]) for kind in own if kind in admitted]


def _chosen(applicants: list[Applicant], wanted: UUID | None) -> Applicant | None:
    """The one that is asked for; else the only one that could apply."""
    fitting = [one for one in applicants if one.types]
    if wanted is None:
        return fitting[0] if len(fitting) == 1 else None
    return next((one for one in fitting if one.member.party_id == wanted), None)


def _as_what(chosen: Applicant | None, wanted: str) -> str | None:
    if chosen is None:
        return None
    codes = [kind for kind, _label in chosen.types]
    if wanted in codes:
        return wanted
    return codes[0] if len(codes) == 1 else None


def _nominated(chosen: Applicant | None, version: EditionVersion, call: Call) -> bool:
    if chosen is None or call.programme.method != "nomination":
        return False
    return Nomination.objects.filter(
        party=chosen.member.party_id,
        edition=version.edition_id,
        programme=call.programme.code,
        round_code=call.round_.code,
    ).exists()


def _again(chosen: Applicant | None, version: EditionVersion, call: Call) -> Answer | None:
    """Whether the chosen one may apply again; None if it never applied in this programme, or is at it."""
    if chosen is None or not chosen.may_start:
        return None
    party = chosen.member.party_id
    return answers([party], call, edition=version.edition_id).get(party)


def _judged(call: Call, edition: UUID, chosen: Applicant | None, as_what: str | None, day: date) -> Judged | None:
    """What the rules say on what is known of the chosen one, for the track that says the best."""
    if chosen is None or as_what is None or not chosen.may_start:
        return None
    party, kind = chosen.member.party, cast("ApplicantType", as_what)
    on = min(max(day, call.round_.opens), call.round_.closes)
    known = vault_facts({party.pk}, papers_until=day, registers_on=day).get(party.pk, {})
    facts = {**facts_of_profile(party, day), **known, **facts_of_agency(party, call, edition, day)}
    found = []
    tracks: list[str | None] = [one.code for one in call.tracks_for(as_what)]
    for track in tracks or [None]:
        case = Case(call.edition, call.programme, call.round_, kind, track, on, facts)
        asked = {key for screen in screens(case) for question in screen.questions for key in question.facts}
        papers = {key for document in case.documents for key in _proved_by(document.code)}
        found.append(judge(call, facts, on=on, applicant_type=kind, track=track, asked=frozenset(asked | papers)))
    order = {"yes": 0, "unknown": 1, "no": 2}
    return min(found, key=lambda one: order[one.answer])


def _proved_by(code: str) -> set[str]:
    """Keys of the facts that a paper shows."""
    kind = kinds().get(code)
    return set() if kind is None else {proof.fact for proof in kind.proves}
