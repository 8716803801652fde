"""A season thrown together at random, with the truth about it kept beside the rows, so that a count can be checked."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection

from intake import world as intake
from panro.accounts.ids import new_id
from panro.evaluation.models import Assignment, Evaluation, Participant, Reviewer, StageRun
from panro.intake.models import Application, Receipt, Supplement
from panro.parties.models import Business, Party
from panro.parties.states import Kind, Standing
from panro.screening.models import Case, CaseDecision, Review
from panro.selection.models import PublishedRound, ResultLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from panro.accounts.models import User
    from panro.editions.models import EditionVersion

DAY = date(2021, 4, 20)
NOW = datetime(2021, 4, 20, 3, tzinfo=UTC)
GROUPS = ("excellent", "first_time_online")
REGIONS = ("11", "26", "41", "")
INDUSTRIES = ("10797", "47190", "47", "")
DECIDED = ("eligible", "ineligible", "lapsed")
LONG_NAME = "가나다라마바사아자차카타파하" * 6

type Key = tuple[str, str, str, str, str]


@contextmanager
def without_triggers() -> Iterator[None]:
    """Rows as they lie after everything has happened; no act needs to be carried out to get there."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


@dataclass
class Made:
    """Rows that were made, and what a count must come to."""

    version: EditionVersion
    by: User
    rng: random.Random
    truth: Counter[Key] = field(default_factory=Counter)
    parties: list[Party] = field(default_factory=list)
    businesses: list[Business] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    decisions: list[CaseDecision] = field(default_factory=list)
    supplements: list[Supplement] = field(default_factory=list)
    reviews: dict[tuple[str, str], Review] = field(default_factory=dict)
    chosen: dict[tuple[str, str], list[tuple[Receipt, Case]]] = field(default_factory=dict)

    def count(self, theme: str, where: tuple[str, str], key: str, measure: str, by: int = 1) -> None:
        if by:
            self.truth[theme, *where, key, measure] += by

    def applicant(self, where: tuple[str, str], *, name: str = "") -> None:
        """One party with an application in some state, and everything that belongs to it."""
        rng = self.rng
        number = len(self.parties) + 1
        party = Party(kind=Kind.BUSINESS, name=name or f"가게 {number}", created=NOW)
        industry = rng.choice(INDUSTRIES)
        self.parties.append(party)
        self.businesses.append(
            Business(
                party=party,
                business_number=f"{number:010}",
                form="sole",
                representative=f"대표 {number}",
                opened_on=date(2018, 5, 1),
                address="서울특별시 종로구 1",
                region="11",
                phone="0212345678",
                standing=Standing.VERIFIED,
                industry=industry,
                industry_revision="10" if industry else "",
            )
        )
        state = rng.choice(["draft", "missed", "submitted", "submitted", "supplementing", "withdrawn", "submitted"])
        row = self.application(party, where, state)
        if state == "withdrawn" and rng.random() < 0.5:  # it was corrected: another application took its place
            row.replaced = True
            row = self.application(party, where, "submitted", corrects=row)
        if row.submitted_at is not None:
            self.at_the_desk(row, where, industry[:2])

    def application(
        self, party: Party, where: tuple[str, str], state: str, corrects: Application | None = None
    ) -> Application:
        handed_in = state not in {"draft", "missed"}
        on = DAY - timedelta(days=self.rng.randrange(40))
        row = Application(
            party=party,
            edition=self.version.edition,
            version=self.version,
            programme=where[0],
            round_code=where[1],
            applicant_type="merchant",
            state=state,
            closes=DAY,
            created_by=self.by,
            created=NOW - timedelta(days=50),
            saved_at=NOW,
            submitted_at=intake.noon(on) if handed_in else None,
            submitted_on=on if handed_in else None,
            submitted_by=self.by if handed_in else None,
            applicant=str(party.pk) if handed_in else "",
            withdrawn_at=NOW if state == "withdrawn" else None,
            corrects=corrects,
        )
        self.applications.append(row)
        if corrects is None:
            self.count("round", where, "", "started")
        return row

    def at_the_desk(self, row: Application, where: tuple[str, str], industry: str) -> None:
        rng = self.rng
        self.count("round", where, "", "applied")
        commitment = sha256(str(row.pk).encode()).hexdigest()
        receipt = Receipt(
            snapshot_id=new_id(),
            application=row,
            receipt_no=f"2021-{where[0]}-{where[1]}-{len(self.receipts) + 1:06}",
            salt="0" * 64,
            payload="{}",
            commitment=commitment,
            issued_at=NOW,
        )
        self.receipts.append(receipt)
        state = "withdrawn" if row.state == "withdrawn" else rng.choice(["waiting", "asked", *DECIDED, "eligible"])
        region = rng.choice(REGIONS)
        review = self.reviews.get(where)
        if review is None:
            review = self.reviews[where] = Review(edition=self.version.edition, programme=where[0], round_code=where[1])
        case = Case(
            application=row,
            review=review,
            party=row.party,
            programme=where[0],
            round_code=where[1],
            applicant_type="merchant",
            name=row.party.name,
            business_number=self.businesses[-1].business_number,
            region=region,
            receipt_no=receipt.receipt_no,
            received=row.submitted_at,
            received_on=row.submitted_on,
            state=state,
            due=DAY if state == "asked" else None,
            decided_at=NOW if state in {*DECIDED, "withdrawn"} else None,
        )
        self.cases.append(case)
        eligible = state == "eligible"
        selected = eligible and rng.random() < 0.5
        self.count("round", where, "", state)
        for theme, key in (("region", region), ("industry", industry)):
            self.count(theme, where, key, "applied")
            self.count(theme, where, key, "eligible", by=eligible)
            self.count(theme, where, key, "selected", by=selected)
        if case.decided_at is not None:
            self.decide(case, where, selected=selected)
        else:
            days = (DAY - case.received_on).days
            age = next(str(low) for low in (31, 15, 8, 4, 0) if days >= low)
            self.count("age", where, age, state)
        if state == "asked":
            self.ask(row, where)
        if selected:
            self.chosen.setdefault(where, []).append((receipt, case))

    def decide(self, case: Case, where: tuple[str, str], *, selected: bool) -> None:
        groups = [group for group in GROUPS if self.rng.random() < 0.4] if case.state == "eligible" else []
        told = {"eligible": ("", ""), "withdrawn": ("withdrawn", "")}
        reason, clause = told.get(case.state, ("tax_arrears", "안내 2."))
        if self.rng.random() < 0.2:  # decided differently at first, and taken back
            self.decisions.append(
                CaseDecision(
                    case=case,
                    number=1,
                    requirement="eligible",
                    groups=list(GROUPS),
                    facts="[]",
                    decided_by="somebody",
                    decided_at=NOW,
                    undone_at=NOW,
                    undone_by="somebody",
                    undone_why="a mistake",
                )
            )
        self.decisions.append(
            CaseDecision(
                case=case,
                number=2,
                requirement=case.state,
                reason=reason,
                clause=clause,
                groups=groups,
                facts="[]",
                decided_by="somebody",
                decided_at=NOW,
            )
        )
        if case.state == "eligible":
            for key in ["", *(["*"] if groups else []), *groups]:
                self.count("group", where, key, "eligible")
                self.count("group", where, key, "selected", by=selected)

    def ask(self, row: Application, where: tuple[str, str]) -> None:
        left = self.rng.choice([-2, -1, 0, 1, 3, 4, 7, 8])
        promised = self.rng.random() < 0.3
        self.supplements.append(
            Supplement(
                application=row,
                due=DAY + timedelta(days=left),
                promised=promised,
                asked_by=self.by,
                clock_stopped=NOW - timedelta(days=3),
            )
        )
        classes = (("overdue", -99, -1), ("today", 0, 0), ("soon", 1, 3), ("week", 4, 7), ("later", 8, 99))
        due = next(name for name, low, high in classes if low <= left <= high)
        self.count("supplement", where, due, "promised" if promised else "asked")

    def write(self) -> None:
        """Write everything, in a few statements."""
        with without_triggers():
            for model, rows in (
                (Party, self.parties),
                (Business, self.businesses),
                (Application, self.applications),
                (Receipt, self.receipts),
                (Review, list(self.reviews.values())),
                (Case, self.cases),
                (CaseDecision, self.decisions),
                (Supplement, self.supplements),
            ):
                model.objects.bulk_create(rows, batch_size=1_000)
            for number, (where, chosen) in enumerate(sorted(self.chosen.items())):
                self.publish(where, chosen, number)
            for number, where in enumerate(sorted(self.reviews)):
                if number % 2 == 0:
                    self.evaluate(where)

    def publish(self, where: tuple[str, str], chosen: list[tuple[Receipt, Case]], number: int) -> None:
        regions = Counter(case.region for _receipt, case in chosen)
        summary = {
            "regions": [[region, count * 2, count] for region, count in sorted(regions.items())],
            "stages": [],
        }
        published = publication(self.version, where, number, selected=len(chosen), summary=summary)
        published.save()
        ResultLine.objects.bulk_create(
            (
                ResultLine(
                    published=published,
                    result_no=place,
                    receipt=receipt.commitment,
                    track="all",
                    region=case.region,
                    outcome="selected",
                    reason="kept",
                    step="open",
                )
                for place, (receipt, case) in enumerate(chosen, 1)
            ),
            batch_size=1_000,
        )
        self.count("round", where, "", "selected", by=len(chosen))

    def evaluate(self, where: tuple[str, str], *, panel: int = 3, reviewers: int = 6) -> None:
        """Panels of some applications, with some sheets handed in, some reviewers gone."""
        rng = self.rng
        cases = [case for case in self.cases if (case.programme, case.round_code) == where and case.state == "eligible"]
        evaluation = Evaluation.objects.create(
            version=self.version,
            round_id=f"2021/{where[0]}/{where[1]}",
            rules={},
            pool_root="a" * 64,
            begun_at=NOW,
        )
        run = StageRun.objects.create(
            evaluation=evaluation,
            stage="paper",
            position=1,
            state="open",
            point_step=1,
            maxima=[100],
            panel=panel,
            salt="b" * 64,
            panels_digest="c" * 64,
            assigned_at=NOW,
            opened_at=NOW,
        )
        people = Reviewer.objects.bulk_create(
            Reviewer(user_id=new_id(), code=f"{where}-{number}", joined_at=NOW) for number in range(reviewers)
        )
        participants = Participant.objects.bulk_create(
            Participant(run=run, result_no=number, receipt=f"{number:064}", application_id=case.pk)
            for number, case in enumerate(cases, 1)
        )
        seats: list[Assignment] = []
        owes: dict[UUID, bool] = {}
        for one in participants:
            whole = True
            members = rng.sample(people, panel + 1)
            for slot, reviewer in enumerate(members, 1):
                gone = slot > panel
                there = rng.random() < 0.7
                seats.append(
                    Assignment(
                        run=run,
                        participant=one,
                        reviewer=reviewer,
                        slot=slot,
                        seated_at=NOW,
                        left_at=NOW if gone else None,
                        latest=1 if there else 0,
                    )
                )
                if gone:
                    continue
                whole = whole and there
                owes[reviewer.pk] = owes.get(reviewer.pk, False) or not there
                self.count("panel", where, "1:paper", "sheets")
                self.count("panel", where, "1:paper", "handed_in", by=there)
            self.count("panel", where, "1:paper", "participants")
            self.count("panel", where, "1:paper", "judged", by=whole)
            self.count("round", where, "", "evaluated", by=whole)
        Assignment.objects.bulk_create(seats, batch_size=1_000)
        self.count("panel", where, "1:paper", "reviewers", by=len(owes))
        self.count("panel", where, "1:paper", "reviewers_done", by=sum(not owing for owing in owes.values()))


def publication(
    version: EditionVersion, where: tuple[str, str], number: int, *, selected: int, summary: object, **more: int
) -> PublishedRound:
    """A publication that holds, with its counts."""
    counts = {"waiting": 0, "not_selected": 0, "ineligible": 0, "lapsed": 0, "withdrawn": 0, **more}
    return PublishedRound(
        version=version,
        edition="2021",
        programme=where[0],
        round=where[1],
        number=0,
        simulated=True,
        root=f"{number:064x}",
        head="d" * 64,
        published_at=NOW,
        seats=None,
        receipts=selected + sum(counts.values()),
        selected=selected,
        rules={},
        draw={},
        summary=summary,
        public_file="results/x.zip",
        public_bytes=1,
        public_sha256="e" * 64,
        **counts,
    )


def season(
    version: EditionVersion,
    count: int,
    *,
    seed: int = 7,
    rounds: tuple[tuple[str, str], ...] = (("3-1", "R1"), ("3-1", "R2"), ("3-2", "R1")),
    name: str = "",
) -> Made:
    """A season of so many applicants, written."""
    made = Made(version, intake.someone("접수"), random.Random(seed))
    for number in range(count):
        made.applicant(rounds[number % len(rounds)], name=name if number == 0 else "")
    made.write()
    return made
