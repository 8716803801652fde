"""What the law asks to be told of goods sold at a distance, by type of goods and by day (상품정보제공고시).

The items of forty types are data with their source. A value is plain text; where practice allows it, an item may be
answered with "see the detail page", which is stored as a mark of its own so that no wording is taken for it.
"""

from panro.korea.disclosures.schema import (
    Item,
    ItemKind,
    Schema,
    UnknownSchemaError,
    codes,
    schema,
    versions,
)
from panro.korea.disclosures.values import (
    SEE_DETAIL_PAGE,
    SEE_DETAIL_PAGE_WORDS,
    DisclosureError,
    missing,
    read_value,
    shown,
)

__all__ = [
    "SEE_DETAIL_PAGE",
    "SEE_DETAIL_PAGE_WORDS",
    "DisclosureError",
    "Item",
    "ItemKind",
    "Schema",
    "UnknownSchemaError",
    "codes",
    "missing",
    "read_value",
    "schema",
    "shown",
    "versions",
]
