"""Handing a paper in on the spot: its file, and what is printed on it, as its kind asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _

from panro.files import actions as files
from panro.files.content import Kind as FileKind
from panro.files.purposes import purpose
from panro.files.refusals import FileRefusedError
from panro.vault.actions import Shown, add_paper
from panro.vault.errors import VaultError
from panro.vault.kinds import Form

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from panro.accounts.models import User
    from panro.parties.models import Party
    from panro.vault.kinds import Kind
    from panro.vault.models import Paper

PURPOSE: Final = "vault_paper"
MIB: Final = 1024 * 1024
LARGEST_SUM: Final = 1_000_000_000_000  # won
ENDINGS: Final[dict[FileKind, str]] = {FileKind.JPEG: "jpg"}


class PaperForm(forms.Form):
    """One paper of one kind; only what the kind bears is asked.

    ``kept`` is a file that arrived before, ``unusable`` says why one that did must be chosen anew.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        sent: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        kind: Kind,
        kept: UUID | None = None,
        unusable: str = "",
    ) -> None:
        super().__init__(data, sent)
        self.kind, self.kept = kind, kept
        self.accepted = purpose(PURPOSE)
        self.fields["file"] = forms.FileField(
            label=_("File"),
            required=kept is None,
            allow_empty_file=True,
            error_messages={"required": unusable} if unusable else None,
            help_text=self._about_files(),
            widget=forms.FileInput(
                attrs={
                    "accept": ",".join(sorted(f".{ENDINGS.get(one, one.value)}" for one in self.accepted.kinds)),
                    "data-most": str(self.accepted.max_bytes),
                    "data-too-large": _("too large"),
                }
            ),
        )
        if kind.number != "none":
            self.fields["number"] = forms.CharField(
                label=_("Number on the paper"), required=kind.number == "required", max_length=60
            )
        if kind.document_number:
            self.fields["document_number"] = forms.CharField(
                label=_("Check number of Government24"),
                required=False,
                max_length=30,
                help_text=_("Sixteen digits at the top of the paper, if it has them. They speed up the check."),
            )
        if kind.bears_issue or kind.document_number:
            self.fields["issued_on"] = _day(_("Day of issue"), required=kind.bears_issue)
        if kind.validity == "printed":
            self.fields["valid_from"] = _day(_("Valid from"), required=True)
            self.fields["valid_to"] = _day(_("Valid until"), required=True)
        if kind.asks(Form.TAX):
            self.fields["deferred"] = forms.IntegerField(
                label=_("Tax put off officially (won)"),
                required=False,
                min_value=0,
                max_value=LARGEST_SUM,
                help_text=_("The certificate says so if payment has been put off. Leave it empty if nothing was."),
            )
        if kind.asks(Form.MEMBERS):
            for name, label in (
                ("members", _("How many members has the cooperative?")),
                ("certified", _("How many of them hold a small-merchant certificate?")),
            ):
                self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100_000)

    def hand_in(self, party: Party, *, by: User, now: datetime, today: date, identity: UUID) -> Paper | None:
        """Store the file and hand the paper in; None if something is wrong, which the form then says.

        A file that arrived stays in ``kept``, so that it need not be chosen again when another field is mended.
        """
        given = self.cleaned_data
        if given.get("file") is not None and not self._store(given["file"], by, now):
            return None
        days = {name: given.get(name) for name in ("issued_on", "valid_from", "valid_to")}
        try:
            return add_paper(
                party,
                self.kind.code,
                file=self.kept,
                number=given.get("number") or "",
                document_number=given.get("document_number") or "",
                shown=Shown(
                    deferred=given.get("deferred") or 0,
                    members=given.get("members"),
                    certified=given.get("certified"),
                ),
                by=by,
                now=now,
                today=today,
                identity=identity,
                **days,
            )
        except VaultError as wrong:
            self.add_error(wrong.field if wrong.field in self.fields else None, str(wrong))
            return None

    def keep_file(self, *, by: User, now: datetime) -> None:
        """Keep the file of a form in which something else is wrong, so that it need not be chosen again."""
        sent = self.cleaned_data.get("file")
        if sent is not None:
            self._store(sent, by, now)

    def _store(self, sent: Any, by: User, now: datetime) -> bool:  # noqa: ANN401 - as a form cleans it
        try:
            stored = files.store(owner=by.pk, purpose_code=PURPOSE, name=sent.name or "", stream=sent, now=now)
        except FileRefusedError as wrong:
            self.add_error("file", str(wrong))
        except OSError:
            self.add_error("file", _("The file could not be stored just now. Please try again in a few minutes."))
        else:
            self.kept = stored.pk
            return True
        return False

    def _about_files(self) -> str:
        endings = ", ".join(sorted(ENDINGS.get(one, one.value).upper() for one in self.accepted.kinds))
        return _("%(endings)s, up to %(size)d MB. A photograph will do if everything can be read.") % {
            "endings": endings,
            "size": self.accepted.max_bytes // MIB,
        }


def _day(label: str, *, required: bool) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
