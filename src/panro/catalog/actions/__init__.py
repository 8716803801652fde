"""What is done with products, one function per act."""

from panro.catalog.actions.certificates import add_certificate, remove_certificate
from panro.catalog.actions.exports import start_export
from panro.catalog.actions.imports import cancel_import, confirm_import, import_rows, start_import
from panro.catalog.actions.pictures import (
    TooManyImagesError,
    add_images,
    describe_image,
    move_image,
    remove_image,
    settle_picture,
)
from panro.catalog.actions.products import (
    Beginning,
    InvalidError,
    Saved,
    StaleError,
    copy_product,
    open_product,
    open_products,
    renew_disclosures,
    restore,
    retire,
    save_product,
)

__all__ = [
    "Beginning",
    "InvalidError",
    "Saved",
    "StaleError",
    "TooManyImagesError",
    "add_certificate",
    "add_images",
    "cancel_import",
    "confirm_import",
    "copy_product",
    "describe_image",
    "import_rows",
    "move_image",
    "open_product",
    "open_products",
    "remove_certificate",
    "remove_image",
    "renew_disclosures",
    "restore",
    "retire",
    "save_product",
    "settle_picture",
    "start_export",
    "start_import",
]
