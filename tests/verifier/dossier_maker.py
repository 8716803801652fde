"""Makes small valid dossiers by hand from docs/selection-spec.md, for the tests of the verifier.

Shares no code with the verifier, and is written for plainness: fractions, recursion, lists.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from fractions import Fraction
from itertools import count
from math import floor
from typing import TYPE_CHECKING, Any

from verifier.made_files import canonical, commit, dec, h, line, m, root_of, rows_of, table, to_step, with_proof
from verifier.made_places import Places, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.made_files import Files, Row
    from verifier.made_places import Plan


class Maker(Places):
    def __init__(self, plan: Plan) -> None:
        self.plan, self.rules, self.rng = plan, plan.rules, plan.rng
        self.round_id = "/".join(self.rules[key] for key in ("edition", "programme", "round"))
        self._salts = count()
        opened = []
        for one in plan.applicants:
            payload = {
                "receipt_no": one["receipt_no"], "applicant": f'가게 {one["receipt_no"]}, "점"',
                "round": self.round_id, "track": one["track"], "asked": [1, -2, None, True],
            }  # fmt: skip
            salt = self.salt()
            opened.append((commit(salt, payload), salt, canonical(payload), one))
        opened.sort(key=lambda row: row[0])
        self.receipts = {n: row[0] for n, row in enumerate(opened, 1)}
        self.pool_root = m([r.encode() for r in self.receipts.values()]).hex()
        self.cases: dict[int, Row] = {}
        self.facts: dict[int, tuple[str, str]] = {}
        self.openings = [(n, salt, payload) for n, (_, salt, payload, _) in enumerate(opened, 1)]
        for n, (_, _, _, one) in enumerate(opened, 1):
            self.cases[n] = self.case_row(n, one)
        self.assignment: list[tuple[str, int, int, int, str]] = []
        self.scores: list[tuple[Any, ...]] = []
        self.panels: dict[str, dict[int, list[str]]] = {}
        self.ever: dict[str, dict[int, set[str]]] = {}
        self.last: dict[tuple[str, int, str, int], list[Fraction]] = {}
        self.severity: dict[str, dict[str, Fraction]] = {}
        self.opened_panels: dict[str, dict[str, Any]] = {}
        self.new_panels: dict[str, dict[int, list[str]]] = {}
        self.rounds: list[set[int]] = []
        self.told: dict[str, list[dict[str, Any]]] = {}
        self.place_of: dict[int, str | None] = {}
        self.panel_salts = {stage["code"]: self.salt() for stage in self.rules["stages"]}

    def salt(self) -> str:
        return hashlib.sha256(f"salt {next(self._salts)}".encode()).hexdigest()

    def case_row(self, n: int, one: Row) -> Row:
        keys = ("track", "region", "requirement", "reason", "clause", "groups", "bonus")
        facts = {"of": one["receipt_no"], "known": {"region": one["region"]}}
        self.facts[n] = (self.salt(), canonical(facts))
        return {"result_no": str(n), **{k: one[k] for k in keys}, "facts": commit(self.facts[n][0], facts)}

    # Section 6

    def a(self, stage: str) -> str:
        return h(
            "panro-assignment-1", self.round_id, stage, self.rules["assignment_event"], "value of the day",
            self.pool_root,
        )  # fmt: skip

    def assign(self, stage: dict[str, Any], people: list[int]) -> None:  # noqa: C901 - one section in one piece
        code, k, a = stage["code"], stage["panel"], self.a(stage["code"])
        plan = self.plan.rosters[code]
        roster, numbers = sorted(plan["roster"]), {r: n for n, r in self.receipts.items()}
        conflicts = {(self.receipts[n], reviewer) for n, reviewer in plan["conflicts"]}

        def stream() -> Iterator[str]:
            for lap in count(1):
                yield from sorted(roster, key=lambda reviewer: h(a, "lap", lap, reviewer))

        draws, deferred, panels = stream(), [], {}
        for receipt in sorted((self.receipts[n] for n in people), key=lambda r: h(a, "applicant", r)):
            panel: list[str] = []
            for reviewer in list(deferred):
                if len(panel) == k:
                    break
                if reviewer not in panel and (receipt, reviewer) not in conflicts:
                    panel.append(reviewer)
                    deferred.remove(reviewer)
            while len(panel) < k:
                reviewer = next(draws)
                if reviewer in panel or (receipt, reviewer) in conflicts:
                    deferred.append(reviewer)
                else:
                    panel.append(reviewer)
            panels[receipt] = panel
        ever = {r: set(p) for r, p in panels.items()}
        replaced: list[list[str]] = []
        for _ in range(self.plan.replacements if panels else 0):
            receipt = self.rng.choice(sorted(panels))
            leaver = self.rng.choice(panels[receipt])
            load = Counter(reviewer for panel in panels.values() for reviewer in panel)
            load[leaver] -= 1
            out = {r for one, r, _ in replaced if one == receipt} | {leaver}
            free = [
                r for r in roster
                if r not in panels[receipt] and (receipt, r) not in conflicts and r not in out
                and plan["resigned"].get(r, len(replaced) + 1) > len(replaced)
            ]  # fmt: skip
            if not free:
                continue
            replaced.append([receipt, leaver, "away"])
            new = min(free, key=lambda r: (load[r], h(a, "replace", receipt, r)))
            panels[receipt][panels[receipt].index(leaver)] = new
            ever[receipt].add(new)
        self.opened_panels[code] = {
            "roster": roster,
            "conflicts": sorted([receipt, reviewer, "family"] for receipt, reviewer in conflicts),
            "replaced": replaced,
            "resigned": sorted([reviewer, after] for reviewer, after in plan["resigned"].items()),
        }
        self.panels[code] = {numbers[r]: p for r, p in panels.items()}
        self.ever[code] = {numbers[r]: e for r, e in ever.items()}
        for n in people:
            self.assignment += [(code, 0, n, slot, r) for slot, r in enumerate(self.panels[code][n], 1)]

    # Section 7

    def write_score(self, stage: dict[str, Any], n: int, reviewer: str, phase: int, versions: int) -> None:
        for version in range(1, versions + 1):
            points = []
            for criterion in stage["criteria"]:
                steps = floor(Fraction(criterion["max"]) / Fraction(stage["point_step"]))
                points.append(self.rng.randint(steps // 3, steps) * Fraction(stage["point_step"]))
            self.last[stage["code"], n, reviewer, phase] = points
            text = ";".join(dec(p, stage["point_step"]) for p in points)
            at, salt = f"2021-05-0{version}T09:00:0{phase}Z", self.salt()
            c = h("panro-score-1", salt, stage["code"], self.receipts[n], reviewer, version, phase, text, at)
            self.scores.append((stage["code"], n, reviewer, version, phase, text, at, salt, c))

    def evaluate(self, stage: dict[str, Any], people: list[int]) -> None:
        code = stage["code"]
        self.assign(stage, people)
        for n in people:
            for reviewer in sorted(self.ever[code][n]):
                if reviewer in self.panels[code][n]:
                    self.write_score(stage, n, reviewer, 0, self.rng.choice((1, 1, 1, 2)))
                else:
                    self.write_score(stage, n, reviewer, 0, self.rng.choice((0, 1)))
        self.severity[code] = {}
        if stage["aggregate"] == "panel_adjusted":
            above: dict[str, list[Fraction]] = {}
            for n in people:
                t = {r: sum(self.last[code, n, r, 0]) for r in self.panels[code][n]}
                for r, total in t.items():
                    above.setdefault(r, []).append(Fraction(stage["panel"] * total - sum(t.values())))
            for r, values in above.items():
                mean = sum(values) / ((stage["panel"] - 1) * len(values))
                self.severity[code][r] = to_step(mean, "0.0001")

    def mark(self, stage: dict[str, Any], n: int, panel: list[str], phase: int) -> tuple[Fraction, list[Fraction]]:
        code, k = stage["code"], stage["panel"]
        points = [self.last[code, n, r, phase] for r in panel]
        t = [sum(p, Fraction(0)) for p in points]
        score = Fraction(sum(t), k)
        if stage["aggregate"] == "trimmed_mean":
            score = Fraction(sum(sorted(t)[1:-1]), k - 2)
        if stage["aggregate"] == "panel_adjusted":
            score = (sum(t) - sum(self.severity[code].get(r, Fraction(0)) for r in panel)) / k
            score = min(max(score, Fraction(0)), sum(Fraction(c["max"]) for c in stage["criteria"]))
        means = [to_step(sum(column, Fraction(0)) / k, "0.01") for column in zip(*points, strict=True)]
        return to_step(score, stage["step"]), means

    # Sections 5, 8 and 10

    # One section of the specification in one piece, to be read beside it.
    def run(  # noqa: C901, PLR0912 - see above
        self, cases: dict[int, Row], again: tuple[Result, set[int]] | None = None
    ) -> Result:
        people = [n for n in cases if cases[n]["requirement"] == "eligible"]
        rows, stages, lines = {}, [], []
        for n in cases:
            if n not in people:
                rows[n] = {"outcome": cases[n]["requirement"], "reason": cases[n]["reason"]}
        marks: dict[int, dict[str, Fraction]] = {n: {} for n in people}
        scores: dict[int, list[Fraction]] = {n: [] for n in people}
        for at, stage in enumerate(self.rules["stages"]):
            code = stage["code"]
            if again is None:
                self.evaluate(stage, people)
            else:
                self.object(stage, [n for n in people if n in again[1]])
            got = {}
            for n in people:
                phase = int(again is not None and n in again[1])
                panel = self.new_panels[code][n] if phase else self.panels[code][n]
                got[n] = self.mark(stage, n, panel, phase)
            mark = None if stage["pass_mark"] is None else Fraction(stage["pass_mark"])
            level = sorted((s for s, _ in got.values() if mark is None or s >= mark), reverse=True)
            cut: Fraction | None = None
            if stage["keep"] is not None and len(level) > stage["keep"]:
                cut = level[stage["keep"] - 1]
            if again is not None:
                cut = again[0].lines[at]
            lines.append(cut)
            following = []
            for n in people:
                score, means = got[n]
                standing, need = "passed", score
                if mark is not None and score < mark:
                    standing, need = "below_mark", mark
                elif cut is not None and score < cut:
                    standing, need = "below_line", cut
                else:
                    following.append(n)
                if need != score:
                    detail = f"{code}:{dec(need - score, stage['step'])}"
                    rows[n] = {"outcome": "not_selected", "reason": standing, "detail": detail}
                criteria = ";".join(dec(x, "0.01") for x in means)
                stages.append((code, n, dec(score, stage["step"]), criteria, standing))
                scores[n].append(score)
                marks[n] |= {f"stage:{code}": score}
                marks[n] |= {f"criterion:{code}.{c['code']}": x for c, x in zip(stage["criteria"], means, strict=True)}
            people = following
        selected = self.select(cases, people, scores, marks, rows, None if again is None else again[0].selected)
        return Result(dict(sorted(rows.items())), stages, lines, selected)

    def scores_root(self) -> str:
        return m([s[-1].encode() for s in sorted(self.scores, key=lambda s: s[-1]) if s[4] == 0]).hex()

    def seed(self) -> str:
        return h(
            "panro-seed-1", self.round_id, self.rules["draw_event"], "lottery 123", self.pool_root, self.scores_root()
        )

    # Section 10

    def object(self, stage: dict[str, Any], people: list[int]) -> None:
        code, a, panel, k = stage["code"], self.a(stage["code"]), self.opened_panels[stage["code"]], stage["panel"]
        conflicts = {(receipt, reviewer) for receipt, reviewer, _ in panel["conflicts"]}
        gone = {reviewer for reviewer, _ in panel["resigned"]}
        seats: dict[int, list[str]] = {}
        ever: dict[int, set[str]] = {}

        def best(n: int, word: str, out: set[str]) -> list[str]:
            load = Counter(r for members in seats.values() for r in members)
            free = [
                r for r in panel["roster"]
                if (self.receipts[n], r) not in conflicts and r not in self.ever[code].get(n, set()) | out
            ]  # fmt: skip
            return sorted(free, key=lambda r: (load[r], h(a, word, self.receipts[n], r)))

        for numbers in self.rounds:
            for n in sorted(numbers):
                seats[n] = best(n, "objection", gone)[:k]
                ever[n] = {*seats[n]}
            replaced: list[list[str]] = []
            resigned: dict[str, int] = {}
            for _ in range(self.plan.replacements_again if numbers else 0):
                n = self.rng.choice(sorted(numbers))
                leaver = self.rng.choice(seats[n] or [""])
                out = {r for one, r, _ in replaced if one == self.receipts[n]} | {leaver, *seats[n], *gone, *resigned}
                seats[n] = [r for r in seats[n] if r != leaver] if (old := seats[n]) else []
                following = best(n, "objection-replace", out)
                if not following or not old:
                    seats[n] = old
                    continue
                if self.rng.random() < 0.4:
                    resigned.setdefault(leaver, len(replaced))
                replaced.append([self.receipts[n], leaver, "ill"])
                seats[n] = [following[0] if r == leaver else r for r in old]
                ever[n].add(following[0])
            self.told[code].append({"replaced": replaced, "resigned": sorted([r, n] for r, n in resigned.items())})
            gone |= {*resigned}
        assert all(len(seats[n]) == k for n in people)
        self.new_panels[code] = {n: seats[n] for n in people}
        new = [(code, 1, n, slot, r) for n in people for slot, r in enumerate(seats[n], 1)]
        for n in people:
            for r in sorted(ever[n]):
                if r in seats[n] or self.rng.random() < 0.5:
                    self.write_score(stage, n, r, 1, self.rng.choice((1, 2)))
        last = max((i for i, row in enumerate(self.assignment) if row[0] == code), default=len(self.assignment) - 1)
        self.assignment[last + 1 : last + 1] = new

    def addendum(self, objections: set[int] | list[set[int]], changes: dict[int, Row]) -> Files:
        """Judge objections, those of several addenda if a list; `changes` are new rows of applicants (no number)."""
        self.rounds = objections if isinstance(objections, list) else [objections]
        everybody = set().union(*self.rounds)
        before, old_files = self.result, self.files
        old = {n: self.cases[n] for n in sorted(changes)}
        self.cases = {n: self.case_row(n, changes[n]) if n in changes else row for n, row in self.cases.items()}
        self.new_panels, self.place_of = {}, {}
        self.told = {stage["code"]: [] for stage in self.rules["stages"]}
        after = self.run(self.cases, (before, everybody))
        salts = {code: self.salt() for code in self.told}
        told = {
            "number": len(self.rounds), "of": root_of(old_files), "objections": [sorted(one) for one in self.rounds],
            "cases": list(old.values()),
            "stages": [
                row for row in rows_of(old_files["stages.csv"]) if int(row["result_no"]) in everybody | {*changes}
            ],
            "panels": {code: commit(salts[code], changed) for code, changed in self.told.items()},
        }  # fmt: skip
        changed = [
            (n, b["outcome"], x["outcome"], b.get("total", ""), x.get("total", ""))
            for (n, b), x in zip(before.rows.items(), after.rows.values(), strict=True)
            if (b["outcome"], b.get("total")) != (x["outcome"], x.get("total"))
        ]
        extra = {
            "addendum.json": line(told),
            "difference.csv": table("result_no, before, after, total_before, total_after", changed),
            "auditor/objections.csv": table(
                "stage, salt, payload", ((code, salts[code], canonical(one)) for code, one in self.told.items())
            ),
        }
        return self.write_files(after, extra)

    def make(self) -> Files:
        """Return the auditor's dossier of the round."""
        self.result = self.run(self.cases)
        self.files = self.write_files(self.result, {})
        return self.files

    def write_files(self, result: Result, extra: Files) -> Files:
        order = {stage["code"]: i for i, stage in enumerate(self.rules["stages"])}
        scores = sorted(self.scores, key=lambda s: (order[s[0]], *s[1:4]))
        draw = {
            "round": self.round_id, "assignment_event": self.rules["assignment_event"],
            "assignment_value": "value of the day", "draw_event": self.rules["draw_event"],
            "draw_value": "lottery 123", "pool_root": self.pool_root, "scores_root": self.scores_root(),
            "seed": self.seed(),
        }  # fmt: skip
        columns = "result_no, outcome, reason, detail, step, rank, service, base, bonus, total, draw, position"
        commitments = {c: commit(self.panel_salts[c], p) for c, p in self.opened_panels.items()}
        files: Files = {
            "rules.json": line(self.rules),
            "programme.json": line({"title": "온라인 판로", "pages": [1, 2]}),
            "panels.json": line(commitments),
            "pool.csv": table("result_no, receipt", self.receipts.items()),
            "cases.csv": table(
                "result_no, track, region, requirement, reason, clause, groups, bonus, facts",
                (row.values() for row in self.cases.values()),
            ),
            "scores.csv": table("phase, commitment", sorted((s[4], s[8]) for s in scores)),
            "stages.csv": table("stage, result_no, score, criteria, standing", result.stages),
            "draw.json": line(draw),
            "results.csv": table(
                columns, ([n, *(row.get(c, "") for c in columns.split(", ")[1:])] for n, row in result.rows.items())
            ),
            "offers.csv": table("seq, on, result_no, event", self.offer_rows(self.cases, result.rows)),
            "auditor/receipts.csv": table("result_no, salt, payload", self.openings),
            "auditor/facts.csv": table("result_no, salt, payload", ((n, *self.facts[n]) for n in self.cases)),
            "auditor/panels.csv": table(
                "stage, salt, payload",
                ((c, self.panel_salts[c], canonical(self.opened_panels[c])) for c in order),
            ),
            "auditor/assignment.csv": table("stage, phase, result_no, slot, reviewer", self.assignment),
            "auditor/scores.csv": table(
                "stage, result_no, reviewer, version, phase, points, at, salt", (s[:8] for s in scores)
            ),
            **extra,
        }
        return with_proof(files)
