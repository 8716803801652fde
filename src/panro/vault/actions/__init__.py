"""What is done in the vault. Locks are taken in this order: files, papers, facts, consents; rows by id."""

from panro.vault.actions.consents import Giving, give_consent, give_consents, withdraw_consent
from panro.vault.actions.facts import (
    state_fact,
    state_facts,
    withdraw_facts,
)
from panro.vault.actions.papers import (
    Handing,
    add_paper,
    add_papers,
    reject,
    remove,
    verify,
)
from panro.vault.proofs import Shown
from panro.vault.statements import Statement

__all__ = [
    "Giving",
    "Handing",
    "Shown",
    "Statement",
    "add_paper",
    "add_papers",
    "give_consent",
    "give_consents",
    "reject",
    "remove",
    "state_fact",
    "state_facts",
    "verify",
    "withdraw_consent",
    "withdraw_facts",
]
