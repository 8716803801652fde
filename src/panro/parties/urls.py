"""Addresses of the room, under ``my/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from panro.parties.views import claims, closing, consortia, members, profile, registering
from panro.ui.routes import Entry, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django.urls import URLPattern

app_name = "parties"


def _page(pattern: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """A page for accounts; whose party it is for is asked by the view's own guard."""
    return page(pattern, view, name=name, entry=Entry.SIGNED_IN)


_REGISTER = [
    _page("register/", registering.choose, "register"),
    _page("register/business/", registering.number, "register_business"),
    _page("register/business/<str:number>/", registering.details, "register_details"),
    _page("register/business/<str:number>/held/", registering.held, "held"),
    _page("register/organisation/", registering.organisation, "register_organisation"),
    _page("register/myself/", registering.myself, "register_myself"),
    _page("invitations/<str:token>/", members.invitation, "invitation"),
]
_PROFILE = [
    _page("<uuid:party>/profile/", profile.show, "profile"),
    _page("<uuid:party>/profile/basics/", profile.basics, "basics"),
    _page("<uuid:party>/profile/contact/", profile.contact, "contact"),
    _page("<uuid:party>/profile/selling/", profile.selling, "selling"),
    _page("<uuid:party>/profile/check/", profile.check, "check_status"),
]
_CLOSING = [
    _page("closed/", closing.closed, "closed"),
    _page("closed/<uuid:which>/reopen/", closing.reopen, "reopen"),
    _page("<uuid:party>/close/", closing.close, "close"),
]
_MEMBERS = [
    _page("<uuid:party>/members/", members.show, "members"),
    _page("<uuid:party>/members/invite/", members.invite, "invite"),
    _page("<uuid:party>/members/invitations/<uuid:invitation>/revoke/", members.revoke, "revoke"),
    _page("<uuid:party>/members/requests/<uuid:claim>/", members.answer, "answer_request"),
    _page("<uuid:party>/members/<uuid:user>/", members.member, "member"),
    _page("<uuid:party>/members/<uuid:user>/remove/", members.remove, "remove_member"),
]
_CLAIMS = [
    _page("<uuid:party>/claims/", claims.show, "claims"),
    _page("<uuid:party>/claims/check/", claims.check, "claim_check"),
    _page("<uuid:party>/claims/paper/", claims.paper, "claim_paper"),
    _page("<uuid:party>/claims/<uuid:claim>/withdraw/", claims.withdraw, "withdraw_claim"),
    _page("<uuid:party>/claims/checks/<uuid:check>/retry/", claims.retry, "retry_check"),
    _page("<uuid:party>/claims/disputes/<uuid:dispute>/", claims.answer, "answer_dispute"),
]
_CONSORTIA = [
    _page("<uuid:party>/consortia/", consortia.listing, "consortia"),
    _page("<uuid:party>/consortia/new/", consortia.form_new, "form_consortium"),
    _page("<uuid:party>/consortia/<uuid:consortium>/", consortia.read, "agreement"),
    _page("<uuid:party>/consortium/", consortia.show, "consortium"),
    _page("<uuid:party>/consortium/add/", consortia.add, "add_member"),
    _page("<uuid:party>/consortium/change/", consortia.change, "change_agreement"),
    _page("<uuid:party>/consortium/members/<uuid:member>/remove/", consortia.remove, "remove_consortium_member"),
]
urlpatterns: list[Any] = [*_REGISTER, *_PROFILE, *_CLOSING, *_MEMBERS, *_CLAIMS, *_CONSORTIA]
