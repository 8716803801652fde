"""State of applications (신청): what is being written, what was handed in, and what the agency asked and allowed.

A round is named by edition, programme and round code, not by a row of a version: an amended notice goes on with the
same rounds. Triggers of migration 0002 hold the lifecycle, and keep snapshots, receipts and places as they are.
"""

from panro.intake.models.allowances import Extension, Nomination
from panro.intake.models.applications import (
    Application,
    ChosenPaper,
    ChosenProduct,
    DraftStep,
    PromisedPaper,
)
from panro.intake.models.pools import Pool
from panro.intake.models.receipts import Place, Receipt, Snapshot
from panro.intake.models.supplements import ItemKind, Supplement, SupplementItem

__all__ = [
    "Application",
    "ChosenPaper",
    "ChosenProduct",
    "DraftStep",
    "Extension",
    "ItemKind",
    "Nomination",
    "Place",
    "Pool",
    "PromisedPaper",
    "Receipt",
    "Snapshot",
    "Supplement",
    "SupplementItem",
]
