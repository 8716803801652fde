"""What can be wrong with what somebody wrote about a product: one word to store, a sentence to read."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as made
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from panro.accounts.language import page_language
from panro.files.refusals import explain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from panro.korea.text import ExplainedError

type Word = str | int
type Stored = dict[str, object]

DISCLOSURE: Final = "disclosure"
"""The fault that carries its own sentence, in both languages."""
SENTENCES: Final[dict[str, _StrPromise]] = {
    "empty": _("This is missing. Please fill it in."),
    "too_long": _("This takes up to %(most)s characters, and there are %(found)s. Please shorten it."),
    "control": _("There are invisible control characters in it. Please delete them and write it again."),
    "line_breaks": _("There is a line break in it. Please write it in one line."),
    "not_whole": _("“%(found)s” is not a whole number. Please write digits alone, for example 12000."),
    "too_small": _("The smallest number is %(least)s. Please correct it."),
    "too_large": _("The largest number is %(most)s. Please correct it."),
    "no_choice": _("“%(found)s” is not one of the choices. Please use one of: %(choices)s."),
    "no_category": _("“%(found)s” is not a category. Please choose one from the list in the guide sheet."),
    "no_country": _(
        "“%(found)s” is not a country known here. Please write its name or its two-letter code, such as KR."
    ),
    "no_barcode": _(
        "A barcode has 8, 12, 13 or 14 digits, and “%(found)s” is none. Please copy it from under the bars."
    ),
    "barcode_check": _("The last digit of the barcode %(found)s does not fit. Please compare it with the package."),
    "no_address": _("“%(found)s” is not a web address. Please begin it with https://."),
    "no_code": _("A product code takes letters, digits, hyphens and underscores, up to 20. “%(found)s” does not fit."),
    "no_name": _("A product needs a name. Please fill it in."),
    "code_taken": _("Another product has the code %(found)s. Please choose another one."),
    "sale_above_list": _("The sale price is above the regular price of %(other)s won. Please correct one of the two."),
    "supply_above_sale": _("The supply price is above the sale price of %(other)s won. Please correct one of the two."),
    "no_date": _("“%(found)s” is not a date. Please write it like 2021-03-15."),
    "ends_before": _("The last day lies before the day of issue. Please compare both with the paper."),
    "number_or_file": _("Please give the number or upload the paper."),
    "too_many_images": _("A product has up to %(most)s pictures. Please remove one first."),
    "no_files": _("Please choose at least one picture."),
    # rows and files of spreadsheets
    "formula": _("The cell holds a formula, and formulas are never worked out here. Please paste its value instead."),
    "cell_error": _("The cell holds an error of the spreadsheet program (%(found)s). Please correct it there."),
    "double_code": _("The code %(found)s stands in line %(line)s already. Please keep one of the two."),
    "retired": _("The product %(found)s is put away. Please restore it first, or use another code."),
    "changed_since": _(
        "The product was changed after the file was read. Please export it again and repeat your change."
    ),
    "no_such_item": _("The category “%(category)s” does not have this item. Please empty the cell."),
    "needs_category": _("An item of the notice can only be read with a category. Please fill in the category."),
    "no_header": _(
        "No row with the names of the columns was found. Please use the template. Sheets in the file: %(sheets)s."
    ),
    "no_name_column": _("The column “%(wanted)s” is missing. Please use the template."),
    "double_column": _("The column “%(found)s” appears twice. Please delete one."),
    "no_rows": _("There are no products below the names of the columns. Please fill in at least one row."),
    "too_many_rows": _("There are more than %(most)s rows. Please split the file and hand in the parts one by one."),
    "too_much_inside": _(
        "The file unpacks to far more than a list of products needs. Please copy the rows into a new file."
    ),
    "unreadable": _("The file cannot be read as a spreadsheet. Please save it as XLSX or CSV again."),
    "file_refused": _("The file was refused when it was checked. %(why)s"),
    "file_not_checked": _("The file could not be checked. Please hand it in again later."),
    "no_pixels": _("The file cannot be read as a picture. Please save it as JPEG or PNG again."),
    "too_many_pixels": _("The picture has more than %(most)s pixels. Please make it smaller."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and at which field (its key, or empty for the whole)."""

    code: str
    field: str = ""
    values: Mapping[str, Word] = made(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong and how to mend it, in the language of the request."""
        values: dict[str, object] = dict(self.values)
        if self.code == DISCLOSURE:
            return str(values[page_language()])
        if self.code == "file_refused":
            values["why"] = explain(str(values["reason"]))
        return str(SENTENCES[self.code]) % values

    def stored(self) -> Stored:
        """Return the JSON that is stored, without any language."""
        return {"code": self.code, "field": self.field, "values": dict(self.values)}

    def at(self, key: str) -> Fault:
        """Return the same fault at a field."""
        return Fault(self.code, key, self.values)


class FaultError(ValueError):
    """Something written cannot be kept."""

    def __init__(self, code: str, **values: Word) -> None:
        super().__init__(code)
        self.fault = Fault(code, "", values)


def read_stored(stored: Mapping[str, object]) -> Fault:
    """Return a fault from its JSON."""
    values = stored.get("values")
    pairs = values.items() if isinstance(values, dict) else ()
    kept = {str(key): value for key, value in pairs if isinstance(value, str | int)}
    return Fault(str(stored["code"]), str(stored.get("field", "")), kept)


def of_disclosure(error: ExplainedError) -> Fault:
    """Return the fault that carries a sentence of the disclosures in both languages."""
    return Fault(DISCLOSURE, "", {"ko": error.text.ko, "en": error.text.en})
