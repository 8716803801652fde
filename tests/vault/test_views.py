"""Pages over HTTP: who gets in, what a wrong form keeps, forged and hostile input, queries that do not grow."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from files.made import PDF
from panro.accounts.models import User
from panro.files import actions as files
from panro.files.models import StoredFile
from panro.parties.models import Party
from panro.record import access_log
from panro.rules.eligibility import keys
from panro.vault import naming
from panro.vault.actions import add_paper, give_consent
from panro.vault.knowledge import knowledge
from panro.vault.models import Consent, Paper, StoredFact
from vault.world import NOW, TODAY, april, business, certificate, examined, known, person, tell, uploaded

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = {"now": NOW, "today": TODAY}
NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057"  # the same in every process that collects these tests


@pytest.fixture(autouse=True)
def _day(settings: object) -> None:
    settings.PRETENDED_DAY = TODAY


def client(user: User, language: str = "ko") -> Client:
    made = Client(headers={"accept-language": language})
    made.force_login(user)
    return made


@pytest.fixture
def addresses(shop: Party, owner: User) -> list[str]:
    """Every page of the room, for a shop that has something on each."""
    paper = certificate(shop, owner)
    consent = give_consent(shop, programme="2021/3-1", recipients=["기관"], purpose="collect", by=owner, **WHEN)[0]
    pages = [
        "papers/",
        "papers/add/",
        "papers/add/?kind=articles",
        f"papers/{paper.pk}/",
        f"papers/{paper.pk}/remove/",
        "facts/",
        "facts/employees/",
        "consents/",
        f"consents/{consent.pk}/withdraw/",
        "seen/",
    ]
    return [f"/my/{shop.pk}/{page}" for page in pages]


def outcomes(user: User, addresses: list[str]) -> list[int]:
    http = client(user)
    return [http.get(address).status_code for address in addresses]


def test_a_stranger_learns_nothing_and_each_role_gets_what_it_may(
    addresses: list[str], owner: User, clerk: User, stranger: User, officer: User
) -> None:
    assert outcomes(owner, addresses) == [200] * 10
    assert outcomes(clerk, addresses) == [200] * 8 + [403, 200]  # only an owner withdraws consents
    assert outcomes(stranger, addresses) == [404] * 10
    assert outcomes(officer, addresses) == [404] * 10
    assert [Client().get(address).status_code for address in addresses] == [302] * 10


def test_another_shops_paper_and_consent_are_not_there(addresses: list[str], stranger: User) -> None:
    mine = business(stranger, "남의 가게")
    http = client(stranger)
    for address in addresses:
        tail = address.split("/", 3)[3]
        if "/" in tail.strip("/") and "kind" not in tail and "add" not in tail and "facts" not in tail:
            assert http.get(f"/my/{mine.pk}/{tail}").status_code == 404, tail
            assert http.post(f"/my/{mine.pk}/{tail}").status_code in {404, 405} or "remove" not in tail
    assert Consent.objects.filter(withdrawn_at=None).count() == 1


def test_a_closed_party_has_no_pages(addresses: list[str], shop: Party, owner: User) -> None:
    Party.objects.filter(pk=shop.pk).update(state="closed", closed_at=timezone.now(), closed_why="stopped")
    assert outcomes(owner, addresses) == [404] * 10


@pytest.mark.parametrize(
    "path",
    [
        "papers/?show=secret",
        "papers/?page=abc",
        "papers/add/?kind=no_such_paper",
        "papers/add/?kind=articles&replaces=x",
        f"papers/add/?kind=articles&replaces={NOBODY}",
        f"papers/{NOBODY}/",
        "facts/shoe_size/",
        "facts/sanctions/",
        f"consents/{NOBODY}/withdraw/",
        "seen/?page=abc",
        "seen/?page=2021-04-09~x",
    ],
)
def test_what_is_not_there_is_not_there(shop: Party, owner: User, path: str) -> None:
    assert client(owner).get(f"/my/{shop.pk}/{path}").status_code == 404


def hand_in(http: Client, shop: Party, query: str = "kind=articles", **sent: object) -> object:
    return http.post(f"/my/{shop.pk}/papers/add/?{query}", sent)


def scan(name: str = "정관.pdf", body: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def test_a_file_that_arrived_stays_while_the_rest_of_the_form_is_mended(shop: Party, owner: User) -> None:
    http = client(owner)
    query = "kind=small_merchant_certificate"
    answer = hand_in(http, shop, query, file=scan(), number="0010-2021-1", issued_on="2021-04-01", valid_from="")
    held = StoredFile.objects.get()
    assert answer.status_code == 422
    assert str(held.pk) in answer.text
    assert 'value="0010-2021-1"' in answer.text
    rest = {"number": "0010-2021-1", "issued_on": "2021-04-01", "valid_from": "2021-04-01", "valid_to": "2022-03-31"}
    answer = hand_in(http, shop, query, file_id=str(held.pk), **rest)
    paper = Paper.objects.get()
    assert answer.url == f"/my/{shop.pk}/papers/{paper.pk}/"
    assert (paper.file, StoredFile.objects.count()) == (held, 1)


def test_a_form_sent_twice_hands_in_one_paper(shop: Party, owner: User) -> None:
    http = client(owner)
    identity = str(http.get(f"/my/{shop.pk}/papers/add/?kind=articles").context["form"].initial["identity"])
    first, second = (hand_in(http, shop, file=scan(), identity=identity) for _time in range(2))
    assert first.url == second.url
    assert Paper.objects.count() == 1


def test_it_goes_on_where_it_came_from_but_never_off_the_site(shop: Party, owner: User) -> None:
    http = client(owner)
    assert hand_in(http, shop, "kind=articles&next=/my/%3Fa=1", file=scan()).url == "/my/?a=1"
    for wrong in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = hand_in(http, shop, f"kind=articles&next={wrong}", file=scan())
        assert answer.url.startswith(f"/my/{shop.pk}/papers/"), wrong


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "파일을 선택해 주세요"),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "빈 파일입니다"),
        ({"file": SimpleUploadedFile("setup.pdf", b"MZ" + b"\0" * 5000)}, "받지 않는 형식"),
        ({"file_id": "not-an-id"}, "파일을 선택해 주세요"),
        ({"file_id": str(uuid4())}, "남아 있지 않습니다"),
    ],
)
def test_what_is_no_usable_file_is_said_at_the_field(
    shop: Party, owner: User, sent: dict[str, object], said: str
) -> None:
    answer = hand_in(client(owner), shop, **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert Paper.objects.count() == 0


def test_somebody_elses_file_cannot_be_claimed(shop: Party, owner: User, stranger: User) -> None:
    theirs = uploaded(stranger)
    answer = hand_in(client(owner), shop, file_id=str(theirs.pk))
    assert (answer.status_code, Paper.objects.count()) == (422, 0)
    assert theirs.name not in answer.text


def test_a_file_of_another_purpose_cannot_be_claimed(shop: Party, owner: User) -> None:
    other = files.store(owner=owner.pk, purpose_code="party_proof", name="a.pdf", stream=io.BytesIO(PDF), now=NOW)
    assert hand_in(client(owner), shop, file_id=str(other.pk)).status_code == 422


def test_the_storage_out_of_order_is_said_and_nothing_else_lost(
    shop: Party, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("panro.files.storage.write", fail)
    answer = hand_in(client(owner), shop, "kind=mail_order_report", file=scan(), number="2021-서울강남-01234")
    assert answer.status_code == 422
    assert "몇 분 뒤에 다시" in answer.text
    assert "2021-서울강남-01234" in answer.text


def test_a_paper_may_come_by_its_document_number_alone(shop: Party, owner: User) -> None:
    answer = hand_in(
        client(owner),
        shop,
        "kind=national_tax_clearance",
        document_number="1234 5678 9012 3456",
        issued_on="2021-04-09",
    )
    paper = Paper.objects.get()
    assert answer.status_code == 302
    assert (paper.document_number, paper.state, paper.file) == ("1234-5678-9012-3456", "unread", None)


def test_removing_in_two_windows_says_it_is_gone_in_both(shop: Party, owner: User) -> None:
    paper = certificate(shop, owner)
    http = client(owner)
    first, second = (http.post(f"/my/{shop.pk}/papers/{paper.pk}/remove/") for _time in range(2))
    assert first.url == f"/my/{shop.pk}/papers/"
    assert second.status_code == 404


def test_a_fact_is_stated_and_taken_back(shop: Party, clerk: User) -> None:
    http = client(clerk)
    address = f"/my/{shop.pk}/facts/industry/"
    assert http.post(address, {"value": "99999999"}).status_code == 422
    assert http.post(address, {"value": "c10797"}).url == f"/my/{shop.pk}/facts/"
    assert known(shop, TODAY)[keys.INDUSTRY][0] == {"code": "10797", "revision": 10}
    assert StoredFact.objects.get().recorded_by == clerk
    http.post(address, {"take_back": "yes"})
    assert known(shop, TODAY) == {}


def test_what_an_office_said_cannot_be_stated_or_taken_back(shop: Party, owner: User) -> None:
    tell(shop, keys.SANCTIONS, [], TODAY, "sanctions_register")
    tell(shop, keys.EMPLOYEES, "9", TODAY, "officer")
    http = client(owner)
    assert http.post(f"/my/{shop.pk}/facts/sanctions/", {"value": "no"}).status_code == 403
    http.post(f"/my/{shop.pk}/facts/employees/", {"take_back": "yes"})
    assert known(shop, TODAY)[keys.EMPLOYEES][0] == "9"


def test_a_consent_is_withdrawn_by_its_owner_alone(shop: Party, owner: User, clerk: User) -> None:
    manager = person("manager@example.kr", "정매니저", shop, "manager")
    consent = give_consent(shop, programme="2021/3-1", recipients=["기관"], purpose="collect", by=owner, **WHEN)[0]
    address = f"/my/{shop.pk}/consents/{consent.pk}/withdraw/"
    assert [client(one).post(address).status_code for one in (clerk, manager, owner)] == [403, 403, 302]
    assert Consent.objects.get().withdrawn_by == owner


def test_programmes_and_lines_are_named_by_the_rooms_that_know_them(
    shop: Party, owner: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "_programmes", [lambda _: {"2021/3-1": "인터넷 쇼핑몰 입점"}])
    give_consent(shop, programme="2021/3-1", recipients=["기관"], purpose="collect", by=owner, **WHEN)
    assert "인터넷 쇼핑몰 입점" in client(owner).get(f"/my/{shop.pk}/consents/").text
    access_log.note(
        actor=str(officer.pk), party=f"party:{shop.pk}", what="paper_opened", why="요건검토", at=NOW, now=NOW
    )
    shown = client(owner).get(f"/my/{shop.pk}/seen/").text
    assert all(words in shown for words in ("최담당", "서류 파일을 열었습니다", "요건검토"))


@pytest.mark.parametrize("path", ["papers/?show=all", "facts/", "consents/", "seen/"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(shop: Party, owner: User, officer: User, path: str) -> None:
    http = client(owner)
    counts = []
    for more in (1, 2):
        for number in range(more):
            day = april(number + more)
            add_paper(shop, "articles", file=examined(uploaded(owner)).pk, issued_on=day, by=owner, **WHEN)
            tell(shop, keys.EMPLOYEES, str(number + more), day, "officer" if number else "applicant")
            tell(shop, keys.REGION, f"1{number + more}", day, "nts" if number else "applicant")
            give_consent(
                shop, programme=f"2021/{number}-{more}", recipients=["기관"], purpose="collect", by=owner, **WHEN
            )
            access_log.note(
                actor=str(officer.pk), party=f"party:{shop.pk}", what="paper_opened", why="x", at=NOW, now=NOW
            )
        http.get(f"/my/{shop.pk}/{path}")
        with CaptureQueriesContext(connection) as asked:
            assert http.get(f"/my/{shop.pk}/{path}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_value_has_words_in_both_languages(shop: Party, owner: User) -> None:
    values: dict[str, object] = {
        keys.APPLICANT_TYPE: "merchant",
        keys.BUSINESS_NUMBER: "1234567891",
        keys.INDUSTRY_ANSWER: {"row": "68221", "excluded": False},
        keys.CONSORTIUM: ["private", "public_body"],
        keys.SIZE_GRACE: {"from": "2021-01-01", "to": "2023-12-31"},
        keys.MEMBERS_CERTIFIED: {"members": 7, "certified": 5},
        keys.OPERATING: {"status": "closed", "ended_on": "2021-03-01"},
        keys.DISHONOURED: False,
        keys.LOCAL_TAX: {"arrears": 1_000_000, "deferred": 0, "valid_to": "2021-05-01"},
        keys.UNFAIR_PRACTICE: ["2021-01-05"],
        keys.SANCTIONS: [{"from": None, "to": "2022-01-01", "reason": None}],
        keys.PRODUCTS: [],
        keys.OWN_SHARE: 1250,
        keys.CERTIFICATE: None,
        keys.LISTED: True,
        keys.REGION: "99",
        keys.AVERAGE_SALES: 123_000_000,
    }
    for key, value in values.items():
        tell(shop, key, value, TODAY, "officer")
    for language, expected in (
        ("ko", ["조합원 7명 중 5명", "폐업 (2021. 3. 1.)", "체납 1,000,000원", "12.5%", "소상공인", "123-45-67891"]),
        ("en", ["5 of 7 members", "Closed down (1 March 2021)", "Arrears: 1,000,000 won", "12.5%", "Small merchant"]),
    ):
        shown = client(owner, language).get(f"/my/{shop.pk}/facts/").text
        assert [words for words in expected if words not in shown] == []


TEXT = st.text(max_size=40)
SENT = st.fixed_dictionaries(
    {},
    optional={
        name: TEXT | st.sampled_from(["2021-04-01", "9999-12-31", "0001-01-01", "-1", "1e999", "9" * 30])
        for name in (
            "number",
            "document_number",
            "issued_on",
            "valid_from",
            "valid_to",
            "deferred",
            "members",
            "certified",
            "identity",
            "file_id",
            "file_drop",
            "value",
            "take_back",
        )
    },
)
KINDS = st.sampled_from(["small_merchant_certificate", "national_tax_clearance", "member_list", "designation_letter"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=SENT, kind=KINDS, key=st.sampled_from(sorted(knowledge())), cursor=TEXT)
def test_no_form_makes_the_server_stumble(  # noqa: PLR0917 - fixtures and drawn values
    shop: Party, owner: User, sent: dict[str, str], kind: str, key: str, cursor: str
) -> None:
    http = client(owner)
    root = f"/my/{shop.pk}/"
    answers = [
        http.post(f"{root}papers/add/?kind={kind}", sent),
        http.post(f"{root}facts/{key}/", sent),
        http.get(f"{root}papers/", {"page": cursor, "kind": cursor}),
        http.get(f"{root}seen/", {"page": cursor}),
        http.get(f"{root}papers/add/", {"kind": kind, "replaces": cursor, "next": cursor}),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
