"""Separate consents: which there are, and giving and withdrawing them.

The texts are data (``data/consents.toml``), each with a version; what a person agreed to is kept with the digest of
that text (Personal Information Protection Act, arts. 15 and 22; Network Act, art. 50).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from django.db import transaction

from panro.accounts.acts import Act, tell
from panro.accounts.models import Consent, User
from panro.korea.text import Text
from panro.proof.canonical import Json, encode_text
from panro.proof.hashing import tagged_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from uuid import UUID

    from panro.accounts.models import Way


class UnknownConsentError(LookupError):
    """There is no consent of this kind."""


class RequiredConsentError(ValueError):
    """A consent without which there is no account ends only with the account."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One version of one text that members are asked to agree to."""

    kind: str
    version: str
    required: bool
    title: Text
    ask: Text
    text: Text

    @property
    def digest(self) -> str:
        """A hash of everything the person was shown, in both languages."""
        shown = {"ask": _both(self.ask), "text": _both(self.text), "title": _both(self.title)}
        return tagged_hash("panro-consent-1", self.kind, self.version, encode_text(shown))


@dataclass(frozen=True, slots=True)
class Change:
    """A consent that was given or withdrawn."""

    user: UUID
    kind: str
    given: bool
    at: datetime


_listeners: list[Callable[[Change], None]] = []


def register(listener: Callable[[Change], None]) -> None:
    """Be told of each change, in its transaction; registering the same listener again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


@cache
def versions() -> tuple[Asked, ...]:
    """Return every version of every text, as written: the newest of a kind first.

    Raises:
        ValueError: two texts have the same kind and version.
    """
    written = tomllib.loads((files("panro.accounts") / "data" / "consents.toml").read_text(encoding="utf-8"))
    found = tuple(_asked(row) for row in written["consent"])
    if len({(asked.kind, asked.version) for asked in found}) != len(found):
        raise ValueError("consents.toml: a kind has the same version twice")
    return found


def current() -> list[Asked]:
    """Return the newest version of each kind, in the order in which they are asked."""
    newest: dict[str, Asked] = {}
    for asked in versions():
        newest.setdefault(asked.kind, asked)
    return list(newest.values())


def asked(kind: str) -> Asked:
    """Return the newest version of a kind.

    Raises:
        UnknownConsentError: there is none.
    """
    for found in current():
        if found.kind == kind:
            return found
    raise UnknownConsentError(f"there is no consent called {kind!r}")


def in_force(user: UUID) -> dict[str, Consent]:
    """Return what a person agrees to now, by kind; one query."""
    return {consent.kind: consent for consent in Consent.objects.filter(user=user, withdrawn=None)}


def outdated(held: dict[str, Consent]) -> list[Asked]:
    """Return the required texts of which a person has not agreed to the newest version."""
    return [
        text
        for text in current()
        if text.required and (text.kind not in held or held[text.kind].version != text.version)
    ]


@transaction.atomic
def give(user: UUID, kinds: Iterable[str], *, way: Way, now: datetime) -> list[Consent]:
    """Store that a person agrees to the newest texts of some kinds; returns the new consents.

    Agreeing again to the same version changes nothing; a newer one replaces the older, which stays as proof.

    Raises:
        UnknownConsentError: a kind that is not asked.
    """
    wanted = [asked(kind) for kind in kinds]
    User.objects.select_for_update().get(pk=user)
    held = in_force(user)
    made = []
    for text in wanted:
        before = held.get(text.kind)
        if before is not None and before.version == text.version:
            continue
        if before is not None:
            Consent.objects.filter(pk=before.pk).update(withdrawn=now)
        made.append(Consent(user_id=user, kind=text.kind, version=text.version, digest=text.digest, way=way, given=now))
    Consent.objects.bulk_create(made)
    for consent in made:
        _say(Change(user, consent.kind, given=True, at=now), consent)
    return made


@transaction.atomic
def withdraw(user: UUID, kinds: Iterable[str], *, now: datetime, closing: bool = False) -> list[Consent]:
    """Store that a person no longer agrees; returns the consents that ended. What was not given stays so.

    Raises:
        UnknownConsentError: a kind that is not asked.
        RequiredConsentError: a required one, while the account is not being closed.
    """
    wanted = [asked(kind) for kind in kinds]
    if not closing and any(text.required for text in wanted):
        raise RequiredConsentError("a required consent ends with the account")
    User.objects.select_for_update().get(pk=user)
    held = in_force(user)
    ended = [held[text.kind] for text in wanted if text.kind in held]
    Consent.objects.filter(pk__in=[consent.pk for consent in ended]).update(withdrawn=now)
    for consent in ended:
        consent.withdrawn = now
        _say(Change(user, consent.kind, given=False, at=now), consent)
    return ended


def _say(change: Change, consent: Consent) -> None:
    what = "consent_given" if change.given else "consent_withdrawn"
    details = {"kind": consent.kind, "version": consent.version, "digest": consent.digest, "way": consent.way}
    tell(Act(what, change.user, change.at, details))
    for listener in _listeners:
        listener(change)


def _both(text: Text) -> Json:
    return {"en": text.en, "ko": text.ko}


def _asked(row: dict[str, Any]) -> Asked:
    title, ask, text = (
        Text(ko=row[name]["ko"].strip(), en=row[name]["en"].strip()) for name in ("title", "ask", "text")
    )
    return Asked(row["kind"], row["version"], bool(row["required"]), title, ask, text)
