"""Files that no merchant would want to send: on the page of a paper, and on the page of what an officer asked for.

Each gets a sentence that helps, nothing typed beside it is lost, and what a worker finds out later never counts.
"""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from intake import world
from panro.files import names, tasks
from panro.files.models import StoredFile
from panro.files.purposes import purpose
from panro.files.standin.clamd import StandIn
from panro.intake import actions
from panro.intake.actions import Asked
from panro.intake.models import Application, ChosenPaper, ItemKind, Supplement
from panro.vault.models import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.http import HttpResponse
    from pytest_django.fixtures import Settings

    from intake.world import Shop
    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2021, 4, 1)
CODE = "small_merchant_certificate"
TYPED = {"number": "제77호", "issued_on": "2021-03-20", "valid_from": "2021-04-01", "valid_to": "2022-03-31"}
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
INFECTED = PDF.replace(b"<<>>", b"<<>> " + EICAR, 1)
VIRUS = "A virus was found in the file. Please check your computer before you hand in another one."
BOMB = "The archive unpacks to far more than allowed. Please hand in its files one by one."


def packed(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return made.getvalue()


ZEROS = bytes(40 * 1024 * 1024)
BOMBS = {
    "목록.xlsx": {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": ZEROS},
    "신청서.hwpx": {"mimetype": b"application/hwp+zip", "Contents/section0.xml": ZEROS},
}


@pytest.fixture(autouse=True)
def _in_april(settings: Settings, tmp_path: Path) -> None:
    default = {"BACKEND": "panro.files.storage.LocalStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.PRETENDED_DAY = DAY


@pytest.fixture
def _scanner(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The stand-in scanner, on the wire, as the worker's task finds it."""
    server = StandIn(0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setenv("PANRO_CLAMD", f"tcp:127.0.0.1:{server.server_address[1]}")
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(minji: Shop) -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(minji.owner)
    return made


@pytest.fixture(params=["documents", "supplement"])
def page(request: pytest.FixtureRequest, notice: EditionVersion, minji: Shop, officer: User) -> str:
    """Where the certificate is handed in: for a draft, or because an officer asked for it."""
    if request.param == "documents":
        row = world.draft(minji, notice, day=DAY)
    else:
        row = world.handed_in(minji, notice, DAY)
        items = [Asked(ItemKind.DOCUMENT, CODE, "확인서의 글자가 보이지 않습니다.")]
        actions.ask_supplement(row.pk, items, due=world.CLOSES, by=officer, now=world.noon(DAY), today=DAY)
    Paper.objects.filter(pk=minji.papers[CODE]).update(state="rejected", reason="unreadable")
    return f"/my/applications/{row.pk}/{request.param}/{CODE}/"


def send(client: Client, page: str, name: str, body: bytes, **typed: str) -> HttpResponse:
    file = SimpleUploadedFile("x", body, "application/pdf")
    file._name = name  # type: ignore[attr-defined] # as the wire brings it, not as Django would mend it
    return client.post(page, {**TYPED, **typed, "file": file})  # type: ignore[return-value]


def papers() -> list[Paper]:
    """Papers that came in through the page."""
    return list(Paper.objects.filter(kind=CODE, number=TYPED["number"]))


def examined() -> list[str]:
    """Let the worker look at everything that waits; returns the states that it found."""
    return [
        tasks.examine.call(str(pk)) for pk in StoredFile.objects.filter(state="pending").values_list("pk", flat=True)
    ]


HUGE = PDF + bytes(30 * 1024 * 1024)
REFUSED_AT_ONCE = [
    ("확인서.pdf", b"", "The file is empty. Please choose another one."),
    ("확인서.pdf", b"MZ\x90\x00" + bytes(200), "The content is not of a kind that is accepted here."),
    ("확인서.pdf", b"<html><script>alert(1)</script></html>", "The content is not of a kind that is accepted here."),
    ("확인서.pdf", HUGE, "The file is larger than allowed. Please make it smaller or split it."),
]


@pytest.mark.parametrize(
    ("name", "body", "words"), REFUSED_AT_ONCE, ids=["empty", "a program", "a page", "larger than allowed"]
)
def test_what_is_wrong_at_first_sight_is_refused_with_words(
    client: Client, page: str, name: str, body: bytes, words: str
) -> None:
    assert len(HUGE) > purpose("vault_paper").max_bytes
    answer = send(client, page, name, body)
    assert answer.status_code == 422
    (said,) = answer.context["form"].errors["file"]
    assert said.startswith(words)
    shown = answer.content.decode()
    assert all(f'value="{value}"' in shown for value in TYPED.values())  # nothing typed is lost
    assert (papers(), StoredFile.objects.count()) == ([], 0)


@pytest.mark.usefixtures("_scanner")
@pytest.mark.parametrize(
    ("name", "body", "state", "words"),
    [
        ("확인서.pdf", INFECTED, "infected", VIRUS),
        ("목록.xlsx", packed(BOMBS["목록.xlsx"]), "refused", BOMB),
        ("신청서.hwpx", packed(BOMBS["신청서.hwpx"]), "refused", BOMB),
    ],
    ids=["a virus", "a bomb as XLSX", "a bomb as HWPX"],
)
def test_what_a_worker_finds_later_never_counts(  # noqa: PLR0917 - a table
    client: Client, page: str, minji: Shop, name: str, body: bytes, state: str, words: str
) -> None:
    assert send(client, page, name, body).status_code == 302
    (paper,) = papers()
    assert client.get(f"/files/{paper.file_id}").status_code == 404  # nobody opens what nobody has looked at
    assert examined() == [state]
    paper.refresh_from_db()
    assert paper.state == "rejected"
    assert client.get(f"/files/{paper.file_id}").status_code == 404
    own = " ".join(client.get(f"/my/{minji.party.pk}/papers/{paper.pk}/").content.decode().split())
    assert words in own
    row = Application.objects.get()
    if row.state == "draft":
        found = client.get(f"/my/applications/{row.pk}/documents/").context["required"]
        (shown,) = [one for one in found if one.asked.code == CODE]
        assert (shown.is_there, shown.offered, shown.refused) == (False, [], (f"{name}: {words}",))
        row.refresh_from_db()
        again = {"revision": row.revision, "go": "next", f"paper.{CODE}": str(paper.pk)}
        ChosenPaper.objects.all().delete()
        assert client.post(f"/my/applications/{row.pk}/documents/", again).status_code == 409
        assert ChosenPaper.objects.count() == 0
    else:
        answer = {"go": "send", f"paper.{CODE}": str(paper.pk)}
        assert client.post(f"/my/applications/{row.pk}/supplement/", answer).status_code == 422
        assert Supplement.objects.get().items.get().answered_at is None


@pytest.mark.usefixtures("_scanner")
def test_a_virus_found_after_handing_in_is_in_no_snapshot(client: Client, notice: EditionVersion, minji: Shop) -> None:
    row = world.filled(minji, notice, day=DAY)
    Paper.objects.filter(party=minji.party, kind=CODE).update(state="replaced")
    send(client, f"/my/applications/{row.pk}/documents/{CODE}/", "확인서.pdf", INFECTED)
    assert examined() == ["infected"]
    row.refresh_from_db()
    missing = client.post(f"/my/applications/{row.pk}/submit/", {"revision": row.revision})
    assert (missing.status_code, missing.context["error"]) == (
        422,
        "1 still to be filled in: Small-merchant certificate",
    )
    row.refresh_from_db()
    assert row.state == "draft"


@pytest.mark.usefixtures("_scanner")
def test_a_good_file_takes_the_place_of_a_bad_one(client: Client, notice: EditionVersion, minji: Shop) -> None:
    row = world.draft(minji, notice, day=DAY)
    page = f"/my/applications/{row.pk}/documents/product_photos/"
    for name, body, state in (("어제.pdf", INFECTED, "infected"), ("오늘.pdf", PDF, "clean")):
        sent = client.post(page, {"file": SimpleUploadedFile(name, body)}, follow=True)
        assert [str(one) for one in sent.context["messages"]] == [
            "The paper is in your vault and chosen for this application."
        ]
        assert examined() == [state]
    assert [one.paper.file.name for one in row.papers.select_related("paper__file")] == ["오늘.pdf"]


@pytest.mark.usefixtures("_scanner")
def test_a_file_that_waited_for_another_field_and_turned_out_bad_is_named(client: Client, page: str) -> None:
    first = send(client, page, "확인서.pdf", INFECTED, number="")
    kept = str(first.context["kept"].pk)
    assert sorted(first.context["form"].errors) == ["number"]
    assert examined() == ["infected"]
    again = client.post(page, {**TYPED, "kept": kept})
    assert again.status_code == 422
    assert again.context["form"].errors["file"] == [VIRUS]
    assert again.context["kept"] is None
    assert (papers(), f'value="{TYPED["number"]}"' in again.content.decode()) == ([], True)
    assert send(client, page, "확인서.pdf", PDF, kept=kept).status_code == 302


NAMES = [
    "../../../etc/passwd.pdf",
    "..\\..\\Windows\\boot.pdf",
    "/etc/cron.d/확인서.pdf",
    "C:\\확인서.pdf",
    '=HYPERLINK("http://evil.example","확인서").pdf',
    "+cmd|' /C calc'!A0.pdf",
    "<script>alert(1)</script>.pdf",
    "확인서\u202efdp.exe.pdf",
    f"{'가' * 250}.pdf",
]


@pytest.mark.usefixtures("_scanner")
def test_names_lead_nowhere_and_act_nowhere(client: Client, page: str, minji: Shop, tmp_path: Path) -> None:
    for name in NAMES:
        assert send(client, page, name, PDF).status_code == 302, name
    files = list(StoredFile.objects.order_by("pk"))
    assert (len(files), len(papers())) == (len(NAMES), len(NAMES))
    stored = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(stored) == sorted(file.key for file in files)
    assert examined() == ["clean"] * len(NAMES)
    assert "<script>alert(1)" not in client.get(f"/my/{minji.party.pk}/papers/").content.decode()
    for file in files:
        assert file.name == names.clean(file.name)
        assert not set('/\\<>"|:*?\u202e') & set(file.name)
        assert len(file.name) <= 150
        assert re.fullmatch(rf"files/\d{{8}}/{file.pk}-[0-9a-f]{{16}}", file.key)  # no name that a person gave
        opened = client.get(f"/files/{file.pk}")
        assert opened["Content-Disposition"].startswith("attachment; filename=")
        assert not {"\r", "\n", "/", "\\"} & set(opened["Content-Disposition"])
        assert b"".join(opened.streaming_content) == PDF  # type: ignore[attr-defined]


def test_one_cannot_keep_or_send_the_file_of_another(client: Client, page: str) -> None:
    neighbour = world.someone("이웃")
    other = Client(headers={"accept-language": "en"})
    other.force_login(neighbour)
    sent = other.post("/files/", {"purpose": "vault_paper", "file": SimpleUploadedFile("확인서.pdf", PDF)})
    foreign = json.loads(sent.content)["id"]
    answer = client.post(page, {**TYPED, "kept": foreign})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == ["This field is required."]
    assert papers() == []
