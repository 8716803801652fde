"""A second, naive selection: the specification read again, with fractions, texts and loops over everything."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from panro.dossier.model import RoundRecord
    from panro.rules.selection.model import Case

type Plain = dict[str, Any]
type Points = dict[tuple[int, str], list[Fraction]]


def h(tag: str, *parts: object) -> str:
    raw = b""
    for part in (tag, *parts):
        text = str(part).encode("utf-8")
        raw += len(text).to_bytes(8, "big") + text
    return hashlib.sha256(raw).hexdigest()


def merkle(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + merkle(leaves[:split]) + merkle(leaves[split:])).digest()


def rounded(x: Fraction, step: str) -> Fraction:
    return floor(x / Fraction(step) + Fraction(1, 2)) * Fraction(step)


def written(x: Fraction, step: str) -> str:
    digits = len(step.partition(".")[2])
    scaled = x * 10**digits
    assert scaled.denominator == 1
    text = str(abs(int(scaled))).rjust(digits + 1, "0")
    text = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{text}" if scaled < 0 else text


class Oracle:
    """Recomputes a record's stages, results and differences as the cells of their tables."""

    def __init__(self, record: RoundRecord) -> None:
        self.record = record
        self.rules: Any = record.rules.to_json()
        self.round = f"{self.rules['edition']}/{self.rules['programme']}/{self.rules['round']}"
        self.now = {case.result_no: case for case in record.cases}
        self.then = dict(self.now)
        if record.addendum:
            self.then |= {one.case.result_no: one.case for one in record.addendum.former}
        self.pool_root = merkle(sorted(case.receipt.encode() for case in record.cases)).hex()

    def run(self) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]], list[tuple[str, ...]]]:
        before = self.play(self.then, None)
        if self.record.addendum is None:
            return before["stage_rows"], before["rows"], []
        after = self.play(self.now, before)
        both = zip(before["rows"], after["rows"], strict=True)
        changed = [(b[0], b[1], a[1], b[9], a[9]) for b, a in both if (b[1], b[9]) != (a[1], a[9])]
        return after["stage_rows"], after["rows"], changed

    def key(self, stage: str) -> str:
        event, value = self.rules["assignment_event"], self.record.draw.assignment_value
        return h("panro-assignment-1", self.round, stage, event, value, self.pool_root)

    def points(self, stage: str, phase: int) -> Points:
        found = {}
        for score in sorted(self.record.scores, key=lambda one: one.version):
            if (score.stage, score.phase) == (stage, phase):
                found[score.result_no, score.reviewer] = [Fraction(point) for point in score.points]
        return found

    def panels(self, stage: Plain, numbers: list[int]) -> tuple[dict[int, list[str]], dict[int, set[str]]]:
        a, size = self.key(stage["code"]), stage["panel"]
        panel: Any = self.record.panels[stage["code"]].panel.to_json()
        receipt = {number: self.now[number].receipt for number in numbers}
        clash = {(one[0], one[1]) for one in panel["conflicts"]}
        queue: list[str] = []
        lap = 0
        waiting: list[str] = []
        found: dict[int, list[str]] = {}
        for number in sorted(numbers, key=lambda n: h(a, "applicant", receipt[n])):
            mine: list[str] = []
            for reviewer in list(waiting):
                if len(mine) < size and reviewer not in mine and (receipt[number], reviewer) not in clash:
                    waiting.remove(reviewer)
                    mine.append(reviewer)
            while len(mine) < size:
                if not queue:
                    lap += 1
                    queue = sorted(panel["roster"], key=lambda r: h(a, "lap", lap, r))
                reviewer = queue.pop(0)
                if reviewer in mine or (receipt[number], reviewer) in clash:
                    waiting.append(reviewer)
                else:
                    mine.append(reviewer)
            found[number] = mine
        ever = {number: set(mine) for number, mine in found.items()}
        for index, (whose, old, _) in enumerate(panel["replaced"]):
            number = next(n for n in numbers if receipt[n] == whose)
            slot = found[number].index(old)
            rest = found[number][:slot] + found[number][slot + 1 :]
            found[number] = rest
            named = {r for w, r, _ in panel["replaced"][: index + 1] if w == whose}
            left = [r for r, n in panel["resigned"] if n < index + 1]
            able = [
                r
                for r in panel["roster"]
                if r not in rest and (whose, r) not in clash and r not in named and r not in left
            ]
            new = min(able, key=lambda r: (sum(r in mine for mine in found.values()), h(a, "replace", whose, r)))
            found[number] = [*rest[:slot], new, *rest[slot:]]
            ever[number].add(new)
        return found, ever

    def objection_panels(self, stage: Plain, numbers: list[int], ever: dict[int, set[str]]) -> dict[int, list[str]]:
        a = self.key(stage["code"])
        panel: Any = self.record.panels[stage["code"]].panel.to_json()
        clash = {(one[0], one[1]) for one in panel["conflicts"]}
        found: dict[int, list[str]] = {}
        for number in sorted(numbers):
            whose = self.now[number].receipt
            out = ever.get(number, set()) | {r for r, _ in panel["resigned"]}
            able = [r for r in panel["roster"] if r not in out and (whose, r) not in clash]
            load = {r: sum(r in mine for mine in found.values()) for r in able}
            found[number] = sorted(able, key=lambda r: (load[r], h(a, "objection", whose, r)))[: stage["panel"]]
        return found

    def severity(self, stage: Plain, panels: dict[int, list[str]], points: Points) -> dict[str, Fraction]:
        found = {}
        for reviewer in {r for mine in panels.values() for r in mine}:
            mine = [n for n, members in panels.items() if reviewer in members]
            total = Fraction(0)
            for n in mine:
                total += stage["panel"] * sum(points[n, reviewer]) - sum(sum(points[n, r]) for r in panels[n])
            found[reviewer] = rounded(total / ((stage["panel"] - 1) * len(mine)), "0.0001")
        return found

    def score(
        self, stage: Plain, members: list[str], sheets: list[list[Fraction]], severity: dict[str, Fraction]
    ) -> Fraction:
        totals = sorted(sum(sheet, Fraction(0)) for sheet in sheets)
        if stage["aggregate"] == "trimmed_mean":
            totals = totals[1:-1]
        value = sum(totals) / Fraction(len(totals))
        if stage["aggregate"] == "panel_adjusted":
            value -= sum(severity.get(r, Fraction(0)) for r in members) / len(members)
            value = max(Fraction(0), min(value, sum(Fraction(c["max"]) for c in stage["criteria"])))
        return rounded(value, stage["step"])

    def play(self, cases: dict[int, Case], before: Plain | None) -> Plain:
        """Play a round, or with ``before`` its re-run."""
        people = sorted(n for n, case in cases.items() if case.requirement == "eligible")
        stages: dict[str, Plain] = {}
        for stage in self.rules["stages"]:
            stages[stage["code"]] = one = self.judge(stage, people, before["stages"][stage["code"]] if before else None)
            people = [n for n in people if one["standing"][n] == "passed"]
        order, facts = self.order(cases, people, stages)
        won = self.give(cases, order)
        rows = self.result_rows(
            cases, stages, order=order, facts=facts, won=won, before=before["won"] if before else None
        )
        stage_rows = [row for one in stages.values() for row in one["rows"]]
        return {"stages": stages, "stage_rows": stage_rows, "rows": rows, "won": won}

    def judge(self, stage: Plain, people: list[int], old: Plain | None) -> Plain:
        objections = set(self.record.addendum.objections) if old is not None and self.record.addendum else set()
        code = stage["code"]
        if old is None:
            panels, ever = self.panels(stage, people)
            points = self.points(code, 0)
            severity = self.severity(stage, panels, points) if stage["aggregate"] == "panel_adjusted" else {}
        else:
            panels = self.objection_panels(stage, [n for n in people if n in objections], old["ever"])
            ever, points, severity = old["ever"], self.points(code, 1), old["severity"]
        sheets = {n: [points[n, r] for r in members] for n, members in panels.items()}
        score = {n: self.score(stage, panels[n], sheets[n], severity) for n in panels}
        mean = {n: [rounded(sum(c) / Fraction(len(c)), "0.01") for c in zip(*sheets[n], strict=True)] for n in panels}
        if old is not None:
            score |= {n: old["score"][n] for n in people if n not in objections}
            mean |= {n: old["mean"][n] for n in people if n not in objections}
        line = self.line(stage, list(score.values())) if old is None else old["line"]
        standing, short = {}, {}
        for n in people:
            standing[n], lacking = self.stand(stage, score[n], line)
            if old is not None and n not in objections:
                standing[n] = old["standing"][n]
            if standing[n] != "passed":
                short[n] = f"{code}:{written(lacking, stage['step'])}"
        rows = []
        for n in people:
            cells = ";".join(written(value, "0.01") for value in mean[n])
            rows.append((code, str(n), written(score[n], stage["step"]), cells, standing[n]))
        return {
            "score": score, "mean": mean, "standing": standing, "short": short, "line": line, "ever": ever,
            "severity": severity, "rows": rows,
        }  # fmt: skip

    def line(self, stage: Plain, scores: list[Fraction]) -> Fraction | None:
        over = sorted(
            (s for s in scores if stage["pass_mark"] is None or s >= Fraction(stage["pass_mark"])), reverse=True
        )
        return over[stage["keep"] - 1] if stage["keep"] is not None and len(over) > stage["keep"] else None

    def stand(self, stage: Plain, score: Fraction, line: Fraction | None) -> tuple[str, Fraction]:
        if stage["pass_mark"] is not None and score < Fraction(stage["pass_mark"]):
            return "below_mark", Fraction(stage["pass_mark"]) - score
        if line is not None and score < line:
            return "below_line", line - score
        return "passed", Fraction(0)

    def seed(self) -> str:
        both = zip(self.record.scores, self.record.commitments, strict=True)
        scores_root = merkle(sorted(commitment.encode() for score, commitment in both if score.phase == 0)).hex()
        event, value = self.rules["draw_event"], self.record.draw.draw_value
        return h("panro-seed-1", self.round, event, value, self.pool_root, scores_root)

    def order(
        self, cases: dict[int, Case], people: list[int], stages: dict[str, Plain]
    ) -> tuple[list[int], dict[int, Plain]]:
        rules, step, seed = self.rules, self.rules["total_step"], self.seed()
        facts: dict[int, Plain] = {}
        for n in people:
            parts = [stage["weight"] * stages[stage["code"]]["score"][n] for stage in rules["stages"]]
            base = rounded(sum(parts, Fraction(0)) / 10000, step)
            items = [Fraction(rules["bonus"]["items"][item]) for item in cases[n].bonus]
            bonus = min(Fraction(rules["bonus"]["cap"]), sum(items, Fraction(0)))
            places = [index for index, group in enumerate(rules["service_order"], 1) if group in cases[n].groups]
            service = min([*places, len(rules["service_order"]) + 1])
            tie = [service, -(base + bonus)]
            for rung in rules["ladder"]:
                kind, _, name = rung.partition(":")
                if kind == "bonus":
                    tie.append(-bonus)
                elif kind == "stage":
                    tie.append(-stages[name]["score"][n])
                else:
                    code, _, criterion = name.partition(".")
                    names = [one["code"] for one in self.record.rules.stage(code).to_json()["criteria"]]  # type: ignore[union-attr]
                    tie.append(-stages[code]["mean"][n][names.index(criterion)])
            draw = h("panro-draw-1", self.round, seed, cases[n].receipt)
            facts[n] = {"tie": tie, "draw": draw, "base": base, "bonus": bonus}
        return sorted(people, key=lambda n: (facts[n]["tie"], facts[n]["draw"])), facts

    def caps(self, case: Case) -> list[tuple[str, int]]:
        found = []
        for cap in self.rules["caps"]:
            if cap["tracks"] is None or case.track in cap["tracks"]:
                found += [(f"{cap['name']}:{case.region}" if cap["by"] else cap["name"], cap["limit"])]
        if self.rules["tracks"][case.track] is not None:
            found += [(f"track:{case.track}", self.rules["tracks"][case.track])]
        return [*found, ("seats", self.rules["seats"])] if self.rules["seats"] is not None else found

    def counted(self, cases: dict[int, Case], won: dict[int, str], key: str) -> list[int]:
        return [n for n in won if key in [name for name, _ in self.caps(cases[n])]]

    def full(self, cases: dict[int, Case], won: dict[int, str], case: Case) -> list[str]:
        return [key for key, limit in self.caps(case) if len(self.counted(cases, won, key)) >= limit]

    def give(self, cases: dict[int, Case], order: list[int]) -> dict[int, str]:
        won: dict[int, str] = {}
        for step in self.rules["steps"]:
            given = 0
            for n in order:
                room = step["seats"] is None or given < step["seats"]
                fits = step["kind"] == "open" or step["group"] in cases[n].groups
                if n not in won and room and fits and not self.full(cases, won, cases[n]):
                    won[n] = "open" if step["kind"] == "open" else f"set_aside:{step['group']}"
                    given += 1
        return won

    def result_rows(
        self,
        cases: dict[int, Case],
        stages: dict[str, Plain],
        *,
        order: list[int],
        facts: dict[int, Plain],
        won: dict[int, str],
        before: dict[int, str] | None,
    ) -> list[tuple[str, ...]]:
        held = before or {}
        queue = [n for n in order if n not in won and n not in held][: self.rules["waiting"]]
        step = self.rules["total_step"]
        rows: list[tuple[str, ...]] = []
        for n in sorted(cases):
            tail = ("",) * 6
            if n in facts:
                one = facts[n]
                amounts = [written(x, step) for x in (one["base"], one["bonus"], one["base"] + one["bonus"])]
                tail = (str(order.index(n) + 1), str(one["tie"][0]), amounts[0], amounts[1], amounts[2], one["draw"])
            stopped = [(one["standing"][n], one["short"][n], "") for one in stages.values() if n in one["short"]]
            if n in won:
                head = ("selected", "selected" if before is None or n in held else "objection", "", won[n])
            elif n in held:
                head = ("selected", "kept", "", held[n])
            elif cases[n].requirement != "eligible":
                head = (cases[n].requirement, cases[n].reason, "", "")
            elif stopped:
                head = ("not_selected", *stopped[0])
            else:
                head = ("waiting" if n in queue else "not_selected", *self.why(cases, order, facts, won, n), "")
            rows.append((str(n), *head, *tail, str(queue.index(n) + 1) if n in queue else ""))
        return rows

    def why(
        self, cases: dict[int, Case], order: list[int], facts: dict[int, Plain], won: dict[int, str], n: int
    ) -> tuple[str, str]:
        full = self.full(cases, won, cases[n])
        among = self.counted(cases, won, full[0]) if full else list(won)
        last = max((order.index(one) + 1 for one in among), default=0)
        tie = 0 < last < order.index(n) + 1 and facts[order[last - 1]]["tie"] == facts[n]["tie"]
        return "lost_draw" if tie else "full", f"{full[0] if full else 'steps'}@{last}"
