"""Solapi's contract on the wire: the signed header, one call for many, failures told apart, standing by id."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from notify.world import NOON, PhoneService
from panro.accounts.standin.serving import StandInRefusedError
from panro.notify import conf
from panro.notify.messengers import Answer, Outcome, Parcel, Result, Standing
from panro.notify.messengers.solapi import SolapiMessenger, authorization
from panro.notify.standin import solapi as standin
from panro.notify.standin.solapi import Fault, Provider, serve


def client(**changes: object) -> SolapiMessenger:
    account = conf.solapi()
    assert account is not None
    return SolapiMessenger(account, **({"timeout": 0.5} | changes))


def parcel(to: str = "01012345678", text: str = "안녕하세요", **changes: object) -> Parcel:
    given = {"id": uuid4(), "address": to, "subject": "제목", "text": text, "claimed": datetime.now(UTC)}
    return Parcel(**(given | changes))


def test_the_header_is_the_hmac_of_date_and_salt() -> None:
    """The expected signature is OpenSSL's: printf '%s' DATESALT | openssl dgst -sha256 -hmac SECRET."""
    assert authorization("KEY", "SECRET", date="2021-04-09T03:00:00.000Z", salt="0123456789abcdef") == (
        "HMAC-SHA256 apiKey=KEY, date=2021-04-09T03:00:00.000Z, salt=0123456789abcdef, "
        "signature=2beb080983be020883b12205a6d31dedcf405514640974b8fb61f1d356e677c1"
    )


def test_the_form_follows_the_length_and_the_template(phones: PhoneService) -> None:
    alimtalk = {"template": "KA01", "variables": {"#{이름}": "가"}}
    sent = [parcel(text="가" * 45), parcel(text="가" * 46), parcel(text="가", alimtalk=alimtalk)]
    outcomes = client().send(sent)
    assert [outcomes[one.id].result for one in sent] == [Result.ACCEPTED] * 3
    by_own = {row["customFields"]["panro"]: row for row in phones.taken()}
    short, long, talk = (by_own[str(one.id)] for one in sent)
    assert [row["type"] for row in (short, long, talk)] == ["SMS", "LMS", "ATA"]
    assert ("subject" in short, long["subject"]) == (False, "제목")
    assert talk["kakaoOptions"] == {
        "pfId": "KA01PF",
        "templateId": "KA01",
        "variables": {"#{이름}": "가"},
        "disableSms": False,
    }
    assert {row["from"] for row in by_own.values()} == {"0212345678"}
    assert len({outcome.group for outcome in outcomes.values()}) == 1
    assert {outcome.message for outcome in outcomes.values()} == {row["messageId"] for row in by_own.values()}


@pytest.mark.usefixtures("phones")
def test_without_a_channel_of_its_own_alimtalk_becomes_a_text_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANRO_SOLAPI_CHANNEL", "")
    assert client().message(parcel(alimtalk={"template": "T", "variables": {}}))["type"] == "SMS"


@pytest.mark.usefixtures("phones")
def test_a_text_of_a_thousand_and_one_characters_is_too_long_for_alimtalk() -> None:
    talk = {"template": "T", "variables": {}}
    kinds = [client().message(parcel(text="a" * length, alimtalk=talk))["type"] for length in (1000, 1001)]
    assert kinds == ["ATA", "LMS"]


@pytest.mark.usefixtures("phones")
def test_one_refused_number_does_not_touch_the_others() -> None:
    good, bad = parcel(), parcel("01000000000")
    outcomes = client().send([good, bad])
    assert outcomes[good.id].result is Result.ACCEPTED
    assert outcomes[bad.id] == Outcome(Result.REFUSED, "1062 the number cannot be reached")


def test_a_message_that_spoils_the_batch_is_found_by_halving(phones: PhoneService) -> None:
    batch = [parcel() for _ in range(6)] + [parcel("not a number")] + [parcel() for _ in range(4)]
    outcomes = client().send(batch)
    refused = [one.address for one in batch if outcomes[one.id].result is Result.REFUSED]
    assert refused == ["not a number"]
    assert sum(outcome.result is Result.ACCEPTED for outcome in outcomes.values()) == 10
    assert len(phones.taken()) == 10


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (Fault.BUSY, Result.LATER),
        (Fault.BROKEN, Result.UNKNOWN),
        (Fault.SLOW_AFTER_ACCEPTING, Result.UNKNOWN),
        (Fault.RESET_AFTER_ACCEPTING, Result.UNKNOWN),
        (Fault.RESET_BEFORE_ACCEPTING, Result.UNKNOWN),
        (Fault.NONSENSE_AFTER_ACCEPTING, Result.UNKNOWN),
    ],
)
def test_a_failure_is_only_called_certain_when_it_is(phones: PhoneService, fault: Fault, result: Result) -> None:
    phones.fault(fault)
    one = parcel()
    assert client().send([one])[one.id].result is result


@pytest.mark.usefixtures("phones")
def test_a_server_that_is_not_there_certainly_has_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANRO_SOLAPI_URL", "http://127.0.0.1:9")
    one = parcel()
    assert client().send([one])[one.id].result is Result.LATER
    assert client().ask([one]) == {}


@pytest.mark.usefixtures("phones")
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("SECRET", "WRONG", "SignatureDoesNotMatch"), ("KEY", "WRONG", "SignatureDoesNotMatch")],
)
def test_a_wrong_key_waits_to_be_mended_and_says_so(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str
) -> None:
    monkeypatch.setenv(f"PANRO_SOLAPI_{name}", value)
    one = parcel()
    outcome = client().send([one])[one.id]
    assert (outcome.result, outcome.reason) == (
        Result.LATER,
        f"the provider answered 401 {code} check the key, the secret and the clock",
    )


@pytest.mark.usefixtures("phones")
def test_a_signature_is_good_once_and_not_for_long() -> None:
    one, two = parcel(), parcel()
    same = client(salt=lambda: "0123456789abcdef")
    assert [same.send([one])[one.id].result, same.send([two])[two.id].result] == [Result.ACCEPTED, Result.LATER]
    old = client(clock=lambda: NOON).send([two])[two.id]
    assert "RequestTimeTooSkewed" in old.reason


@pytest.mark.usefixtures("phones")
def test_standing_is_learned_by_the_providers_id_or_by_ours() -> None:
    good, lost = parcel(), parcel("01099999999")
    outcomes = client().send([good, lost])
    named = parcel(id=good.id, provider_message=outcomes[good.id].message)
    group, message = outcomes[good.id].group, outcomes[good.id].message
    assert client().ask([named]) == {good.id: Answer(Standing.DELIVERED, "", group, message)}
    assert client().ask([good]) == {good.id: Answer(Standing.DELIVERED, "", group, message)}
    failed = client().ask([lost])[lost.id]
    assert (failed.standing, failed.reason) == (Standing.FAILED, "3104 switched off")
    never = parcel()
    assert client().ask([never]) == {never.id: Answer(Standing.ABSENT)}


def test_nothing_is_learned_while_the_provider_is_broken(phones: PhoneService) -> None:
    one = parcel()
    client().send([one])
    phones.fault(Fault.BROKEN)
    assert client().ask([one]) == {}


def test_nobody_is_called_for_nothing(phones: PhoneService) -> None:
    assert client().send([]) == {}
    assert phones.provider.calls == 0


def test_the_stand_in_does_not_start_on_a_public_site(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PANRO_HOSTS", "panro.example")
    with pytest.raises(StandInRefusedError, match="PANRO_HOSTS"):
        serve(Provider("KEY", "SECRET"), 0)
    monkeypatch.setattr("sys.argv", ["solapi"])
    with pytest.raises(SystemExit) as stopped:
        standin.main()
    assert stopped.value.code == 2
    assert "PANRO_HOSTS is set" in capsys.readouterr().err


def test_a_public_site_never_sends_over_plain_http(phones: PhoneService, monkeypatch: pytest.MonkeyPatch) -> None:
    del phones
    monkeypatch.setenv("PANRO_HOSTS", "panro.example")
    with pytest.raises(Exception, match="https only"):
        conf.solapi()
