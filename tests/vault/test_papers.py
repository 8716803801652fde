"""Papers: handed in, checked, verified, not accepted, replaced, removed, announced before they run out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from pydantic import ValidationError

from files.made import EICAR, PDF
from panro.accounts.ids import new_id
from panro.accounts.lifecycles import WrongStateError
from panro.accounts.models import User
from panro.files import access as file_access
from panro.files.models import StoredFile
from panro.files.scanner import Verdict
from panro.files.states import State
from panro.notify.models import Message
from panro.parties.models import Party
from panro.record.models import AccessNote, Entry
from panro.rules.edition.load import load_edition
from panro.rules.eligibility import keys
from panro.vault import access, kinds, seams
from panro.vault.actions import Shown, add_paper, reject, remove, verify
from panro.vault.errors import NotAnOfficerError, PaperInUseError, VaultError
from panro.vault.models import Paper, StoredFact
from panro.vault.queries import papers
from panro.vault.states import TRANSITIONS, PaperState, VerifiedHow
from vault.world import NOW, TODAY, Says, again, april, at, certificate, examined, ids, known, person, uploaded

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = {"now": NOW, "today": TODAY}


def clearance(shop: Party, by: User, **more: object) -> Paper:
    given = {"issued_on": april(1), "by": by, **WHEN}
    return add_paper(shop, "national_tax_clearance", **(given | more))


def test_every_paper_that_the_delivered_editions_ask_for_is_known() -> None:
    asked = {document.code for one in load_edition("2021").programmes for document in one.documents}
    assert asked - set(kinds.kinds()) == set()


def test_a_certificate_is_known_from_the_day_it_was_given_and_vouches_for_its_issue(shop: Party, owner: User) -> None:
    certificate(shop, owner)
    told = {"number": "0010-2021-123456", "valid_from": "2021-04-01", "valid_to": "2022-03-31"}
    assert known(shop, april(8)) == {}
    assert known(shop, april(9)) == {keys.CERTIFICATE: (told, april(1), "certificate")}


def test_a_paper_counts_on_its_last_day_and_not_on_the_next(shop: Party, owner: User) -> None:
    paper = certificate(shop, owner)
    clear = clearance(shop, owner)
    assert (clear.valid_from, clear.valid_to) == (april(1), date(2021, 5, 1))
    for day, expected in (
        (date(2021, 3, 31), []),
        (april(1), [paper, clear]),
        (date(2021, 5, 1), [paper, clear]),
        (date(2021, 5, 2), [paper]),
        (date(2022, 3, 31), [paper]),
        (date(2022, 4, 1), []),
    ):
        assert set(papers(shop, on=day)) == set(expected), day
    assert papers(shop, ["small_merchant_certificate"], on=TODAY) == [paper]


def test_a_printed_end_goes_before_the_term(shop: Party, owner: User) -> None:
    paper = clearance(shop, owner, valid_to=april(20), shown=Shown(deferred=500_000))
    assert paper.valid_to == april(20)
    assert known(shop, TODAY)[keys.NATIONAL_TAX] == (
        {"arrears": 500_000, "deferred": 500_000, "valid_to": "2021-04-20"},
        april(1),
        "tax_office",
    )


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("small_merchant_certificate", {"number": " "}, "number"),
        ("small_merchant_certificate", {"number": "1" * 61}, "number"),
        ("small_merchant_certificate", {"valid_to": None}, "valid_to"),
        ("small_merchant_certificate", {"valid_from": None}, "valid_from"),
        ("small_merchant_certificate", {"valid_to": date(2021, 3, 31)}, "valid_to"),
        ("small_merchant_certificate", {"issued_on": april(10)}, "issued_on"),
        ("small_merchant_certificate", {"issued_on": None}, "issued_on"),
        ("small_merchant_certificate", {"file": uuid4()}, "file"),
        ("national_tax_clearance", {"document_number": "1234"}, "document_number"),
        ("member_list", {"shown": Shown(members=5)}, "certified"),
        ("member_list", {"shown": Shown(members=5, certified=6)}, "certified"),
        ("member_list", {}, "members"),
    ],
)
def test_what_cannot_be_on_a_paper_is_said_at_its_field(
    shop: Party, owner: User, kind: str, changes: dict[str, object], field: str
) -> None:
    given = {"number": "1", "issued_on": april(1), "valid_from": april(1), "valid_to": date(2022, 3, 31)}
    with pytest.raises(VaultError) as wrong:
        add_paper(shop, kind, by=owner, **WHEN, **(given | changes))
    assert wrong.value.field == field
    assert (Paper.objects.count(), StoredFact.objects.count()) == (0, 0)


def test_a_clean_file_makes_a_paper_readable(shop: Party, owner: User) -> None:
    paper = certificate(shop, owner, file=uploaded(owner).pk)
    assert paper.state == PaperState.ARRIVING
    examined(paper.file)
    assert again(paper).state == PaperState.UNREAD
    assert certificate(shop, owner, file=examined(uploaded(owner)).pk).state == PaperState.UNREAD


def test_an_infected_file_makes_a_paper_void_and_its_people_are_told(shop: Party, owner: User, clerk: User) -> None:
    paper = certificate(shop, owner, file=uploaded(owner, PDF + EICAR).pk)
    examined(paper.file, Says(Verdict.INFECTED, "Eicar"))
    assert (again(paper).state, again(paper).reason) == (PaperState.REJECTED, "virus")
    assert known(shop, TODAY + timedelta(days=9)) == {}
    told = Message.objects.filter(channel="inbox").order_by("account__email")
    assert [row.account for row in told] == [owner, clerk]
    assert "바이러스" in told[0].text
    with pytest.raises(VaultError, match="다른 파일"):
        certificate(shop, owner, file=paper.file_id)


def test_a_file_that_could_not_be_checked_keeps_counting_and_stays_shut(shop: Party, owner: User) -> None:
    paper = certificate(shop, owner, file=uploaded(owner).pk)
    examined(paper.file, Says(Verdict.TOO_LARGE, "size limit exceeded"))
    assert again(paper).state == PaperState.ARRIVING
    assert keys.CERTIFICATE in known(shop, TODAY)
    assert file_access.may_open(owner, StoredFile.objects.get(pk=paper.file_id)) is False


def test_somebody_elses_file_is_not_there(shop: Party, owner: User, stranger: User) -> None:
    with pytest.raises(VaultError, match="남아 있지 않습니다"):
        certificate(shop, owner, file=uploaded(stranger).pk)


def test_an_officer_verifies_and_what_the_paper_shows_becomes_an_officers_word(
    shop: Party, owner: User, officer: User
) -> None:
    paper = add_paper(shop, "designation_letter", issued_on=april(1), by=owner, **WHEN)
    assert known(shop, TODAY)[keys.DESIGNATED] == (True, april(1), "applicant")
    verify([paper.pk], how=VerifiedHow.ISSUER, by=officer, **WHEN)
    assert known(shop, TODAY)[keys.DESIGNATED] == (True, april(1), "officer")
    found = again(paper)
    assert (found.state, found.verified_by, found.verified_how) == ("verified", officer, "issuer")
    assert Entry.objects.filter(act="paper_verified", subject=f"paper:{paper.pk}").count() == 1


def test_a_forged_paper_is_void_for_past_days_too(shop: Party, owner: User, officer: User) -> None:
    paper = add_paper(shop, "designation_letter", issued_on=april(1), by=owner, now=at(april(2)), today=april(2))
    verify([paper.pk], how=VerifiedHow.READ, by=officer, **WHEN)
    with pytest.raises(VaultError, match="까닭"):
        reject([paper.pk], reason=" ", by=officer, **WHEN)
    reject([paper.pk], reason="위조된 지정서입니다.", by=officer, **WHEN)
    assert [known(shop, day) for day in (april(2), TODAY, april(30))] == [{}, {}, {}]
    assert "위조된" in Message.objects.filter(channel="inbox").get().text
    with pytest.raises(WrongStateError):
        verify([paper.pk], how=VerifiedHow.READ, by=officer, **WHEN)


@pytest.mark.parametrize(
    "act",
    [
        lambda paper, by: verify([paper], how=VerifiedHow.READ, by=by, **WHEN),
        lambda paper, by: reject([paper], reason="x", by=by, **WHEN),
    ],
)
def test_only_officers_judge_papers(shop: Party, owner: User, act: object) -> None:
    paper = certificate(shop, owner)
    with pytest.raises(NotAnOfficerError):
        act(paper.pk, owner)
    assert again(paper).state == PaperState.UNREAD


def test_a_newer_paper_takes_the_place_and_the_past_stays(shop: Party, owner: User) -> None:
    old = clearance(shop, owner)
    new = clearance(shop, owner, issued_on=april(9), now=at(april(20)), today=april(20), replaces=old.pk)
    assert again(old).state == PaperState.REPLACED
    assert papers(shop, on=april(20)) == [new]
    assert [known(shop, day)[keys.NATIONAL_TAX][1] for day in (april(19), april(20))] == [april(1), april(9)]
    with pytest.raises(VaultError, match="그사이"):
        clearance(shop, owner, replaces=old.pk)
    with pytest.raises(VaultError, match="새 서류로"):
        certificate(shop, owner, replaces=new.pk)


def test_a_removed_paper_is_empty_its_file_gone_and_its_word_ends(shop: Party, owner: User) -> None:
    paper = certificate(shop, owner, file=examined(uploaded(owner)).pk)
    remove(paper.pk, party=shop, by=owner, now=at(april(12)), today=april(12))
    found = again(paper)
    assert (found.state, found.number, found.file.state, found.file.name) == ("destroyed", "", "destroyed", "")
    assert [sorted(known(shop, april(day))) for day in (11, 12)] == [[keys.CERTIFICATE], []]
    with pytest.raises(WrongStateError):
        remove(paper.pk, party=shop, by=owner, **WHEN)


def test_a_file_that_shows_two_papers_goes_with_the_second(shop: Party, owner: User) -> None:
    file = examined(uploaded(owner))
    first, second = (add_paper(shop, kind, file=file.pk, by=owner, **WHEN) for kind in ("articles", "pledge"))
    remove(first.pk, party=shop, by=owner, **WHEN)
    file.refresh_from_db()
    assert file.state == State.CLEAN
    remove(second.pk, party=shop, by=owner, **WHEN)
    file.refresh_from_db()
    assert file.state == State.DESTROYED


def test_a_paper_that_an_application_rests_on_stays(shop: Party, owner: User, stranger: User) -> None:
    paper = certificate(shop, owner)
    seams.in_use.register("intake", lambda asked: set(asked) & {paper.pk})
    with pytest.raises(PaperInUseError):
        remove(paper.pk, party=shop, by=owner, **WHEN)
    other = Party.objects.create(kind="person", name="남", created=NOW)
    with pytest.raises(Paper.DoesNotExist):
        remove(paper.pk, party=other, by=stranger, **WHEN)


def test_the_same_form_sent_twice_hands_in_one_paper(shop: Party, owner: User) -> None:
    identity = new_id()
    assert certificate(shop, owner, identity=identity) == certificate(shop, owner, identity=identity)
    assert (Paper.objects.count(), StoredFact.objects.count()) == (1, 1)


def test_the_same_form_sent_twice_at_once_hands_in_one_paper(shop: Party, owner: User) -> None:
    identity, file = new_id(), uploaded(owner).pk

    def send(_number: int) -> object:
        try:
            return certificate(shop, owner, identity=identity, file=file).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as people:
        assert set(people.map(send, range(4))) == {identity}
    assert (Paper.objects.count(), Entry.objects.filter(act="paper_added").count()) == (1, 1)


def test_an_id_of_somebody_elses_paper_makes_a_paper_of_ones_own(shop: Party, owner: User, stranger: User) -> None:
    theirs = certificate(shop, owner)
    mine = Party.objects.create(kind="person", name="남", created=NOW)
    person("choi@example.kr", "최남남", mine)
    made = certificate(mine, stranger, identity=theirs.pk)
    assert (made.pk == theirs.pk, made.party) == (False, mine)


def test_two_officers_at_once_judge_a_paper_once(shop: Party, owner: User, officer: User) -> None:
    paper = certificate(shop, owner)

    def judge(_number: int) -> str:
        try:
            verify([paper.pk], how=VerifiedHow.READ, by=officer, **WHEN)
        except WrongStateError:
            return "late"
        else:
            return "verified"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as people:
        assert sorted(people.map(judge, range(3))) == ["late", "late", "verified"]


def test_judging_many_papers_costs_no_more_statements_for_facts(shop: Party, owner: User, officer: User) -> None:
    many = [add_paper(shop, "designation_letter", issued_on=april(day), by=owner, **WHEN) for day in (1, 2, 3)]
    counts = []
    for some in (many[:1], many[1:]):
        with CaptureQueriesContext(connection) as asked:
            verify(ids(*some), how=VerifiedHow.READ, by=officer, **WHEN)
        counts.append(sum("vault_storedfact" in one["sql"] for one in asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "change",
    [
        {"state": "verified"},
        {"state": "rejected"},
        {"state": "arriving"},
        {"state": "lost"},
        {"valid_to": date(2021, 3, 1)},
        {"document_number": "12"},
        {"verified_how": "read"},
        {"kind": "articles"},
        {"handed_in_on": april(1)},
    ],
)
def test_the_database_refuses_an_impossible_paper(shop: Party, owner: User, change: dict[str, object]) -> None:
    paper = certificate(shop, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(**change)


def test_the_database_ties_a_fact_to_a_paper_of_its_own_party(shop: Party, owner: User) -> None:
    paper = certificate(shop, owner)
    other = Party.objects.create(kind="person", name="남", created=NOW)
    person("nam@example.kr", "남", other)
    with pytest.raises(IntegrityError, match="not one of party"), transaction.atomic():
        StoredFact.objects.create(
            party=other,
            key="listed",
            value=True,
            as_of=TODAY,
            source="x",
            known_from=TODAY,
            recorded_at=NOW,
            paper=paper,
        )


def test_every_state_can_be_left_for_removal_and_nothing_follows_it() -> None:
    assert {state for state, after in TRANSITIONS.items() if PaperState.DESTROYED not in after} == {
        PaperState.DESTROYED
    }


class TestWhoSees:
    def test_members_and_whom_a_room_above_lets_in(  # noqa: PLR0917 - fixtures
        self, shop: Party, owner: User, clerk: User, stranger: User, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(access.may_see, "_parts", {})
        file = certificate(shop, owner, file=uploaded(owner).pk).file
        assert file_access.may_open(owner, file) is False  # still being checked
        file = examined(file)
        people = (owner, clerk, stranger, officer)
        assert [file_access.may_open(one, file) for one in people] == [True, True, False, False]
        access.may_see.register("intake", lambda user, party: "요건검토" if user.is_staff and party == shop.pk else "")
        assert [file_access.may_open(one, file) for one in people] == [True, True, False, True]

    def test_an_officer_who_opens_a_file_is_noted_and_a_member_is_not(
        self, shop: Party, owner: User, officer: User, monkeypatch: pytest.MonkeyPatch, client: object
    ) -> None:
        monkeypatch.setattr(access.may_see, "_parts", {"intake": lambda user, _party: "요건검토" * user.is_staff})
        file = examined(certificate(shop, owner, file=uploaded(owner).pk).file)
        for who in (owner, officer):
            client.force_login(who)
            answer = client.get(f"/files/{file.pk}")
            assert answer.status_code == 200
            answer.close()
        noted = AccessNote.objects.get()
        assert (noted.actor, noted.party, noted.what, noted.why) == (
            str(officer.pk),
            f"party:{shop.pk}",
            "paper_opened",
            "요건검토",
        )


def test_a_paper_that_bears_a_number_or_a_term_says_who_issues_it() -> None:
    of = {code: kind.issued_by for code, kind in kinds.kinds().items()}
    wanted = ("financial_statements", "space_proof", "articles", "national_tax_clearance", "business_plan")
    assert [of[code] for code in wanted] == ["expert", "partner", "public_office", "tax_office", "applicant"]
    bare = kinds.kind("articles").model_dump() | {"issued_by": "applicant"}
    assert kinds.Kind.model_validate(bare).is_own
    for bears in ({"number": "required"}, {"document_number": True}, {"validity": "printed"}):
        with pytest.raises(ValidationError, match="issued_by does not say who"):
            kinds.Kind.model_validate(bare | bears)
