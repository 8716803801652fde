"""Mail on the wire: headers that nobody can add to, both forms, and failures told apart."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest

from notify.world import MailServer
from panro.notify.messengers import Outcome, Parcel, Result
from panro.notify.messengers.mail import MailMessenger


def parcel(to: str = "a@example.com", **changes: object) -> Parcel:
    given = {"id": uuid4(), "address": to, "subject": "제목", "text": "가 <b>나</b>", "claimed": datetime.now(UTC)}
    return Parcel(**(given | changes))


def test_a_mail_carries_text_and_escaped_html_under_its_own_message_id(post: MailServer, settings: object) -> None:
    settings.DEFAULT_FROM_EMAIL = "판로 <no-reply@panro.example>"
    one = parcel(subject="판로 안내")
    assert MailMessenger().send([one]) == {one.id: Outcome(Result.ACCEPTED, message=f"<{one.id}@panro.example>")}
    mail = message_from_bytes(post.mails[0][1], policy=default)
    assert (mail["Subject"], mail["To"], mail["Message-ID"]) == (
        "판로 안내",
        "a@example.com",
        f"<{one.id}@panro.example>",
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().strip() == "가 <b>나</b>"
    assert "<p>가 &lt;b&gt;나&lt;/b&gt;</p>" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("550 no such user", Result.REFUSED),
        ("554 never", Result.REFUSED),
        ("450 try later", Result.LATER),
        ("421 busy", Result.LATER),
    ],
)
def test_the_servers_answer_says_whether_to_try_again(post: MailServer, answer: str, result: Result) -> None:
    post.refuse["bad@example.com"] = answer
    bad, good = parcel("bad@example.com"), parcel()
    outcomes = MailMessenger().send([bad, good])
    assert outcomes[bad.id] == Outcome(result, f"the mail server answered {answer}")
    assert outcomes[good.id].result is Result.ACCEPTED
    assert [to for to, _ in post.mails] == ["a@example.com"]


def test_a_server_that_hangs_up_after_the_text_leaves_it_unknown_and_the_next_is_tried_anew(post: MailServer) -> None:
    post.hang_up_after_data = True
    one, two = parcel(), parcel("b@example.com")
    outcomes = MailMessenger().send([one, two])
    assert [outcomes[mail.id].result for mail in (one, two)] == [Result.UNKNOWN, Result.UNKNOWN]
    assert [to for to, _ in post.mails] == ["a@example.com", "b@example.com"]


def test_a_server_that_is_not_there_certainly_has_nothing(post: MailServer, settings: object) -> None:
    del post
    settings.MAILERS["default"]["OPTIONS"]["port"] = 9
    batch = [parcel(), parcel()]
    assert {outcome.result for outcome in MailMessenger().send(batch).values()} == {Result.LATER}


def test_a_header_cannot_be_added(post: MailServer) -> None:
    bad, good = parcel(subject="제목\nBcc: all@example.com"), parcel()
    outcomes = MailMessenger().send([bad, good])
    assert [outcomes[mail.id].result for mail in (bad, good)] == [Result.REFUSED, Result.ACCEPTED]
    assert [b"all@example.com" in mail for _, mail in post.mails] == [False]


def test_nobody_can_be_asked_about_a_mail() -> None:
    assert MailMessenger().ask([parcel()]) == {}
