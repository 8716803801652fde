"""Lifecycles of the room: reviewers, their invitations, the stages they judge."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewerState(models.TextChoices):
    """Whether somebody may be put on a roster."""

    ACTIVE = "active", pgettext_lazy("reviewer", "active")
    RESTING = "resting", _("resting")
    LEFT = "left", _("left")


REVIEWER: Final[dict[ReviewerState, frozenset[ReviewerState]]] = {
    ReviewerState.ACTIVE: frozenset({ReviewerState.RESTING, ReviewerState.LEFT}),
    ReviewerState.RESTING: frozenset({ReviewerState.ACTIVE, ReviewerState.LEFT}),
    ReviewerState.LEFT: frozenset({ReviewerState.ACTIVE}),
}
"""Who has left comes back by a new invitation alone."""


class InvitationState(models.TextChoices):
    """Where an invitation stands."""

    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


INVITATION: Final[dict[InvitationState, frozenset[InvitationState]]] = {
    InvitationState.OPEN: frozenset({InvitationState.ACCEPTED, InvitationState.DECLINED}),
    InvitationState.ACCEPTED: frozenset(),
    InvitationState.DECLINED: frozenset(),
}


class RunState(models.TextChoices):
    """Where one stage of one round stands. Scores come in only while it is open."""

    DRAFT = "draft", _("being set up")
    ASSIGNED = "assigned", _("assigned")
    OPEN = "open", _("being judged")
    CLOSED = "closed", _("all sheets in")
    SEALED = "sealed", _("sealed")


RUN: Final[dict[RunState, frozenset[RunState]]] = {
    RunState.DRAFT: frozenset({RunState.ASSIGNED}),
    RunState.ASSIGNED: frozenset({RunState.OPEN}),
    RunState.OPEN: frozenset({RunState.CLOSED}),
    RunState.CLOSED: frozenset({RunState.OPEN, RunState.SEALED}),
    RunState.SEALED: frozenset(),
}
"""A stage is closed before the next one is set up, because its scores decide who takes part there; the stages of a
round are sealed together."""

SEATED: Final = frozenset({RunState.ASSIGNED, RunState.OPEN, RunState.CLOSED})
"""Panels are there and may still change."""


class Source(models.TextChoices):
    """Who says that there is a conflict."""

    DECLARED = "declared", _("declared by the reviewer")
    DETECTED = "detected", _("found by comparing data")


class Why(models.TextChoices):
    """Why a reviewer must not judge an application."""

    OWN_BUSINESS = "own_business", _("the reviewer's own or former business")
    FAMILY = "family", _("a representative of the same family name at the same address")
    EMPLOYER = "employer", _("the reviewer's employer")
    CONTRACT = "contract", _("a contract with the applicant")
    KINSHIP = "kinship", _("kinship")
    DEALINGS = "dealings", _("business dealings")
    ADVISED = "advised", _("advised the applicant")
    OTHER = "other", _("another reason")


DECLARABLE: Final = (Why.KINSHIP, Why.DEALINGS, Why.ADVISED, Why.EMPLOYER, Why.OWN_BUSINESS, Why.CONTRACT, Why.OTHER)
