"""Letters: one to one with results, without a gap in their numbers, anew where a result changed, for nobody else."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from made_rounds import make_addendum, verifier
from panro.files.content import Kind, examine
from panro.notify.models import Message
from panro.parties.models import Membership
from panro.record.models import AccessNote, Entry
from panro.selection import actions
from panro.selection.after import letters, queries
from panro.selection.after.hwpx import letter_hwpx, paragraphs_of
from panro.selection.after.letters import issue_letters, unfinished
from panro.selection.after.told import digest_of, document
from panro.selection.models import Letter, LetterCounter, LetterRun, ResultLine, StageLine
from panro.staff.states import Role
from selection.after.world import PUBLISHED, Round

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from made_rounds import MadeRound
    from panro.accounts.models import User
    from staff.conftest import Hire

pytestmark = pytest.mark.django_db


def letter_of(number: int) -> Letter:
    found = queries.letter(Letter.objects.filter(result_no=number).latest("version").pk)
    assert found is not None
    return found


def said(number: int, language: str = "ko") -> str:
    told = document(letter_of(number))
    return "\n".join(f"{one.mark} {one.text.in_(language)}" for one in told.body)


def test_letters_are_one_to_one_with_results(published: Round) -> None:
    lines = {line.result_no: line for line in ResultLine.objects.filter(published=published.published)}
    told = sorted(number for number, line in lines.items() if line.outcome != "withdrawn")
    assert {line.outcome for line in lines.values()} == {
        "selected",
        "waiting",
        "not_selected",
        "ineligible",
        "lapsed",
        "withdrawn",
    }
    assert issue_letters(published.published.pk, now=PUBLISHED, batch=100) == len(told)
    letters = list(Letter.objects.order_by("number"))
    assert [one.result_no for one in letters] == told
    assert [one.number for one in letters] == list(range(1, len(told) + 1))
    for one in letters:
        stages = StageLine.objects.filter(published=published.published, result_no=one.result_no)
        assert one.application == published.applications[one.result_no]
        assert one.digest == digest_of(lines[one.result_no], stages)
    assert LetterCounter.objects.get().last == len(told)
    keys = set(Message.objects.filter(template="result_announced", channel="inbox").values_list("key", flat=True))
    assert keys == {f"letter:{one.pk}" for one in letters}
    assert Entry.objects.filter(act="letters_issued").count() == 3


def test_issuing_again_writes_to_nobody(published: Round) -> None:
    assert unfinished() == [published.published.pk]
    issue_letters(published.published.pk, now=PUBLISHED)
    before = (Letter.objects.count(), Message.objects.count(), Entry.objects.count())
    assert issue_letters(published.published.pk, now=PUBLISHED) == 0
    assert (Letter.objects.count(), Message.objects.count(), Entry.objects.count()) == before
    assert unfinished() == []


def test_a_worker_killed_between_two_batches_is_carried_on(published: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter(range(3))
    whole = letters.queue

    def killed(notices: object, *, now: object) -> None:
        if next(asked) == 1:
            raise KeyboardInterrupt
        whole(notices, now=now)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(letters, "queue", killed)
    with pytest.raises(KeyboardInterrupt):
        issue_letters(published.published.pk, now=PUBLISHED, batch=100)
    assert LetterRun.objects.get().through == 100
    first = Letter.objects.count()
    monkeypatch.undo()
    issue_letters(published.published.pk, now=PUBLISHED, batch=100)
    assert list(Letter.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, Letter.objects.count() + 1)
    )
    assert Letter.objects.count() > first


def test_a_batch_takes_the_same_statements_whatever_its_size(published: Round) -> None:
    pk = published.published.pk
    letters._issue_batch(pk, PUBLISHED, letters.ISSUER, 20)
    asked = []
    for size in (20, 180):
        with CaptureQueriesContext(connection) as one:
            made = letters._issue_batch(pk, PUBLISHED, letters.ISSUER, size)
        assert made is not None
        assert made > size // 2
        asked.append(len(one))
    assert asked[0] == asked[1]


def test_what_each_outcome_is_told(published: Round) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    waiting = published.first("waiting")
    assert "나. 결과: 예비 1번" in said(waiting)
    assert "b" not in said(waiting).split()
    assert "2021. 6. 17.까지 이의신청" in said(waiting)
    refused = published.first("ineligible")
    assert "라. 근거: 안내 2. 지원 제외대상" in said(refused)
    assert "총점" not in said(refused)
    losing = published.first("not_selected")
    stage = StageLine.objects.filter(published=published.published, result_no=losing).first()
    assert stage is not None
    assert f"{stage.score:f}점" in said(losing)
    selected = published.first("selected")
    assert "이의신청" not in said(selected)
    assert "Result: Selected" in said(selected, "en")
    assert "기한 내 미확인" in said(published.first("lapsed"))


def test_a_changed_result_gets_a_new_letter_that_names_the_old_one(
    published: Round, round_of_240: MadeRound, tmp_path: Path, as_user: Callable[[User], Client]
) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    first = {one.result_no: one for one in Letter.objects.all()}
    addendum = make_addendum(round_of_240, tmp_path / "addendum", objecting=6)
    again = actions.publish_dossier(addendum.public, verify=verifier, now=PUBLISHED, auditor=addendum.auditor)
    assert issue_letters(published.published.pk, now=PUBLISHED) == 0
    made = issue_letters(again.pk, now=PUBLISHED)
    second = list(Letter.objects.filter(published=again).order_by("number"))
    changed = []
    for number, letter in sorted(first.items()):
        line = ResultLine.objects.get(published=again, result_no=number)
        if digest_of(line, StageLine.objects.filter(published=again, result_no=number)) != letter.digest:
            changed.append(number)
    assert changed
    assert [one.result_no for one in second] == changed
    assert made == len(changed) < len(first)
    new = second[0]
    old = first[new.result_no]
    assert (new.version, new.replaces_id, new.number) == (2, old.pk, len(first) + 1)
    assert f"온라인판로2021-{old.number} 통지서를 대신합니다" in said(new.result_no)
    page = as_user(published.owners[new.result_no]).get(f"/my/letters/{old.pk}/", headers={"accept-language": "ko"})
    assert f"온라인판로2021-{new.number}" in page.content.decode()
    assert f"/my/letters/{new.pk}/" in page.content.decode()


def test_another_merchants_letter_is_not_there(published: Round, as_user: Callable[[User], Client]) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    mine, other = published.first("selected"), published.first("waiting")
    client = as_user(published.owners[mine])
    own = f"/my/letters/{letter_of(mine).pk}"
    strange = f"/my/letters/{letter_of(other).pk}"
    assert [client.get(f"{own}{end}").status_code for end in ("/", ".pdf", ".hwpx")] == [200] * 3
    assert [client.get(f"{strange}{end}").status_code for end in ("/", ".pdf", ".hwpx")] == [404] * 3
    listed = client.get("/my/letters/").content.decode()
    assert own in listed
    assert strange not in listed
    assert client.get("/office/letters/").status_code == 403


def test_the_office_reads_letters_and_that_is_written_down(
    published: Round, hire: Hire, as_user: Callable[[User], Client]
) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    letter = letter_of(published.first("selected"))
    han = hire("한관리", Role.OFFICER)
    assert as_user(han).get(f"/office/letters/{letter.pk}/").status_code == 200
    note = AccessNote.objects.get()
    assert (note.actor, note.party, note.what) == (
        str(han.pk),
        f"party:{letter.application.party_id}",
        "letter_opened",
    )
    assert as_user(hire("임시", Role.ENGINEER)).get(f"/office/letters/{letter.pk}/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(
    count: int, published: Round, as_user: Callable[[User], Client]
) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    owner = published.owners[1]
    numbers = list(Letter.objects.order_by("result_no").values_list("result_no", flat=True)[:count])
    Membership.objects.filter(party__applications__in=[published.applications[one] for one in numbers]).update(
        user=owner
    )
    client = as_user(owner)
    client.get("/my/letters/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/my/letters/")
    assert len(asked) <= 8


def test_the_pdf_is_one(published: Round, as_user: Callable[[User], Client]) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    number = published.first("not_selected")
    answer = as_user(published.owners[number]).get(f"/my/letters/{letter_of(number).pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert examine(io.BytesIO(answer.content), len(answer.content), "letter.pdf") == Kind.PDF


HP = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"
HH = "{http://www.hancom.co.kr/hwpml/2011/head}"
OPF = "{http://www.idpf.org/2007/opf/}"
OCF = "{urn:oasis:names:tc:opendocument:xmlns:container}"


def parsed(text: bytes) -> ET.Element:
    """Read a part that this house wrote itself a moment ago."""
    return ET.fromstring(text)  # noqa: S314 - nothing from outside is in it but escaped words


def read_hwpx(content: bytes) -> list[str]:
    """Read the paragraphs of a package the way a word processor finds them, and refuse what one would stumble over."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type, archive.read(first)) == (
        "mimetype",
        zipfile.ZIP_STORED,
        b"application/hwp+zip",
    )
    assert archive.testzip() is None
    assert parsed(archive.read("version.xml")).get("major") == "5"
    container = parsed(archive.read("META-INF/container.xml"))
    package = next(
        root.get("full-path")
        for root in container.iter(f"{OCF}rootfile")
        if root.get("media-type") == "application/hwpml-package+xml"
    )
    assert package is not None
    content_file = parsed(archive.read(package))
    items = {item.get("id"): item.get("href") for item in content_file.iter(f"{OPF}item")}
    assert set(items.values()) <= set(archive.namelist())
    spine = [items[entry.get("idref")] for entry in content_file.iter(f"{OPF}itemref")]
    header = parsed(archive.read(str(spine[0])))
    for group in ("fontfaces", "borderFills", "charProperties", "paraProperties", "styles", "tabProperties"):
        found = next(header.iter(f"{HH}{group}"))
        assert found.get("itemCnt") == str(len(found)), group
    looks = {one.get("id") for one in header.iter(f"{HH}charPr")}
    shapes = {one.get("id") for one in header.iter(f"{HH}paraPr")}
    fills = {one.get("id") for one in header.iter(f"{HH}borderFill")}
    assert {one.get("borderFillIDRef") for one in header.iter() if one.get("borderFillIDRef")} <= fills
    assert header.get("secCnt") == str(len(spine) - 1)
    lines = []
    for part in spine[1:]:
        for paragraph in parsed(archive.read(str(part))).iter(f"{HP}p"):
            assert paragraph.get("paraPrIDRef") in shapes
            assert {run.get("charPrIDRef") for run in paragraph.iter(f"{HP}run")} <= looks
            lines.append("".join(text.text or "" for text in paragraph.iter(f"{HP}t")))
    return lines


def test_the_hwpx_reads_back_as_the_letter_and_is_taken_for_one(
    published: Round, as_user: Callable[[User], Client]
) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    number = published.first("not_selected")
    party = published.applications[number].party
    type(party).objects.filter(pk=party.pk).update(name="<들기름> & \x0b깨집")
    letter = letter_of(number)
    content = as_user(published.owners[number]).get(f"/my/letters/{letter.pk}.hwpx").content
    assert examine(io.BytesIO(content), len(content), "letter.hwpx") == Kind.HWPX
    lines = read_hwpx(content)
    told = document(letter)
    assert lines == [one.text.replace("\x0b", "") for one in paragraphs_of(told)]
    assert lines[1] == "중소기업유통센터"
    assert "수신  <들기름> & 깨집 귀하" in lines
    assert [line for line in lines if line.endswith("끝.")] == [lines[-6]]
    assert lines[-5:] == [
        "중소기업유통센터장",
        "",
        "담당  온라인판로 지원 담당      결재  -",
        f"시행  온라인판로2021-{letter.number} (2021. 6. 7.)",
        "공개구분  비공개",
    ]
    assert content == letter_hwpx(told)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ("UPDATE selection_letter SET digest = repeat('0', 64)", "only grows"),
        ("DELETE FROM selection_letter", "only grows"),
        ("UPDATE selection_lettercounter SET last = last - 1", "only grows"),
        (
            (
                "INSERT INTO selection_letter (id, edition_id, number, published_id, result_no, kind, version,"
                " application_id, digest, issued_at, issued_on, by, replaces_id) SELECT gen_random_uuid(), edition_id,"
                " number + 500, published_id, 9999, kind, 2, application_id, digest, issued_at, issued_on, by, id"
                " FROM selection_letter LIMIT 1"
            ),
            "leave a number out",
        ),
    ],
)
def test_the_database_keeps_letters(change: str, refused: str, published: Round) -> None:
    issue_letters(published.published.pk, now=PUBLISHED)
    with pytest.raises(IntegrityError, match=refused), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_page_of_the_application_tells_the_result(published: Round, as_user: Callable[[User], Client]) -> None:
    number = published.first("waiting")
    row = published.applications[number]
    page = as_user(published.owners[number]).get(f"/my/applications/{row.pk}/", headers={"accept-language": "ko"})
    assert "예비 1번" in page.content.decode()
    assert f"find={number}" in page.content.decode()
