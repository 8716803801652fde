"""The public events, the seed and what panels are committed to: `draw.json`, `panels.json` (sections 6 and 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .hashes import Hasher, h

if TYPE_CHECKING:
    from .rounds import Round
    from .tables import Node

KEYS = (
    "round", "assignment_event", "assignment_value", "draw_event", "draw_value", "pool_root", "scores_root", "seed",
)  # fmt: skip


class Draw(NamedTuple):
    """The values of the public events, and the seed made with the one for the draw."""

    round_id: str
    assignment_event: str
    assignment_value: str
    seed: str
    hashed: Hasher

    def of(self, receipt: str) -> str:
        """Return the draw of a receipt (section 8)."""
        return self.hashed(receipt)


def read_draw(node: Node, rules: Round, pool_root: str, scores_root: str) -> Draw:
    """Read `draw.json`; a difference unless events are those of the rules and roots and seed those computed."""
    keys = node.fields(KEYS)
    draw_value = keys["draw_value"].text()
    seed = h("panro-seed-1", rules.round_id, rules.draw_event, draw_value, pool_root, scores_root)
    expected = {
        "round": rules.round_id,
        "assignment_event": rules.assignment_event,
        "draw_event": rules.draw_event,
        "pool_root": pool_root,
        "scores_root": scores_root,
        "seed": seed,
    }
    for key, value in expected.items():
        if keys[key].text() != value:
            raise keys[key].differs(value)
    hashed = Hasher("panro-draw-1", rules.round_id, seed)
    return Draw(rules.round_id, rules.assignment_event, keys["assignment_value"].text(), seed, hashed)


def read_stage_commitments(node: Node, rules: Round) -> dict[str, str]:
    """Read `panels.json`, or `panels` of an addendum: one commitment for each scored stage."""
    members = node.fields([stage.code for stage in rules.stages])
    return {code: member.hash() for code, member in members.items()}
