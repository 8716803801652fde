"""Words of a consent that have changed, or a consent withdrawn: asked anew, and the past stays as it was agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from intake import world
from intake.test_at_once import together
from intake.world import OPENS, Shop, noon
from panro.intake import declarations
from panro.intake.errors import IncompleteError, NoConsentError
from panro.intake.models import Application, Receipt
from panro.korea.text import Text
from panro.record.doctor import examine
from panro.record.models import Entry
from panro.vault import purposes
from panro.vault.actions import give_consent, withdraw_consent
from panro.vault.models import Consent
from panro.vault.purposes import purpose
from panro.vault.queries import has_consent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import Settings

    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db
LATER = OPENS + timedelta(days=2)


@pytest.fixture
def reword(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """From now on personal data is kept for seven years, says the first consent."""
    read = purposes.read_rows

    def changed(table: type, name: str) -> object:
        found = read(table, name)
        rows = [
            one.model_copy(update={"keep": one.keep.model_copy(update={"ko": "7년", "en": "Seven years"})})
            if one.code == "collect"
            else one
            for one in found.purposes
        ]
        return found.model_copy(update={"purposes": tuple(rows)})

    def now() -> None:
        monkeypatch.setattr(purposes, "read_rows", changed)
        purposes.purposes.cache_clear()

    yield now
    monkeypatch.undo()
    purposes.purposes.cache_clear()


@pytest.fixture(autouse=True)
def _day(settings: Settings) -> None:
    settings.PRETENDED_DAY = LATER


def page_of(who: Shop, row: Application) -> tuple[Client, str]:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who.owner)
    return client, f"/my/applications/{row.pk}/consents/"


def test_a_draft_needs_the_consent_in_its_new_words_and_the_page_says_what_changed(
    notice: EditionVersion, minji: Shop, reword: Callable[[], None]
) -> None:
    row = world.filled(minji, notice)
    reword()
    with pytest.raises(NoConsentError):
        world.hand_in(row, minji, LATER)
    client, page = page_of(minji, row)
    shown = client.get(page).text
    assert "This has changed since you agreed on" in shown
    assert (
        "<del>Five years after the programme if selected, else three</del>" in shown,
        "<ins>Seven years</ins>" in shown,
    ) == (
        True,
        True,
    )
    assert shown.count("notice-warning") == 1  # the other consents are as they were
    client.post(page, {"revision": row.revision, "agree": ["collect"], "go": "next"})
    row.refresh_from_db()
    assert world.hand_in(row, minji, LATER)
    old, new = Consent.objects.filter(party=minji.party, purpose="collect").order_by("given_at")
    assert (old.withdrawn_on, new.withdrawn_on) == (LATER, None)
    assert Entry.objects.filter(act="consent_replaced").count() == 1
    assert "This has changed" not in client.get(page).text
    consents_page = client.get(f"/my/{minji.party.pk}/consents/").text
    assert (consents_page.count("given anew in other words"), "words have changed" in consents_page) == (1, False)
    assert [finding for finding in examine(slow=True) if finding.broken] == []


def test_what_was_submitted_before_rests_on_the_words_of_then(
    notice: EditionVersion, minji: Shop, reword: Callable[[], None]
) -> None:
    row = world.handed_in(minji, notice)
    document = row.snapshots.get().document
    reword()
    row.refresh_from_db()
    assert (row.state, row.snapshots.get().document, Receipt.objects.count()) == ("submitted", document, 1)
    assert has_consent(minji.party.pk, "2021/3-1", purpose="collect")
    client, _page = page_of(minji, row)
    assert "Its words have changed since." in client.get(f"/my/{minji.party.pk}/consents/").text


def test_a_recipient_more_needs_a_consent_more(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    Consent.objects.filter(recipient=declarations.PARTNERS.ko).delete()
    with pytest.raises(NoConsentError):
        world.hand_in(row, minji, LATER)
    client, page = page_of(minji, row)
    client.post(page, {"revision": row.revision, "agree": ["provide"], "go": "next"})
    row.refresh_from_db()
    assert world.hand_in(row, minji, LATER)


def test_a_pledge_in_other_words_is_given_anew(
    notice: EditionVersion, minji: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = world.filled(minji, notice)
    pledge = declarations._PROMISES[0]
    other = declarations.Declaration(
        pledge.document, pledge.title, (*pledge.lines, Text("한 줄 더.", "One more.")), pledge.agree
    )
    monkeypatch.setattr(declarations, "_PROMISES", (other, *declarations._PROMISES[1:]))
    with pytest.raises(IncompleteError) as refused:
        world.hand_in(row, minji, LATER)
    assert [one.code for one in refused.value.lacking] == ["pledge"]
    client, page = page_of(minji, row)
    client.post(page, {"revision": row.revision, "agree": ["pledge"], "go": "next"})
    row.refresh_from_db()
    assert world.hand_in(row, minji, LATER)


def test_a_withdrawn_consent_is_asked_for_again_and_the_page_says_so(notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice)
    held = Consent.objects.filter(purpose="collect").values_list("pk", flat=True)
    withdraw_consent(held, party=minji.party, by=minji.owner, now=noon(LATER), today=LATER)
    with pytest.raises(NoConsentError):
        world.hand_in(row, minji, LATER)
    client, page = page_of(minji, row)
    assert "You withdrew this consent on" in client.get(page).text
    client.post(page, {"revision": row.revision, "agree": ["collect"], "go": "next"})
    row.refresh_from_db()
    assert world.hand_in(row, minji, LATER)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_agree_anew_at_once_give_one_consent(
    notice: EditionVersion, minji: Shop, reword: Callable[[], None]
) -> None:
    world.filled(minji, notice)
    (recipient,) = Consent.objects.filter(purpose="collect").values_list("recipient", flat=True)
    reword()

    def agree() -> object:
        return give_consent(
            minji.party,
            programme="2021/3-1",
            recipients=[recipient],
            purpose="collect",
            by=minji.owner,
            now=noon(LATER),
        )

    assert all(isinstance(one, list) for one in together(agree, agree, agree))
    standing = Consent.objects.filter(purpose="collect", withdrawn_at=None)
    assert [one.terms_digest for one in standing] == [purpose("collect").digest()]
    assert Consent.objects.filter(purpose="collect").count() == 2
    assert Entry.objects.filter(act="consent_replaced").count() == 1
