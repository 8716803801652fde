"""The field of a form that takes files, for this room and those above.

Without scripts it is a plain choice of files that are sent with the form. With them (``vault/upload.js``) each file
arrives by itself, in pieces, resumed after every interruption, and the form sends only its id. Either way a file that
arrived stays, whatever else in the form is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from panro.accounts.ids import as_uuid
from panro.files import actions
from panro.files.content import Kind
from panro.files.models import StoredFile
from panro.files.purposes import purpose
from panro.files.refusals import FileRefusedError, explain
from panro.files.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict

    from panro.accounts.models import User

KIND_NAMES: Final = {
    Kind.PDF: "PDF",
    Kind.PNG: "PNG",
    Kind.JPEG: "JPG",
    Kind.HEIC: "HEIC",
    Kind.HWP: "HWP",
    Kind.HWPX: "HWPX",
    Kind.XLSX: "XLSX",
    Kind.DOCX: "DOCX",
    Kind.ZIP: "ZIP",
    Kind.TEXT: "TXT",
    Kind.CSV: "CSV",
}
_ENDINGS: Final = {Kind.JPEG: (".jpg", ".jpeg"), Kind.TEXT: (".txt",), Kind.HEIC: (".heic", ".heif")}
_USABLE: Final = frozenset({State.PENDING, State.CLEAN, State.FAILED})


class NobodyError(RuntimeError):
    """The field was not told whose files it takes: call ``bind`` in the form."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent: ids of files that arrived before, those of them to be left out, and files that came along."""

    ids: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()
    files: tuple[UploadedFile[Any], ...] = ()


class UploadWidget(forms.Widget):
    """The accessible choice of files (``vault/parts/upload.html``)."""

    template_name = "vault/parts/upload.html"
    needs_multipart_form = True

    class Media:
        css = {"all": ["vault/upload.css"]}
        js = [Script("vault/upload.js", defer=True)]

    def __init__(self, purpose_code: str, *, most: int = 1, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(None if attrs is None else dict(attrs))
        self.purpose_code = purpose_code
        self.most = most
        self.handed: list[StoredFile] = []

    def value_from_datadict(
        self, data: Mapping[str, Any] | QueryDict, files: MultiValueDict[str, UploadedFile[Any]], name: str
    ) -> Sent:
        """Read what was sent."""
        sent = data if isinstance(data, MultiValueDict) else MultiValueDict({key: [data[key]] for key in data})
        given = files.getlist(name) if isinstance(files, MultiValueDict) else []
        return Sent(
            tuple(dict.fromkeys(map(str, sent.getlist(f"{name}_id")))),
            frozenset(map(str, sent.getlist(f"{name}_drop"))),
            tuple(file for file in given if file),
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> bool:
        """Whether the form did not hold the field at all."""
        return name not in files and f"{name}_id" not in data

    def use_required_attribute(self, initial: object) -> bool:
        """Leave it to the server: a file that arrived before is in no field of its own."""
        del initial
        return False

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template shows: limits, and the files that are there already."""
        context = super().get_context(name, None, attrs)
        shown = self.handed or _stored(value)
        limits = f"{context['widget']['attrs'].get('id', name)}_limits"
        said = context["widget"]["attrs"].get("aria-describedby", "")
        context["widget"]["attrs"]["aria-describedby"] = f"{said} {limits}".strip()
        wanted = purpose(self.purpose_code)
        context["upload"] = {
            "purpose": wanted.code,
            "limits": limits,
            "accept": ",".join(ending for kind in Kind if kind in wanted.kinds for ending in _endings(kind)),
            "kinds": ", ".join(label for kind, label in KIND_NAMES.items() if kind in wanted.kinds),
            "max_bytes": wanted.max_bytes,
            "most": self.most,
            "several": self.most > 1,
            "handed": [{"file": file, "why": explain(file.reason)} for file in shown],
        }
        return context


class UploadField(forms.Field):
    """Takes files for a purpose of `panro.files`: ``cleaned_data`` holds the file, or a list if several may come.

    The form must call :meth:`bind` with the account before it is validated, and be validated outside of a transaction:
    bytes are stored on the way.
    """

    widget: UploadWidget
    default_error_messages = {
        "required": _("Choose a file."),
        "gone": _("The file is not there any more. Please choose it again."),
        "storage": _("The file could not be stored just now. Please try again in a few minutes."),
        "too_many": _("Choose at most %(most)d files."),
    }

    def __init__(self, purpose_code: str, *, most: int = 1, **given: Any) -> None:  # noqa: ANN401 - Django's own arguments
        super().__init__(widget=UploadWidget(purpose_code, most=most), **given)
        self.purpose_code = purpose_code
        self.most = most
        self.owner: User | None = None
        self.now: datetime | None = None

    def bind(self, owner: User, now: datetime) -> None:
        """Say whose files these are, and when they come."""
        self.owner, self.now = owner, now

    def clean(self, value: Sent | None) -> Any:  # noqa: ANN401 - a file, a list of them, or None
        """Return what was handed in; whatever arrived is kept for the form to be shown again.

        Raises:
            ValidationError: nothing usable came, or too much.
        """
        sent = value or Sent()
        wrong: list[ValidationError] = []
        kept = self._kept(sent, wrong)
        came = [file for file in (self._store(one, wrong) for one in sent.files[: self.most]) if file is not None]
        # Of one file the last choice counts: who chooses another one means that one.
        handed = came[:1] or kept[:1] if self.most == 1 else [*kept, *came]
        self.widget.handed = handed
        if wrong:
            raise ValidationError(wrong)
        if len(handed) > self.most or len(sent.files) > self.most:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"most": self.most})
        if self.required and not handed:
            raise ValidationError(self.error_messages["required"], code="required")
        return handed if self.most > 1 else next(iter(handed), None)

    def has_changed(self, initial: object, data: Sent | None) -> bool:
        """Whether anything was sent."""
        del initial
        return bool(data and (data.ids or data.files))

    def _kept(self, sent: Sent, wrong: list[ValidationError]) -> list[StoredFile]:
        wanted = [identity for text in sent.ids if text not in sent.dropped and (identity := as_uuid(text))]
        if not wanted:
            return []
        owner, _now = self._bound()
        rows = {row.pk: row for row in StoredFile.objects.filter(pk__in=wanted, owner=owner, purpose=self.purpose_code)}
        kept = []
        for identity in wanted:
            row = rows.get(identity)
            if row is None or row.state == State.DESTROYED:
                wrong.append(ValidationError(self.error_messages["gone"], code="gone"))
            elif row.state not in _USABLE:
                wrong.append(ValidationError(explain(row.reason), code="refused"))
            else:
                kept.append(row)
        return kept

    def _store(self, given: UploadedFile[Any], wrong: list[ValidationError]) -> StoredFile | None:
        owner, now = self._bound()
        try:
            return actions.store(
                owner=owner.pk, purpose_code=self.purpose_code, name=given.name or "", stream=given, now=now
            )
        except FileRefusedError as refused:
            wrong.append(ValidationError(str(refused), code=refused.refusal.value))
        except OSError:
            wrong.append(ValidationError(self.error_messages["storage"], code="storage"))
        return None

    def _bound(self) -> tuple[User, datetime]:
        if self.owner is None or self.now is None:
            raise NobodyError("bind() was not called: the field does not know whose files it takes")
        return self.owner, self.now


def _endings(kind: Kind) -> tuple[str, ...]:
    return _ENDINGS.get(kind, (f".{kind.value}",))


def _stored(value: object) -> Sequence[StoredFile]:
    """Return the files a form begins with."""
    rows = value if isinstance(value, list | tuple) else [value]
    return [row for row in rows if isinstance(row, StoredFile)]
