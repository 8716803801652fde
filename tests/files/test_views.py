"""Files over HTTP: handed in whole or by tus, handed out to whom they are open, as attachments that cannot act."""

import base64
import hashlib
import io
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import include, path

from files.made import KINDS, NOW, PAPER, PDF, somebody
from files.test_store import Says, hand_in
from panro.accounts.models import User
from panro.files import access, actions, examination, limits, storage, uploads
from panro.files.models import StoredFile, Upload
from panro.site.urls import urlpatterns as site

pytestmark = pytest.mark.django_db(transaction=True)
TYPE = "application/offset+octet-stream"


class Urls:
    urlpatterns = [path("files-under-test/", include("panro.files.urls")), *site]


ROOT = "/files-under-test/"


@pytest.fixture(autouse=True)
def _address(settings: SimpleNamespace, folder: object) -> None:
    del folder
    settings.ROOT_URLCONF = Urls
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def http(shop: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(shop)
    return client


def clean(owner: User, body: bytes = PDF, name: str = "확인서 1.pdf") -> StoredFile:
    file = hand_in(owner, body, name)
    examination.examine(file.pk, scanner=Says(), clock=lambda: NOW)
    file.refresh_from_db()
    return file


def post(http: Client, body: bytes, name: str = "a.pdf", purpose: str = "paper") -> object:
    return http.post(ROOT, {"purpose": purpose, "file": SimpleUploadedFile(name, body)})


def test_a_file_of_a_form_is_taken_and_described(http: Client, shop: User) -> None:
    answer = post(http, PDF, "확인서.pdf")
    file = StoredFile.objects.get()
    assert (answer.status_code, file.owner_id) == (201, shop.pk)
    assert answer.json() == {
        "id": str(file.pk),
        "name": "확인서.pdf",
        "size": len(PDF),
        "state": "pending",
        "label": "being checked",
        "reason": "",
        "address": f"{ROOT}{file.pk}",
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "empty"),
        (b"MZ\x90\x00", 415, "wrong_type"),
        (PDF.ljust(PAPER.max_bytes + 1), 413, "too_large"),
    ],
)
def test_what_is_not_taken_says_why(http: Client, body: bytes, status: int, code: str) -> None:
    answer = post(http, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(answer.json()["error"]) > 10


def test_a_form_without_a_file_and_an_unknown_purpose(http: Client) -> None:
    assert http.post(ROOT, {"purpose": "paper"}).json()["code"] == "empty"
    assert http.post(ROOT, {"purpose": "paper", "file": "text"}).json()["code"] == "empty"
    assert post(http, PDF, purpose="nothing").status_code == 404


def test_a_storage_out_of_order_says_so(http: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(storage, "write", broken)
    answer = post(http, PDF)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage")


def test_a_request_larger_than_any_file_is_refused_unread(
    http: Client, monkeypatch: pytest.MonkeyPatch, settings: SimpleNamespace
) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["panro.files.limits.SizeGuard", *settings.FILE_UPLOAD_HANDLERS]
    monkeypatch.setenv("PANRO_UPLOAD_MB", "1")
    assert post(http, PDF.ljust(900_000)).status_code == 201
    assert post(http, PDF.ljust(1024 * 1024)).status_code == 400
    guard = limits.SizeGuard()
    assert guard.receive_data_chunk(bytes(1024 * 1024), 0) == bytes(1024 * 1024)
    with pytest.raises(Exception, match="larger than any file"):
        guard.receive_data_chunk(b"x", 0)


def test_forms_need_their_token(shop: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop)
    assert post(client, PDF).status_code == 403
    assert client.post(f"{ROOT}uploads/").status_code == 403
    assert client.patch(f"{ROOT}uploads/{UUID0}", b"x", content_type=TYPE).status_code == 403


UUID0 = "019a0000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "where", ["", "uploads/", f"uploads/{UUID0}", f"uploads/{UUID0}/finish", UUID0, f"{UUID0}/state"]
)
def test_whoever_is_not_logged_in_is_sent_to_log_in(where: str) -> None:
    answer = Client().get(ROOT + where)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")


def test_a_clean_file_is_an_attachment_that_cannot_act(http: Client, shop: User) -> None:
    file = clean(shop)
    answer = http.get(f"{ROOT}{file.pk}")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)
    headers = {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF)),
        "Content-Disposition": f"attachment; filename=\"1.pdf\"; filename*=UTF-8''{quote('확인서 1.pdf')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    assert {name: answer[name] for name in headers} == headers
    answer.close()


@pytest.mark.parametrize("case", KINDS)
def test_every_kind_is_handed_out_with_its_own_type(http: Client, shop: User, case: str) -> None:
    name, body, kind = KINDS[case]
    answer = http.get(f"{ROOT}{clean(shop, body, name).pk}")
    assert (answer["Content-Type"], b"".join(answer.streaming_content)) == (kind.media_type, body)
    answer.close()


def test_a_file_is_not_there_for_strangers_and_for_purposes_without_a_rule(
    http: Client, shop: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = clean(shop)
    stranger = Client()
    stranger.force_login(somebody("b@example.com"))
    assert [stranger.get(f"{ROOT}{file.pk}{tail}").status_code for tail in ("", "/state")] == [404, 404]
    engineer = Client()
    engineer.force_login(User.objects.create_superuser("c@example.com"))
    assert engineer.get(f"{ROOT}{file.pk}").status_code == 404
    monkeypatch.setattr(access, "_rules", {})
    assert http.get(f"{ROOT}{file.pk}").status_code == 404
    assert http.get(f"{ROOT}{UUID0}").status_code == 404


@pytest.mark.parametrize("state", ["pending", "infected", "refused", "failed", "destroyed"])
def test_only_a_clean_file_is_open_even_to_whoever_handed_it_in(http: Client, shop: User, state: str) -> None:
    file = clean(shop)
    if state == "destroyed":
        actions.destroy([file.pk], actor="a", reason="r", now=NOW)
    else:
        StoredFile.objects.filter(pk=file.pk).update(state=state, reason="virus: X")
    assert http.get(f"{ROOT}{file.pk}").status_code == 404


def test_the_room_of_the_purpose_notes_the_opening(http: Client, shop: User) -> None:
    noted: list[tuple[object, object]] = []
    access.register("paper", access.owns, opened=lambda request, file: noted.append((request.user.pk, file.pk)))
    file = clean(shop)
    http.get(f"{ROOT}{file.pk}").close()
    assert noted == [(shop.pk, file.pk)]


def test_bytes_that_cannot_be_read_now_are_no_server_error(http: Client, shop: User) -> None:
    file = clean(shop)
    storage.forget(file.key)
    assert http.get(f"{ROOT}{file.pk}").status_code == 503


def test_where_a_file_stands_is_told_to_its_owner(http: Client, shop: User) -> None:
    file = hand_in(shop)
    StoredFile.objects.filter(pk=file.pk).update(state="infected", reason="virus: X")
    told = http.get(f"{ROOT}{file.pk}/state").json()
    assert (told["state"], told["label"]) == ("infected", "refused: a virus was found")
    assert told["reason"].startswith("A virus was found in the file.")


def metadata(**values: str) -> str:
    return ", ".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def begin(http: Client, size: int = len(PDF), **values: str) -> object:
    given = {"filename": "계획서.pdf", "purpose": "paper"} | values
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": metadata(**given)}
    return http.post(f"{ROOT}uploads/", headers=headers)


def patch(http: Client, where: str, offset: object, data: bytes, **headers: str) -> object:
    given = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)} | headers
    return http.patch(where, data, content_type=TYPE, headers=given)


def test_a_whole_upload_by_the_protocol(http: Client) -> None:
    options = http.options(f"{ROOT}uploads/")
    assert (options.status_code, options["Tus-Version"]) == (204, "1.0.0")
    made = begin(http)
    where = made["Location"]
    assert (made.status_code, http.head(where)["Upload-Offset"], http.head(where)["Upload-Length"]) == (
        201,
        "0",
        str(len(PDF)),
    )
    first = patch(http, where, 0, PDF[:20])
    assert (first.status_code, first["Upload-Offset"], first["Tus-Resumable"]) == (204, "20", "1.0.0")
    assert http.head(where)["Cache-Control"] == "no-store"
    again = patch(http, where, 0, PDF[:20])
    assert (again.status_code, again["Upload-Offset"]) == (409, "20")
    assert http.post(f"{where}/finish").status_code == 409
    assert patch(http, where, 20, PDF[20:]).status_code == 204
    done = http.post(f"{where}/finish")
    assert (done.status_code, done.json()["name"]) == (201, "계획서.pdf")
    assert http.post(f"{where}/finish").json() == done.json()
    assert patch(http, where, len(PDF), b"x").status_code == 410
    assert StoredFile.objects.get().sha256 == hashlib.sha256(PDF).hexdigest()


def test_a_piece_damaged_on_its_way_is_not_kept(http: Client) -> None:
    where = begin(http)["Location"]
    good = base64.b64encode(hashlib.sha256(PDF).digest()).decode()
    assert patch(http, where, 0, PDF[:-1] + b"x", **{"Upload-Checksum": f"sha256 {good}"}).status_code == 460
    assert patch(http, where, 0, PDF, **{"Upload-Checksum": "md5 x"}).status_code == 460
    assert patch(http, where, 0, PDF, **{"Upload-Checksum": f"sha256 {good}"}).status_code == 204


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "9" * 16}, 400),
        ({"Upload-Offset": "1"}, 409),
    ],
)
def test_a_piece_that_says_nonsense_is_refused(http: Client, headers: dict[str, str], status: int) -> None:
    where = begin(http)["Location"]
    assert patch(http, where, 0, PDF, **headers).status_code == status
    assert http.patch(where, PDF, content_type="text/plain", headers={"Upload-Offset": "0"}).status_code == 415


def test_a_piece_beyond_the_limit_is_refused_unread(http: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PIECE_BYTES", 10)
    where = begin(http)["Location"]
    assert patch(http, where, 0, PDF[:11]).status_code == 413
    assert patch(http, where, 0, PDF[:10]).status_code == 204


def test_a_piece_whose_sender_goes_away_is_kept_as_far_as_it_came(shop: User) -> None:
    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if not (chunk := super().read(size)):
                raise OSError("the sender went away")
            return chunk

    client = Client()
    client.force_login(shop)
    where = begin(client)["Location"]
    given = {
        "HTTP_UPLOAD_OFFSET": "0",
        "CONTENT_LENGTH": str(len(PDF)),
        "CONTENT_TYPE": TYPE,
        "wsgi.input": Breaks(PDF[:20]),
    }
    client.generic("PATCH", where, b"", **given)
    assert client.head(where)["Upload-Offset"] == "20"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "x"}, 400),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Metadata": "filename %%%"}, 400),
        ({"Upload-Metadata": "filename /w=="}, 400),
        ({"Upload-Metadata": ""}, 404),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": str(PAPER.max_bytes + 1)}, 413),
    ],
)
def test_an_upload_that_cannot_begin_says_so(http: Client, headers: dict[str, str], status: int) -> None:
    given = {"Upload-Length": "10", "Upload-Metadata": metadata(filename="a", purpose="paper")} | headers
    assert http.post(f"{ROOT}uploads/", headers=given).status_code == status
    assert Upload.objects.count() == 0


def test_an_upload_can_be_given_up(http: Client) -> None:
    where = begin(http)["Location"]
    patch(http, where, 0, PDF[:20])
    assert [http.delete(where).status_code for _ in range(2)] == [204, 410]
    assert http.post(f"{where}/finish").status_code == 410


def test_another_accounts_upload_is_not_there(http: Client) -> None:
    where = begin(http)["Location"]
    stranger = Client()
    stranger.force_login(somebody("b@example.com"))
    answers = [
        stranger.head(where),
        patch(stranger, where, 0, PDF),
        stranger.delete(where),
        stranger.post(f"{where}/finish"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_wrong_kind_is_told_over_the_protocol(http: Client) -> None:
    where = begin(http, 4)["Location"]
    assert patch(http, where, 0, b"MZ\x90\x00").json()["code"] == "wrong_type"
