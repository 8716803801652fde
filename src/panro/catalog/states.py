"""The lifecycles of a product, a picture, an import and an export."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductState(models.TextChoices):
    """Where a product stands."""

    DRAFT = "draft", _("being written")
    READY = "ready", _("complete")
    RETIRED = "retired", _("put away")


PRODUCT_TRANSITIONS: Final[dict[ProductState, frozenset[ProductState]]] = {
    ProductState.DRAFT: frozenset({ProductState.READY, ProductState.RETIRED}),
    ProductState.READY: frozenset({ProductState.DRAFT, ProductState.RETIRED}),
    ProductState.RETIRED: frozenset({ProductState.DRAFT, ProductState.READY}),
}
"""From a state to those that may follow it. A product becomes complete, or a draft again, with what is saved in it."""


class PictureState(models.TextChoices):
    """Where the sizes of a picture stand."""

    ARRIVING = "arriving", _("being prepared")
    READY = "ready", _("ready")
    REFUSED = "refused", _("cannot be used")


PICTURE_TRANSITIONS: Final[dict[PictureState, frozenset[PictureState]]] = {
    PictureState.ARRIVING: frozenset({PictureState.READY, PictureState.REFUSED}),
    PictureState.READY: frozenset(),
    PictureState.REFUSED: frozenset(),
}


class ImportState(models.TextChoices):
    """Where an import of a spreadsheet stands."""

    ARRIVING = "arriving", _("the file is being checked")
    READING = "reading", _("the rows are being read")
    CHECKED = "checked", _("read; nothing is stored yet")
    TAKING = "taking", _("the products are being stored")
    DONE = "done", _("all done")
    FAILED = "failed", _("could not be read")
    CANCELLED = "cancelled", _("called off")


IMPORT_TRANSITIONS: Final[dict[ImportState, frozenset[ImportState]]] = {
    ImportState.ARRIVING: frozenset({ImportState.READING, ImportState.FAILED, ImportState.CANCELLED}),
    ImportState.READING: frozenset({ImportState.CHECKED, ImportState.FAILED, ImportState.CANCELLED}),
    ImportState.CHECKED: frozenset({ImportState.TAKING, ImportState.CANCELLED}),
    ImportState.TAKING: frozenset({ImportState.DONE}),
    ImportState.DONE: frozenset(),
    ImportState.FAILED: frozenset(),
    ImportState.CANCELLED: frozenset(),
}
"""An import that is being stored ends as done: what was confirmed is carried through, over restarts too."""


class RowState(models.TextChoices):
    """Where one row of an import stands."""

    GOOD = "good", _("can be stored")
    BAD = "bad", _("has errors")
    TAKEN = "taken", _("stored")
    LEFT = "left", _("not stored")


class ExportState(models.TextChoices):
    """Where an export stands."""

    WAITING = "waiting", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be made")
    CLEARED = "cleared", _("deleted after seven days")


EXPORT_TRANSITIONS: Final[dict[ExportState, frozenset[ExportState]]] = {
    ExportState.WAITING: frozenset({ExportState.READY, ExportState.FAILED}),
    ExportState.READY: frozenset({ExportState.CLEARED}),
    ExportState.FAILED: frozenset(),
    ExportState.CLEARED: frozenset(),
}
