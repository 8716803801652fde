"""Random whole rounds, tiny to medium, with every feature the specification has; driven by a ``random.Random``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from panro.dossier.build import build_addendum, build_round, objection_panels
from panro.dossier.entries import round_entries, round_published
from panro.dossier.model import RoundRecord, RoundTimes
from panro.dossier.salts import SeededSalts
from panro.dossier.sources import Application, Decision, Departures, PublicValues, Sheet
from panro.dossier.write import Dossier, render, write_auditor, write_public
from panro.proof.chain import Chain, Entry, Proof
from panro.rules.selection.model import Conflict, Panel, Replacement
from panro.rules.selection.round_rules import Bonus, Cap, Criterion, RoundRules, ScoredStage, Step

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from panro.dossier.model import Addendum
    from panro.proof.canonical import Json
    from panro.rules.selection.model import Phase, Requirement
    from panro.rules.selection.round_rules import Aggregate, Method
    from panro.rules.selection.waiting import WaitingList

REGIONS = ("11", "26", "41", "50", "서울", '경기, "북부"', "a:b@3", "")
GROUPS = ("women", "disabled", "youth", "rural")
ITEMS = ("export", "patent", "award")
START = datetime(2021, 4, 1, tzinfo=UTC)
SIZES = (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 25, 60, 150)


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated round, rendered and proven.

    ``before`` is the round that an addendum changed, ``earlier`` the addendum before this one.
    """

    record: RoundRecord
    dossier: Dossier
    proof: Proof
    before: Generated | None = None
    earlier: Generated | None = None

    def write(self, public: Path, auditor: Path) -> None:
        write_public(self.dossier, self.proof, public)
        write_auditor(self.dossier, self.proof, auditor)


@dataclass
class RandomReviewers:
    """Reviewers who judge at random, often alike, sometimes in versions; some are replaced, some resign.

    Among those who resign at the second asking are successors in a panel, with and without leaving that panel.
    """

    rng: random.Random
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    gone: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    dealt: dict[str, Mapping[int, tuple[str, ...]]] = field(default_factory=dict)

    def panel(self, stage: ScoredStage, receipts: Mapping[int, str]) -> Panel:
        count = 2 * stage.panel + 9 + self.rng.randrange(6)
        roster = [f"{self.rng.choice(('r', 'R', '위원'))}{index}" for index in range(count)]
        conflicts = []
        for receipt in receipts.values():
            while self.rng.random() < 0.15 and sum(one.receipt == receipt for one in conflicts) < 2:
                reviewer = self.rng.choice([*roster, "stranger"])
                conflicts.append(Conflict(receipt, reviewer, self.rng.choice(("declared", '친족, "8촌"', ""))))
        self.rng.shuffle(conflicts)
        return Panel(tuple(roster), tuple(conflicts))

    def departures(
        self, stage: ScoredStage, receipts: Mapping[int, str], seats: Mapping[int, tuple[str, ...]]
    ) -> Departures:
        self.asked[stage.code] += 1
        if self.asked[stage.code] > 2 or not seats or self.rng.random() < 0.4:
            self.asked[stage.code] = 3
            return Departures()
        numbers = self.rng.sample(sorted(seats), min(len(seats), self.rng.randrange(1, 4)))
        replaced = []
        resigned = set()
        for number, successor in self.successors(stage, seats):
            if self.rng.random() < 0.5:
                resigned.add(successor)
                numbers = [number, *(one for one in numbers if one != number)]
            if len(resigned) == 2:
                break
        for number in numbers:
            inside = [reviewer for reviewer in seats[number] if reviewer in resigned]
            reviewer = self.rng.choice(inside if inside and self.rng.random() < 0.7 else seats[number])
            replaced.append(Replacement(receipts[number], reviewer, "ill"))
            self.gone[stage.code].append((number, reviewer))
        if self.asked[stage.code] == 1:
            self.dealt[stage.code] = seats
            if self.rng.random() < 0.5:
                resigned.add(replaced[0].reviewer)
        return Departures(tuple(replaced), tuple(sorted(resigned)))

    def successors(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]]) -> list[tuple[int, str]]:
        """Who took over a slot since the first asking, and where."""
        first = self.dealt.get(stage.code, seats)
        return [
            (number, reviewer)
            for number, members in seats.items()
            for reviewer in members
            if reviewer not in first[number]
        ]

    def sheets(self, stage: ScoredStage, seats: Mapping[int, tuple[str, ...]], phase: Phase) -> Iterable[Sheet]:
        who = [(number, reviewer) for number, members in seats.items() for reviewer in members]
        if phase == 0:
            who += [one for one in self.gone[stage.code] if self.rng.random() < 0.6 and one not in who]
        self.rng.shuffle(who)
        for number, reviewer in who:
            for version in range(1, self.rng.choice((1, 1, 1, 2, 3)) + 1):
                at = START + timedelta(days=20 + 30 * phase, seconds=self.rng.randrange(10**5))
                yield Sheet(number, reviewer, version, random_points(self.rng, stage), at)


def random_points(rng: random.Random, stage: ScoredStage) -> tuple[Decimal, ...]:
    """Points of which many are alike, so that ties and lines matter."""
    tops = [int(criterion.max / stage.point_step) for criterion in stage.criteria]
    return tuple(stage.point_step * rng.choice((0, top, top // 2, top // 2, rng.randrange(top + 1))) for top in tops)


def random_rules(rng: random.Random, size: int) -> RoundRules:
    total = rng.choice(("0.01", "0.1", "1", "0.5", "0.25"))
    tracks = {code: _maybe(rng, size) for code in ("A", "B-1", "c_2")[: rng.randrange(1, 4)]}
    stages = _stages(rng, size)
    rungs = ["bonus"] + [f"stage:{stage.code}" for stage in stages]
    rungs += [f"criterion:{stage.code}.{one.code}" for stage in stages for one in stage.criteria]
    step = Decimal(total)
    methods: tuple[Method, ...] = ("ranked", "gate", "nomination", "contest")
    return RoundRules(
        edition="2021",
        programme=rng.choice(("3-1", "1-1")),
        round=f"R{rng.randrange(1, 5)}",
        method=rng.choice(methods),
        simulated=rng.random() < 0.8,
        stages=stages,
        total_step=step,
        bonus=Bonus(step * rng.randrange(0, 9), {item: step * rng.randrange(0, 6) for item in _some(rng, ITEMS)}),
        service_order=tuple(_some(rng, GROUPS[:2])) if rng.random() < 0.4 else (),
        ladder=tuple(_some(rng, rungs)),
        seats=_maybe(rng, size),
        tracks=tracks,
        caps=_caps(rng, size, sorted(tracks)),
        steps=_steps(rng, size),
        waiting=rng.choice((None, 0, 1, 2, size)),
        assignment_event=rng.choice(("로또 제955회 당첨번호", "lottery 955")),
        draw_event='로또 제960회, "보너스" 포함',
    ).checked()


def _stages(rng: random.Random, size: int) -> tuple[ScoredStage, ...]:
    count = rng.choice((0, 1, 1, 2, 3))
    cuts = sorted(rng.randrange(10001) for _ in range(count - 1))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 10000], strict=True)] if count else []
    return tuple(
        _stage(rng, code, weight, size) for code, weight in zip(("paper", "panel", "visit"), weights, strict=False)
    )


def _stage(rng: random.Random, code: str, weight: int, size: int) -> ScoredStage:
    kinds: tuple[Aggregate, ...] = ("mean", "trimmed_mean", "panel_adjusted")
    aggregate = rng.choice(kinds)
    least = {"mean": 1, "trimmed_mean": 3, "panel_adjusted": 2}[aggregate]
    point = Decimal(rng.choice(("1", "0.5", "0.1", "5", "2")))
    criteria = tuple(
        Criterion(name, point * rng.randrange(1, 9)) for name in ("fit", "plan", "x")[: rng.randrange(1, 4)]
    )
    step = Decimal(rng.choice(("0.01", "0.1", "1", "0.5", "0.001")))
    highest = sum(criterion.max for criterion in criteria)
    mark = rng.choice((None, int(highest / step / 3) * step, int(highest / step / 2) * step))
    keep = rng.choice((None, None, 1 + rng.randrange(size + 2)))
    return ScoredStage(code, criteria, point, least + rng.randrange(3), aggregate, step, mark, keep, weight)


def _caps(rng: random.Random, size: int, tracks: list[str]) -> tuple[Cap, ...]:
    caps = []
    for name in ("regional", "pair", "everybody")[: rng.randrange(4)]:
        among = tuple(_some(rng, tracks)) if rng.random() < 0.5 else None
        caps.append(Cap(name, rng.choice(("region", None)), among, rng.randrange(max(2, size // 2))))
    return tuple(caps)


def _steps(rng: random.Random, size: int) -> tuple[Step, ...]:
    steps = [Step("set_aside", group, _maybe(rng, size)) for group in _some(rng, GROUPS)]
    steps += [Step("open", None, _maybe(rng, size)) for _ in range(rng.randrange(3))]
    rng.shuffle(steps)
    return tuple(steps) or (Step("open", None, None),)


def random_applications(rng: random.Random, rules: RoundRules, size: int, salts: SeededSalts) -> list[Application]:
    found = []
    for index in range(size):
        track = rng.choice(sorted(rules.tracks))
        payload: dict[str, Json] = {
            "receipt_no": f"2021-{index:05}",
            "applicant": f"biz-{index}",
            "round": rules.round_id,
            "track": track,
            "name": rng.choice(("한빛상회", 'Cho, "Kim" & co', "가게;둘", "tab\tand\nline")),
        }
        decision = random_decision(rng, rules)
        found.append(
            Application(
                salt=salts.salt("receipt", index),
                payload=payload,
                region=decision.region,
                facts=decision.facts,
                requirement=decision.requirement,
                reason=decision.reason,
                clause=decision.clause,
                groups=decision.groups,
                bonus=decision.bonus,
            )
        )
    rng.shuffle(found)
    return found


def random_decision(rng: random.Random, rules: RoundRules) -> Decision:
    kinds: tuple[Requirement, ...] = (
        "eligible",
        "eligible",
        "eligible",
        "eligible",
        "ineligible",
        "lapsed",
        "withdrawn",
    )
    kind = rng.choice(kinds)
    eligible = kind == "eligible"
    clause = "" if eligible or (kind == "withdrawn" and rng.random() < 0.5) else "공고 4. 가, 나"
    return Decision(
        region=rng.choice(REGIONS),
        facts={"employees": rng.randrange(9), "sales": str(rng.randrange(10**9)), "listed": rng.random() < 0.5},
        requirement=kind,
        reason="" if eligible else rng.choice(("too_large", "tax_arrears", "no_certificate")),
        clause=clause,
        groups=tuple(_some(rng, GROUPS)),
        bonus=tuple(_some(rng, sorted(rules.bonus.items))),
    )


def random_offers(rng: random.Random, waiting: WaitingList) -> None:
    """Carry a waiting list on at random; every offer is answered in the end."""
    today = date(2021, 6, 1)
    for _ in range(rng.randrange(25)):
        today += timedelta(days=rng.choice((0, 0, 1, 3)))
        act = rng.randrange(4)
        if act == 0 and waiting.holders:
            waiting.give_back(rng.choice(sorted(waiting.holders)), today)
        elif act == 1:
            waiting.offer(today)
        elif waiting.open_offers:
            answer_one(rng, waiting, today)
    while waiting.open_offers:
        answer_one(rng, waiting, today)


def answer_one(rng: random.Random, waiting: WaitingList, today: date) -> None:
    number = rng.choice(sorted(waiting.open_offers))
    rng.choice((waiting.accept, waiting.accept, waiting.refuse, waiting.expire))(number, today)


def generate(rng: random.Random, size: int | None = None) -> Generated:
    """Make a round of ``size`` receipts (random if left out); about a third are addenda with the round before.

    Some of these are second addenda.
    """
    size = rng.choice(SIZES) if size is None else size
    rules = random_rules(rng, size)
    salts = SeededSalts(str(rng.getrandbits(64)))
    reviewers = RandomReviewers(rng)
    addendum = rng.random() < 0.35
    values = PublicValues("3, 7, 12, 25", f"{rng.getrandbits(32)}")
    record = build_round(
        rules=rules,
        programme={"제목".encode().hex(): "판로 지원", "code": rules.programme, "tracks": sorted(rules.tracks)},
        applications=random_applications(rng, rules, size, salts),
        reviewers=reviewers,
        values=values,
        salts=salts,
        offers=None if addendum else lambda waiting: random_offers(rng, waiting),
    )
    chain = _started(rng)
    times = RoundTimes(START, START + timedelta(days=25), START + timedelta(days=30))
    dossier = render(record)
    positions = [_enter(rng, chain, entry) for entry in round_entries(record, dossier.root, times)]
    first = Generated(record, dossier, chain.proof(positions))
    made = first
    for _ in range(rng.choice((1, 1, 2)) if addendum else 0):
        earlier = None if made is first else made
        made = random_addendum(
            rng, first, reviewers=reviewers, salts=salts, chain=chain, positions=positions, earlier=earlier
        )
    return made


def random_addendum(
    rng: random.Random,
    first: Generated,
    *,
    reviewers: RandomReviewers,
    salts: SeededSalts,
    chain: Chain,
    positions: list[int],
    earlier: Generated | None = None,
) -> Generated:
    """Change a generated round by objections; a later addendum may decide anew on who objected in an earlier one."""
    before = first.record
    numbers = [case.result_no for case in before.cases]
    decisions = {number: random_decision(rng, before.rules) for number in numbers if rng.random() < 0.15}
    objections = [number for number in numbers if rng.random() < 0.2]
    last = earlier.record.addendum if earlier is not None else None
    if last is not None:
        objections += last.objections
        for one in last.former:
            decisions.setdefault(one.case.result_no, random_decision(rng, before.rules))
    objections += [number for number, decision in decisions.items() if decision.requirement == "eligible"]
    departures = random_departures(rng, before, objections, last)
    record = build_addendum(
        before,
        root=first.dossier.root,
        objections=objections,
        decisions=decisions,
        reviewers=reviewers,
        salts=salts,
        departures=departures,
        earlier=last,
        offers=lambda waiting: random_offers(rng, waiting),
    )
    dossier = render(record)
    times = RoundTimes(START, START + timedelta(days=25), START + timedelta(days=60))
    published = _enter(rng, chain, round_published(record, dossier.root, times))
    proof = chain.proof([*positions[:2], published], through=len(chain.seals))
    return Generated(record, dossier, proof, first, earlier)


def random_departures(
    rng: random.Random, before: RoundRecord, objections: list[int], earlier: Addendum | None
) -> dict[str, list[Departures]]:
    """Let members of the new panels leave, in one or two goes for a stage; some resign, successors among them."""
    known = set() if earlier is None else set(earlier.objections)
    new = sorted(set(objections) - known)
    found: dict[str, list[Departures]] = {}
    for stage in before.rules.stages:
        for _ in range(rng.choice((0, 1, 2)) if new else 0):
            seats = objection_panels(before, objections, found, earlier)[stage.code]
            numbers = [number for number in new if seats[number] and rng.random() < 0.4][:2]
            replaced = []
            for number in numbers:
                receipt = before.cases[number - 1].receipt
                replaced.append(Replacement(receipt, rng.choice(seats[number]), rng.choice(("ill", "친족"))))
            resigned = tuple(one.reviewer for one in replaced if rng.random() < 0.4)
            found.setdefault(stage.code, []).append(Departures(tuple(replaced), resigned))
    return found


def _started(rng: random.Random) -> Chain:
    chain = Chain()
    for _ in range(rng.randrange(3)):
        _enter(rng, chain, Entry.of({"act": "signed_up", "at": "2021-03-17T00:00:00Z", "by": "사람"}))
    return chain


def _enter(rng: random.Random, chain: Chain, entry: Entry) -> int:
    """Append an entry among strangers, and seal."""
    for _ in range(rng.randrange(4)):
        chain.append(Entry.of({"act": "mail_sent", "n": rng.randrange(99)}))
    position = chain.append(entry)
    for _ in range(rng.randrange(4)):
        chain.append(Entry.of({"act": "mail_sent", "n": rng.randrange(99)}))
    chain.seal()
    if rng.random() < 0.3:
        chain.seal()
    return position


def _maybe(rng: random.Random, size: int) -> int | None:
    return rng.choice((None, None, rng.randrange(size + 2), size // 2))


def _some[T](rng: random.Random, values: Iterable[T]) -> list[T]:
    chosen = [value for value in values if rng.random() < 0.5]
    rng.shuffle(chosen)
    return chosen
