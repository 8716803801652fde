"""Who gets a place, and what becomes of it (section 8 of docs/selection-spec.md), by hand, for the tests."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verifier.made_files import dec, h, to_step

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from verifier.made_files import Row

    Change = Callable[[int, int], None]
    Tell = Callable[[int, str], None]


@dataclass
class Plan:
    """What a round is made of. Applicants are rows of cases.csv without number, with receipt_no."""

    rules: dict[str, Any]
    applicants: list[Row]
    rosters: dict[str, dict[str, Any]]
    rng: random.Random
    replacements: int = 0
    replacements_again: int = 0
    offers: int = 0
    points: dict[tuple[str, int, str], list[str]] = field(default_factory=dict)


@dataclass
class Result:
    rows: dict[int, Row]
    stages: list[tuple[str, int, str, str, str]]
    lines: list[Fraction | None]
    selected: dict[int, str]


class Places:
    """Gives the places of a round to those who passed all stages."""

    plan: Plan
    rules: dict[str, Any]
    rng: random.Random
    round_id: str
    receipts: dict[int, str]
    place_of: dict[int, str | None]

    @abstractmethod
    def seed(self) -> str:
        """Return the seed of section 8."""

    def select(  # noqa: C901, PLR0917 - one section in one piece
        self, cases: dict[int, Row], people: list[int], scores: dict[int, list[Fraction]],
        marks: dict[int, dict[str, Fraction]], rows: dict[int, Row], before: dict[int, str] | None,
    ) -> dict[int, str]:  # fmt: skip
        rules, step, seed = self.rules, self.rules["total_step"], self.seed()
        keys, info = {}, {}
        for n in people:
            groups, items = cases[n]["groups"].split(";"), [i for i in cases[n]["bonus"].split(";") if i]
            weighted = sum((w["weight"] * s for w, s in zip(rules["stages"], scores[n], strict=True)), Fraction(0))
            base = to_step(weighted / 10000, step)
            given = sum((Fraction(rules["bonus"]["items"][i]) for i in items), Fraction(0))
            bonus = min(Fraction(rules["bonus"]["cap"]), given)
            order = rules["service_order"]
            service = next((i for i, g in enumerate(order, 1) if g in groups), len(order) + 1)
            ladder = [-(bonus if x == "bonus" else marks[n][x]) for x in rules["ladder"]]
            draw = h("panro-draw-1", self.round_id, seed, self.receipts[n])
            keys[n] = (service, -base - bonus, ladder, draw)
            info[n] = {
                "service": str(service), "base": dec(base, step), "bonus": dec(bonus, step),
                "total": dec(base + bonus, step), "draw": draw,
            }  # fmt: skip
        ranked = sorted(people, key=lambda n: keys[n])
        rank = {n: i for i, n in enumerate(ranked, 1)}
        held: dict[str, list[int]] = {}
        selected: dict[int, str] = {}
        for one in rules["steps"]:
            name = "open" if one["kind"] == "open" else f"set_aside:{one['group']}"
            taken = 0
            for n in ranked:
                if taken == one["seats"]:
                    break
                inside = one["kind"] == "open" or one["group"] in cases[n]["groups"].split(";")
                if n in selected or not inside or any(len(held.get(c, [])) >= x for c, x in self.caps(cases[n])):
                    continue
                selected[n] = name
                taken += 1
                for cap, _ in self.caps(cases[n]):
                    held.setdefault(cap, []).append(rank[n])
        position = 0
        for n in ranked:
            row = {**info[n], "rank": str(rank[n])}
            if n in selected:
                reason = "selected" if before is None or n in before else "objection"
                rows[n] = {**row, "outcome": "selected", "reason": reason, "step": selected[n]}
                continue
            full = [cap for cap, limit in self.caps(cases[n]) if len(held.get(cap, [])) >= limit]
            cap = full[0] if full else "steps"
            counted = held.get(cap, []) if full else [rank[s] for s in selected]
            last = max(counted, default=0)
            lost = last and last < rank[n] and keys[ranked[last - 1]][:3] == keys[n][:3]
            row |= {"outcome": "not_selected", "reason": "lost_draw" if lost else "full", "detail": f"{cap}@{last}"}
            kept = before is not None and n in before
            if not kept and (rules["waiting"] is None or position < rules["waiting"]):
                position += 1
                row |= {"outcome": "waiting", "position": str(position)}
            rows[n] = row
        for n, name in (before or {}).items():
            if n not in selected:
                rows[n] = {**rows[n], "outcome": "selected", "reason": "kept", "detail": "", "step": name}
        return selected

    def caps(self, case: Row) -> list[tuple[str, int]]:
        found = []
        for cap in self.rules["caps"]:
            if cap["tracks"] is None or case["track"] in cap["tracks"]:
                name = f"{cap['name']}:{case['region']}" if cap["by"] else cap["name"]
                found.append((name, cap["limit"]))
        if self.rules["tracks"][case["track"]] is not None:
            found.append((f"track:{case['track']}", self.rules["tracks"][case["track"]]))
        if self.rules["seats"] is not None:
            found.append(("seats", self.rules["seats"]))
        return found

    # Offers

    def offer_rows(  # noqa: C901 - one section in one piece
        self, cases: dict[int, Row], rows: dict[int, Row]
    ) -> list[tuple[object, ...]]:
        held = {n: row["step"] for n, row in rows.items() if row["outcome"] == "selected"}
        counts = Counter(cap for n in held for cap, _ in self.caps(cases[n]))
        groups = {n: (None if s == "open" else s.partition(":")[2]) for n, s in held.items()}
        waiting = sorted((n for n in rows if "position" in rows[n]), key=lambda n: int(rows[n]["position"]))
        free: list[str | None] = []
        pending: list[int] = []
        done: set[int] = set()
        out: list[tuple[object, ...]] = []

        def change(n: int, by: int) -> None:
            for cap, _ in self.caps(cases[n]):
                counts[cap] += by

        def fits(n: int) -> bool:
            return n not in done and all(counts[cap] < limit for cap, limit in self.caps(cases[n]))

        def tell(n: int, event: str) -> None:
            out.append((len(out) + 1, f"2021-{7 + len(out) // 84:02}-{1 + len(out) // 3 % 28:02}", n, event))

        for _ in range(self.plan.offers):
            move = self.rng.choice(("declined", "offered", "offered", "answer"))
            if move == "declined" and groups:
                n = self.rng.choice(sorted(groups))
                free.append(groups.pop(n))
                change(n, -1)
                tell(n, "declined")
            elif move == "offered" and free:
                fit = [n for n in waiting if fits(n)]
                inner = [n for n in fit if free[0] is not None and free[0] in cases[n]["groups"].split(";")]
                if fit:
                    n = (inner or fit)[0]
                    done.add(n)
                    pending.append(n)
                    self.place_of[n] = free.pop(0)
                    change(n, 1)
                    tell(n, "offered")
            elif move == "answer" and pending:
                self.answer(pending.pop(), groups, free, change, tell)
        while pending:
            self.answer(pending.pop(), groups, free, change, tell)
        return out

    def answer(self, n: int, groups: dict[int, str | None], free: list[str | None], change: Change, tell: Tell) -> None:
        event = self.rng.choice(("accepted", "refused", "expired"))
        tell(n, event)
        if event == "accepted":
            groups[n] = self.place_of[n]
        else:
            change(n, -1)
            free.insert(0, self.place_of[n])
