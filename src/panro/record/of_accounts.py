"""What happens to accounts, which lie below and cannot write into the record themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.record.actions import record

if TYPE_CHECKING:
    from panro.accounts.acts import Act


def write_act(act: Act) -> None:
    """Write an act of an account, done by its owner, into the record; in the transaction of the act."""
    record(
        act.what,
        actor=str(act.user),
        subject=f"account:{act.user}",
        at=act.at,
        now=act.at,
        payload=dict(act.details) or None,
    )
