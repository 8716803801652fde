"""What is done in the vault. Locks are taken in this order: files, papers, facts, consents; rows by id."""

from panro.vault.actions.consents import give_consent, withdraw_consent
from panro.vault.actions.facts import (
    state_fact,
    state_facts,
    withdraw_facts,
)
from panro.vault.actions.papers import (
    add_paper,
    reject,
    remove,
    verify,
)
from panro.vault.proofs import Shown
from panro.vault.statements import Statement

__all__ = [
    "Shown",
    "Statement",
    "add_paper",
    "give_consent",
    "reject",
    "remove",
    "state_fact",
    "state_facts",
    "verify",
    "withdraw_consent",
    "withdraw_facts",
]
