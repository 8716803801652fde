"""A shop in the middle of its year: papers in every state, sources that disagree, consents, people who looked."""

from datetime import date, timedelta

from files.made import PDF
from panro.accounts.models import User
from panro.files.scanner import Verdict
from panro.parties.models import Party
from panro.record import access_log
from panro.rules.eligibility import keys
from panro.vault.actions import add_paper, give_consent, reject, verify, withdraw_consent
from panro.vault.models import Paper
from panro.vault.states import VerifiedHow
from vault.world import NOW, TODAY, Says, certificate, examined, tell, uploaded

LONG = "주식회사 아주아주긴이름을가진한국전통발효식품연구개발제조유통판매영농조합법인 제2공장 온라인사업부문"
SCAN = "소상공인확인서_2021년_최종_수정본_진짜최종_대표자날인_스캔(1).pdf"
WHEN = {"now": NOW, "today": TODAY}


def papers(shop: Party, owner: User, officer: User) -> dict[str, Paper]:
    last_year = {"issued_on": date(2020, 4, 1), "valid_from": date(2020, 4, 1), "valid_to": date(2021, 3, 31)}
    made = {
        "over": certificate(shop, owner, number="0010-2020-000001", **last_year),
        "valid": certificate(shop, owner, file=examined(uploaded(owner, name=SCAN)).pk),
        "ending": add_paper(
            shop,
            "national_tax_clearance",
            document_number="1234567890123456",
            issued_on=TODAY - timedelta(days=25),
            by=owner,
            **WHEN,
        ),
        "waiting": add_paper(
            shop, "local_tax_clearance", file=uploaded(owner, PDF + b"%2").pk, issued_on=TODAY, by=owner, **WHEN
        ),
        "infected": add_paper(
            shop,
            "designation_letter",
            file=uploaded(owner, PDF + b"%3").pk,
            issued_on=date(2018, 5, 1),
            number="백년가게 2018-0042",
            by=owner,
            **WHEN,
        ),
        "rejected": add_paper(
            shop,
            "mail_order_report",
            file=examined(uploaded(owner, PDF + b"%4")).pk,
            number="2021-서울강남-01234",
            by=owner,
            **WHEN,
        ),
    }
    verify([made["valid"].pk], how=VerifiedHow.DOCUMENT_NUMBER, by=officer, **WHEN)
    examined(made["infected"].file, Says(Verdict.INFECTED, "Eicar"))
    reject([made["rejected"].pk], reason="다른 사업자의 신고증입니다. 상호를 확인해 주세요.", by=officer, **WHEN)
    return made


def facts(shop: Party) -> None:
    tell(shop, keys.REGION, "11", TODAY - timedelta(days=30))
    tell(shop, keys.REGION, "26", TODAY - timedelta(days=10), "nts")
    tell(shop, keys.OPERATING, {"status": "open", "ended_on": None}, TODAY, "nts")
    tell(shop, keys.EMPLOYEES, "3.5", TODAY - timedelta(days=3))
    tell(shop, keys.INDUSTRY, {"code": "10797", "revision": 10}, TODAY - timedelta(days=3))
    tell(shop, keys.SANCTIONS, [], TODAY, "sanctions_register")
    tell(shop, keys.CHANNEL_URL, "https://channel.example/" + "tofu-and-more-" * 12, TODAY)


def consents(shop: Party, owner: User) -> None:
    for purpose, recipient in (("collect", "중소기업유통센터"), ("provide", LONG)):
        give_consent(shop, programme="2021/3-1", recipients=[recipient], purpose=purpose, by=owner, **WHEN)
    given = give_consent(shop, programme="2021/1-2", recipients=["수행기관"], purpose="publicity", by=owner, **WHEN)
    withdraw_consent([one.pk for one in given], party=shop, by=owner, **WHEN)


def looked_at(shop: Party, officer: User) -> None:
    for _line in range(3):
        access_log.note(
            actor=str(officer.pk),
            party=f"party:{shop.pk}",
            what="paper_opened",
            why="2021년 3-1 인터넷 쇼핑몰 입점 요건검토",
            at=NOW,
            now=NOW,
        )
