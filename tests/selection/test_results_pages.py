from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory

from made_rounds import NOW, MadeRound
from panro.accounts.models import User
from panro.record.models import Entry
from panro.selection import actions
from panro.selection.access import may_open_auditor_dossier
from panro.selection.models import PublishedRound, ResultLine
from panro.selection.views.auditor import dossier

if TYPE_CHECKING:
    from panro.editions.models import EditionVersion

pytestmark = pytest.mark.django_db
PAGE = "/results/3-2/R1/"


@pytest.fixture
def published(year: EditionVersion, made: MadeRound) -> PublishedRound:
    del year
    return actions.publish_dossier(made.public, verify=lambda _folder: [], now=NOW, auditor=made.auditor)


def test_lines_come_page_by_page_without_a_gap(client: Client, published: PublishedRound) -> None:
    seen: list[int] = []
    address: str | None = PAGE
    while address:
        context = client.get(address).context
        seen += [shown.line.result_no for shown in context["lines"]]
        address = context["next"]
    assert seen == list(range(1, published.receipts + 1))


def test_tabs_show_one_outcome(client: Client, published: PublishedRound) -> None:
    context = client.get(f"{PAGE}?outcome=waiting").context
    assert {shown.line.outcome for shown in context["lines"]} == {"waiting"}
    assert len(context["lines"]) == published.waiting
    assert client.get(f"{PAGE}?page=nonsense").status_code == 404


@pytest.mark.parametrize("by", ["number", "receipt", "with blanks"])
@pytest.mark.usefixtures("published")
def test_a_line_is_found_by_number_and_by_receipt(client: Client, by: str) -> None:
    line = ResultLine.objects.filter(outcome="selected").order_by("result_no")[0]
    wanted = {"number": str(line.result_no), "receipt": line.receipt, "with blanks": f" {line.receipt.upper()} "}[by]
    context = client.get(PAGE, {"find": wanted}).context
    assert context["own"].shown.line == line
    assert context["own"].shown.sentence.ko == f"{line.rank}위로 선정되었습니다"
    assert [stage.row.result_no for stage in context["own"].stages] == [line.result_no] * len(context["own"].stages)


@pytest.mark.parametrize("wanted", ["0", "9999", "abc", "f" * 64, "1" * 40, "<b>"])
@pytest.mark.usefixtures("published")
def test_what_is_not_there_says_so_and_keeps_what_was_typed(client: Client, wanted: str) -> None:
    response = client.get(PAGE, {"find": wanted}, headers={"accept-language": "ko"})
    assert response.context["own"] is None
    assert "맞는 결과를 찾지 못했습니다" in response.content.decode()
    assert response.context["wanted"] == wanted


@pytest.mark.usefixtures("published")
def test_a_rehearsal_is_marked_on_every_page(client: Client) -> None:
    for path in ("/results/", PAGE):
        assert "모의 운영 결과" in client.get(path, headers={"accept-language": "ko"}).content.decode()


def test_everybody_gets_the_public_dossier(client: Client, published: PublishedRound) -> None:
    response = client.get(f"/results/{published.pk}/dossier.zip")
    assert response.status_code == 200
    assert len(b"".join(response.streaming_content)) == published.public_bytes  # type: ignore[attr-defined]
    response.close()
    assert response["Content-Disposition"] == 'attachment; filename="panro-2021-3-2-R1-0.zip"'


def test_the_auditors_dossier_is_for_auditors_and_opening_it_is_recorded(published: PublishedRound) -> None:
    address = f"/office/results/{published.pk}/auditor.zip"
    member = User.objects.create_user("bob@example.org", "x", name="Bob")
    officer = User.objects.create_user("alice@example.org", "x", name="Alice")
    officer.is_staff = True
    officer.save()
    for user, status in ((None, 302), (member, 403)):
        client = Client()
        if user is not None:
            client.force_login(user)
        assert client.get(address).status_code == status
    assert not may_open_auditor_dossier(officer)
    officer.user_permissions.add(Permission.objects.get(codename="open_auditor_dossier"))
    officer = User.objects.get(pk=officer.pk)
    assert may_open_auditor_dossier(officer)
    request = RequestFactory().get(address)
    request.user = officer
    response = dossier(request, published.pk)
    response.file_to_stream.close()  # type: ignore[attr-defined]
    assert response.status_code == 200
    assert Entry.objects.filter(act="auditor_dossier_opened", actor=str(officer.pk)).count() == 1
    assert address not in client.get(PAGE).content.decode()


@pytest.mark.usefixtures("published")
def test_queries_do_not_grow_with_the_lines(client: Client, django_assert_num_queries: object) -> None:
    client.get(PAGE)
    for path, most in ((PAGE, 3), (f"{PAGE}?outcome=waiting", 3), (f"{PAGE}?find=1", 6), ("/results/", 1)):
        with django_assert_num_queries(most):  # type: ignore[operator]
            assert client.get(path).status_code == 200


@pytest.mark.usefixtures("published")
def test_unknown_rounds_are_not_found(client: Client) -> None:
    for path in ("/results/3-2/R9/", "/results/9-9/R1/", f"{PAGE}?edition=1999"):
        assert client.get(path).status_code == 404
